// Desired and actual state to the actions that make the one of the other. Pure. What is ours is completed; what is there
// without the project's tags is never touched.
import type { Problem } from '../core/problem.ts';
import { accessDocument, type Place, principalsOf, sameDocument, trustDocument, untrusted } from './access.ts';
import type { Action } from './actions.ts';
import type { ClusterSettings } from './settings.ts';
import type { Actual } from './state.ts';
import { CLUSTER, isOurs, missingTags, ownTags, PROJECT, SINCE, type Tags } from './tags.ts';

export interface Desired {
  readonly settings: ClusterSettings;
  /** What the warehouse may read. */
  readonly places: readonly Place[];
  /** Who may connect. */
  readonly cidr: string;
  /** ISO, for the bill. */
  readonly now: string;
  /** More tags, of the cluster alone: who has it for itself, and until when. */
  readonly lease?: Tags;
}

export interface Planned {
  readonly actions: readonly Action[];
  /** Nothing may be done while there is one. */
  readonly problems: readonly Problem[];
}

export const groupName = ({ identifier }: Pick<ClusterSettings, 'identifier'>): string => `dwh-${identifier}`;
export const roleArn = ({ role }: Pick<ClusterSettings, 'role'>, { caller }: Pick<Actual, 'caller'>): string =>
  `arn:${caller.partition}:iam::${caller.account}:role/${role}`;
export const placeText = ({ bucket, key }: Place): string => `s3://${bucket}/${key === '' ? '' : `${key}/`}`;

/** Each thing that is there and not the project's. `hint`: the key of `cluster:` by which another is named. */
export function strangers(settings: ClusterSettings, actual: Actual): readonly Problem[] {
  const things: readonly (readonly [what: string, tags: Tags | undefined, key: string])[] = [
    [`the bucket '${settings.workBucket}'`, actual.bucket?.tags, 'work_bucket'],
    [`the role '${settings.role}'`, actual.role?.tags, 'role'],
    [`the security group '${groupName(settings)}'`, actual.group?.tags, 'identifier'],
    [`the cluster '${settings.identifier}'`, actual.cluster?.tags, 'identifier'],
    [`the namespace '${settings.identifier}'`, actual.namespace?.tags, 'identifier'],
    [`the workgroup '${settings.identifier}'`, actual.workgroup?.tags, 'identifier'],
  ];
  return things.flatMap(([what, tags, key]) =>
    tags === undefined || isOurs(tags, settings)
      ? []
      : [
          {
            code: 'cluster-foreign',
            message: `${what} is there already, and is not this project's: it has not the tags ${PROJECT}=${settings.project} and ${CLUSTER}=${settings.identifier}`,
            hint: `It is left as it is. Name another with ${key}: under cluster:, or give it these tags if dwh is to change and delete it.`,
          },
        ],
  );
}

export function planCreate(desired: Desired, actual: Actual): Planned {
  const { settings } = desired;
  const problems = [...strangers(settings, actual)];
  const { vpc } = actual;
  if (vpc === undefined) {
    problems.push({
      code: 'cluster-network',
      message: `there is no default VPC in ${settings.region}`,
      hint:
        settings.type === 'serverless' ? 'Name one with vpc: under cluster:.' : 'Name a subnet group with subnet_group: under cluster:.',
    });
    return { actions: [], problems };
  }
  const warehouse = settings.type === 'serverless' ? serverless(desired, actual, vpc) : provisioned(desired, actual, vpc);
  return { actions: problems.length > 0 ? [] : [...surroundings(desired, actual, vpc), ...warehouse], problems };
}

/** Bucket, role and network: what the warehouse needs before it is made. */
function surroundings({ settings, places, cidr }: Desired, actual: Actual, vpc: string): readonly Action[] {
  const { workBucket, region, role: name, port } = settings;
  const tags = ownTags(settings);
  const { bucket, role, group } = actual;
  const principals = principalsOf(settings);
  const trust = trustDocument(principals);
  const access = accessDocument(places, actual.caller.partition);
  const groupNamed = groupName(settings);
  const actions: Action[] = [];
  if (workBucket !== undefined && !bucket) actions.push({ do: 'create-bucket', name: workBucket, region, tags });
  if (!role) actions.push({ do: 'create-role', name, trust, tags });
  else if (untrusted(role.trust, principals).length > 0) actions.push({ do: 'trust-role', name, trust });
  if (access !== undefined && !sameDocument(role?.access, access))
    actions.push({ do: 'allow-role', name, access, places: places.map(placeText) });
  if (!group) actions.push({ do: 'create-group', name: groupNamed, vpc, tags });
  for (const rule of group?.open ?? [])
    if (rule.cidr !== cidr || rule.port !== port) actions.push({ do: 'close-port', name: groupNamed, vpc, ...rule });
  if (!group?.open.some((rule) => rule.cidr === cidr && rule.port === port))
    actions.push({ do: 'open-port', name: groupNamed, vpc, cidr, port });
  return actions;
}

