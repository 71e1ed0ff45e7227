// Carrying out: one action is one request to AWS, or a wait. What turns out otherwise than planned (it is there already, it is
// busy with something else, it is gone) throws Stale: then it is looked at, and planned, anew.
import { assertNever, fail } from '../core/problem.ts';
import { type Action, orderOf } from './actions.ts';
import type { Cloud } from './cloud.ts';
import { isAbsent, isInTransition, isThere, isUnsettled, refusal } from './failure.ts';
import { type Patience, patiently, poll } from './patience.ts';
import type { GroupState, Phase } from './state.ts';

/** It is not as it was when it was planned. */
export class Stale extends Error {}

export interface Applying extends Patience {
  readonly cloud: Cloud;
  /** Of an environment variable. */
  readonly password: (variable: string) => string;
  readonly say: (message: string) => void;
}

const LIMIT_MS = 3_600_000;
/** A classic resize copies the data. */
const RESIZE_LIMIT_MS = 24 * LIMIT_MS;
/** The network interfaces of a workgroup that is gone hold their group for minutes. */
const RELEASED_MS = 1_200_000;
/** What was just made may for so long not be shown yet. */
const SHOWN_AFTER_MS = 120_000;

export async function apply(action: Action, applying: Applying): Promise<void> {
  const { signal } = applying;
  try {
    if (action.do === 'wait') await waited(action, applying);
    else
      await patiently(
        applying,
        () => request(action, applying),
        isUnsettledFor(action),
        action.do === 'delete-group' ? RELEASED_MS : undefined,
      );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Stale) throw error;
    if (action.do.startsWith('delete') && isAbsent(error)) return;
    if (action.do === 'open-port' && isThere(error)) return;
    if (isThere(error) || isInTransition(error) || isAbsent(error)) throw new Stale(orderOf(action), { cause: error });
    throw refusal(error, orderOf(action));
  }
}

/** Where it is not there, the deletion has nothing left to do; else what was just made will turn up. */
const isUnsettledFor =
  (action: Action) =>
  (error: unknown): boolean =>
    isUnsettled(error) && !(action.do.startsWith('delete') && isAbsent(error));

async function request(action: Exclude<Action, { do: 'wait' }>, applying: Applying): Promise<void> {
  const { cloud, password } = applying;
  const secret = (variable: string | undefined): string | undefined => (variable === undefined ? undefined : password(variable));
  const groupId = async (vpc: string, name: string): Promise<string> => (await shown(applying, () => cloud.group(vpc, name), name)).id;
  switch (action.do) {
    case 'create-bucket':
      return cloud.createBucket(action.name, action.region, action.tags);
    case 'create-role':
      return cloud.createRole(action.name, action.trust, action.tags);
    case 'trust-role':
      return cloud.trustRole(action.name, action.trust);
    case 'allow-role':
      return cloud.allowRole(action.name, action.access);
    case 'create-group':
      return cloud.createGroup(action.vpc, action.name, action.tags);
    case 'open-port':
      return cloud.openPort(await groupId(action.vpc, action.name), action.cidr, action.port);
    case 'close-port':
      return cloud.closePort(await groupId(action.vpc, action.name), action.cidr, action.port);
    case 'create-cluster':
      return cloud.createCluster({
        ...action,
        password: secret(action.passwordEnv),
        groupId: await groupId(action.vpc, action.group),
      });
    case 'attach-role':
      return cloud.attachRole(action.identifier, action.roleArn);
    case 'attach-group':
      return cloud.attachGroup(action.identifier, await groupId(action.vpc, action.group));
    case 'tag-cluster':
      return cloud.tagCluster(action.arn, action.tags);
    case 'untag-cluster':
      return cloud.untagCluster(action.arn, action.keys);
    case 'pause-cluster':
      return cloud.pauseCluster(action.identifier);
    case 'resume-cluster':
      return cloud.resumeCluster(action.identifier);
    case 'resize-cluster':
      return cloud.resizeCluster(action.identifier, action.nodeType, action.nodes, action.classic);
    case 'delete-cluster':
      return cloud.deleteCluster(action.identifier, action.snapshot);
    case 'create-namespace':
      return cloud.createNamespace(action.name, { ...action, password: secret(action.passwordEnv) }, action.roleArn, action.tags);
    case 'attach-role-to':
      return cloud.attachRoleTo(action.name, action.roleArn);
    case 'create-workgroup':
      return cloud.createWorkgroup({
        ...action,
        groupId: await groupId(action.vpc, action.group),
        subnets: action.inVpc ? await cloud.subnets(action.vpc) : [],
      });
    case 'resize-workgroup':
      return cloud.resizeWorkgroup(action.name, action.baseCapacity);
    case 'tag-serverless':
      return cloud.tagServerless(action.arn, action.tags);
    case 'delete-workgroup':
      return cloud.deleteWorkgroup(action.name);
    case 'delete-namespace':
      return cloud.deleteNamespace(action.name, action.snapshot);
    case 'delete-group': {
      const group = await cloud.group(action.vpc, action.name);
      return group && cloud.deleteGroup(group.id);
    }
    case 'delete-role':
      return cloud.deleteRole(action.name);
    case 'delete-bucket':
      return cloud.deleteBucket(action.name);
    default:
      return assertNever(action);
  }
}

