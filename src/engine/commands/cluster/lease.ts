// build --cluster: the warehouse for one build. Made or resumed before it, paused or deleted after it, however it ends. A tag
// says until when it may run at most, so that what a killed build leaves behind can be found and given back.
import type { Emit } from '../../../core/event.ts';
import { DwhError, type Problem } from '../../../core/problem.ts';
import type { Request } from '../../../core/request.ts';
import { converge } from '../../../provision/converge.ts';
import { estimate } from '../../../provision/cost.ts';
import { observe } from '../../../provision/observe.ts';
import { planDelete, planPause } from '../../../provision/plan-change.ts';
import { planCreate } from '../../../provision/plan-create.ts';
import type { Actual } from '../../../provision/state.ts';
import { EXPIRES, LEASE, type Tags } from '../../../provision/tags.ts';
import type { Asked, Context, Outside } from './context.ts';
import { desired } from './create.ts';
import { snapshotName, withContext } from './index.ts';
import { endpointOf, leaseOf } from './words.ts';

export type Afterwards = 'pause' | 'delete';

export async function leased(
  request: Request,
  asked: Asked,
  afterwards: Afterwards,
  deps: Outside,
  report: Emit,
  build: () => Promise<void>,
): Promise<void> {
  await withContext(request, asked, deps, report, async (context) => {
    const { project, applying, say } = context;
    const { settings } = project;
    const first = await observe(settings, applying.cloud, applying);
    const held = first.cluster && leaseOf(first.cluster.tags);
    // Of two builds at a time the one that has the lease gives the cluster back.
    const others = held !== undefined && held.id !== request.invocationId && held.expires >= deps.clock();
    if (others) say(`The build ${held.id} has '${settings.identifier}' until ${new Date(held.expires).toISOString()}, and gives it back.`);
    const lease: Tags = { [LEASE]: request.invocationId, [EXPIRES]: new Date(deps.clock() + settings.ttlMs).toISOString() };
    const wanted = await desired(context, others ? undefined : lease);
    if (!first.cluster && !first.workgroup) for (const line of estimate(settings)) say(line);
    let failure: { readonly error: unknown } | undefined;
    try {
      const actual = await converge({ settings, plan: (state) => planCreate(wanted, state), looks: 1 }, applying, first);
      checkHost(context, actual);
      await build();
    } catch (error) {
      failure = { error };
    }
    const left = others ? undefined : await giveBack(context, afterwards);
    if (left && !failure) throw new DwhError([left]);
    if (left) context.emit({ type: 'problems', problems: [left] });
    if (failure) throw failure.error;
  });
}

/** The target must be this cluster: a build elsewhere would pay for one that it does not use. */
function checkHost({ project }: Context, actual: Actual): void {
  const host = endpointOf(actual)?.host;
  const shown = project.target?.credentials.shown.host;
  if (host === undefined || shown === host) return;
  const [why] = project.unread;
  throw new DwhError([
    why ?? {
      code: 'cluster-target',
      message: `the target is ${shown === undefined ? 'no Redshift target' : `at ${String(shown)}`}, and the cluster '${project.settings.identifier}' at ${host}`,
      hint: `Name the target that has host: ${host}, or write it there: dwh cluster create --write-profile`,
    },
  ]);
}

/** Also when the user has interrupted the build: a second Ctrl-C ends that, too. What is returned is why it could not be done. */
async function giveBack({ project, applying, request, deps, say }: Context, afterwards: Afterwards): Promise<Problem | undefined> {
  const { settings } = project;
  const signal = new AbortController().signal;
  const going = { ...applying, signal };
  const ours = ({ cluster }: Actual): boolean => cluster?.tags[LEASE] === undefined || cluster.tags[LEASE] === request.invocationId;
  try {
    const actual = await observe(settings, applying.cloud, going);
    if (!ours(actual)) say('Another build has taken the cluster over: it gives it back.');
    else if (afterwards === 'delete') {
      const snapshot = snapshotName(settings.identifier, deps.clock());
      await converge({ settings, plan: (state) => planDelete(settings, state, { snapshot, keepBucket: true }), looks: 3 }, going, actual);
    } else if (settings.type === 'provisioned' && actual.cluster) {
      const { clock } = deps;
      await converge(
        { settings, plan: (state) => (ours(state) ? planPause(settings, state, clock()) : { actions: [] }), looks: 1 },
        going,
        actual,
      );
    }
  } catch (error) {
    return {
      code: 'cluster-left',
      message: `'${settings.identifier}' is not given back, and costs: ${error instanceof Error ? error.message : String(error)}`,
      hint: `Give it back with: dwh cluster ${afterwards}`,
    };
  }
  return undefined;
}