function provisioned({ settings, now, lease = {} }: Desired, actual: Actual, vpc: string): readonly Action[] {
  const { identifier, nodeType, nodes, user, database, port, passwordEnv, subnetGroup } = settings;
  const { cluster, group } = actual;
  const arn = roleArn(settings, actual);
  const wait = (until: 'available' | 'paused' | 'gone' | 'role'): Action => ({ do: 'wait', for: 'cluster', name: identifier, until });
  const made: readonly Action[] = [
    {
      do: 'create-cluster',
      ...{ identifier, nodeType, nodes, user, database, port, passwordEnv, subnetGroup, vpc, roleArn: arn, group: groupName(settings) },
      tags: { ...ownTags(settings), ...lease },
    },
    wait('available'),
    wait('role'),
  ];
  if (!cluster) return made;
  if (cluster.phase === 'deleting') return [wait('gone'), ...made];
  const actions: Action[] = [];
  const missing = missingTags(cluster.tags, { ...ownTags(settings), ...lease });
  const resumes = cluster.phase === 'paused' || cluster.status === 'pausing';
  // Before it runs: whatever happens to this process, a later one knows until when it may run.
  const tags = { ...missing, ...(resumes && { [SINCE]: now }) };
  if (Object.keys(tags).length > 0) actions.push({ do: 'tag-cluster', identifier, arn: cluster.arn, tags });
  const resume: readonly Action[] = [{ do: 'resume-cluster', identifier }, wait('available')];
  if (cluster.status === 'pausing') actions.push(wait('paused'), ...resume);
  else if (cluster.phase === 'paused') actions.push(...resume);
  else if (cluster.phase !== 'available') actions.push(wait('available'));
  if (group && !cluster.groups.includes(group.id))
    actions.push({ do: 'attach-group', identifier, group: groupName(settings), vpc }, wait('available'));
  const role = cluster.roles.find((one) => one.arn === arn);
  if (!role) actions.push({ do: 'attach-role', identifier, roleArn: arn });
  if (!role?.ready) actions.push(wait('role'));
  return actions;
}

function serverless({ settings }: Desired, actual: Actual, vpc: string): readonly Action[] {
  const { identifier: name, baseCapacity, port, user, database, passwordEnv } = settings;
  const { namespace, workgroup } = actual;
  const arn = roleArn(settings, actual);
  const tags = ownTags(settings);
  const wait = (what: 'namespace' | 'workgroup', until: 'available' | 'gone'): Action => ({ do: 'wait', for: what, name, until });
  const actions: Action[] = [];
  if (workgroup?.phase === 'deleting') actions.push(wait('workgroup', 'gone'));
  if (namespace?.phase === 'deleting') actions.push(wait('namespace', 'gone'));
  if (!namespace || namespace.phase === 'deleting')
    actions.push({ do: 'create-namespace', ...{ name, user, database, passwordEnv, tags, roleArn: arn } }, wait('namespace', 'available'));
  else {
    if (namespace.phase !== 'available') actions.push(wait('namespace', 'available'));
    if (!namespace.roles.includes(arn)) actions.push({ do: 'attach-role-to', name, roleArn: arn }, wait('namespace', 'available'));
    const missing = missingTags(namespace.tags, tags);
    if (Object.keys(missing).length > 0) actions.push({ do: 'tag-serverless', name, arn: namespace.arn, tags: missing });
  }
  if (!workgroup || workgroup.phase === 'deleting') {
    const inVpc = settings.vpc !== undefined;
    actions.push(
      { do: 'create-workgroup', ...{ name, baseCapacity, port, tags, vpc, inVpc, group: groupName(settings) } },
      wait('workgroup', 'available'),
    );
  } else {
    if (workgroup.phase !== 'available') actions.push(wait('workgroup', 'available'));
    const missing = missingTags(workgroup.tags, tags);
    if (Object.keys(missing).length > 0) actions.push({ do: 'tag-serverless', name, arn: workgroup.arn, tags: missing });
  }
  return actions;
}