async function shown(applying: Applying, ask: () => Promise<GroupState | undefined>, name: string): Promise<GroupState> {
  let found: GroupState | undefined;
  await poll(applying, {
    ask,
    judge: (group, ms) => {
      found = group;
      if (!group && ms > SHOWN_AFTER_MS) throw new Stale(`the security group ${name}`);
      return group ? true : undefined;
    },
    limitMs: () => LIMIT_MS,
    what: `the security group ${name} is there`,
  });
  if (!found) throw new Stale(`the security group ${name}`);
  return found;
}

interface Look {
  readonly status: string;
  readonly phase: Phase;
  readonly roles?: readonly { readonly ready: boolean }[];
}

async function waited({ for: what, name, until }: Extract<Action, { do: 'wait' }>, applying: Applying): Promise<void> {
  const { cloud, say, clock } = applying;
  const ask = (): Promise<Look | undefined> =>
    what === 'cluster'
      ? cloud.cluster(name)
      : what === 'workgroup'
        ? cloud.workgroup(name)
        : cloud.namespace(name).then((found) => found && { status: found.status, phase: found.phase });
  const began = clock.now();
  let last = '';
  await poll(applying, {
    ask,
    judge(found, ms) {
      const status = found?.status ?? 'gone';
      if (status !== last) say(`  ${what} ${name}: ${status} (${timeText(clock.now() - began)})`);
      last = status;
      return judged(found, until, ms, `the ${what} ${name}`);
    },
    limitMs: () => (last.includes('resiz') ? RESIZE_LIMIT_MS : LIMIT_MS),
    what: `the ${what} ${name} is ${until === 'role' ? 'given its role' : until}`,
  });
}

function judged(found: Look | undefined, until: Extract<Action, { do: 'wait' }>['until'], ms: number, name: string): true | undefined {
  if (until === 'gone') return found ? undefined : true;
  if (!found) {
    // AWS shows what it was told to make only after a moment.
    if (ms > SHOWN_AFTER_MS || until === 'steady') throw new Stale(name);
    return undefined;
  }
  if (found.phase === 'broken' && until !== 'steady')
    fail({
      code: 'cluster-broken',
      message: `${name} is '${found.status}'`,
      hint: 'AWS says why in its console, under Events. What cannot be mended: dwh cluster delete, then create.',
    });
  if (found.phase === 'deleting') throw new Stale(name);
  if (until === 'role') return found.roles?.every(({ ready }) => ready) ? true : undefined;
  if (until === 'steady') return found.phase === 'changing' ? undefined : true;
  return found.phase === until ? true : undefined;
}

export function timeText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
