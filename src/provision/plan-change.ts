// Pausing, resuming, resizing and deleting: desired and actual state to actions. Pure.
import type { Problem } from '../core/problem.ts';
import type { Action } from './actions.ts';
import { groupName, type Planned, strangers } from './plan-create.ts';
import type { ClusterSettings } from './settings.ts';
import type { Actual, ClusterState } from './state.ts';
import { EXPIRES, isOurs, LEASE, RAN, SINCE, type Tags } from './tags.ts';

const nothing: Planned = { actions: [], problems: [] };
const refused = (problem: Problem): Planned => ({ actions: [], problems: [problem] });

function ready(settings: ClusterSettings, actual: Actual): { readonly cluster: ClusterState } | Planned {
  if (settings.type === 'serverless')
    return refused({
      code: 'cluster-serverless',
      message: `'${settings.identifier}' is serverless: it runs, and costs, while it has something to do, and cannot be paused`,
      hint: 'There is nothing to do.',
    });
  const foreign = strangers(settings, { ...actual, bucket: undefined, role: undefined, group: undefined });
  if (foreign.length > 0) return { actions: [], problems: foreign };
  const { cluster } = actual;
  if (!cluster || cluster.phase === 'deleting')
    return refused({
      code: 'cluster-missing',
      message: `there is no cluster '${settings.identifier}' in ${settings.region}${cluster ? ': it is being deleted' : ''}`,
      hint: 'Make it with: dwh cluster create',
    });
  return { cluster };
}

const wait = (name: string, until: 'available' | 'paused' | 'steady' | 'gone'): Action => ({ do: 'wait', for: 'cluster', name, until });

/** For the bill: what it has run until now, and that it runs on. */
export function ranUntil(now: number, { tags, createdAt }: ClusterState): Tags {
  const since = Date.parse(tags[SINCE] ?? '') || (createdAt ?? now);
  const seconds = Number(tags[RAN] ?? 0) + Math.max(0, Math.round((now - since) / 1000));
  return { [RAN]: String(seconds), [SINCE]: new Date(now).toISOString() };
}

export function planPause(settings: ClusterSettings, actual: Actual, now: number): Planned {
  const found = ready(settings, actual);
  if (!('cluster' in found)) return found;
  const { cluster } = found;
  const name = settings.identifier;
  if (cluster.phase === 'paused') return nothing;
  if (cluster.status === 'pausing') return { actions: [wait(name, 'paused')], problems: [] };
  const held = [LEASE, EXPIRES].filter((key) => cluster.tags[key] !== undefined);
  return {
    actions: [
      ...(cluster.phase === 'available' ? [] : [wait(name, 'available')]),
      { do: 'tag-cluster', identifier: name, arn: cluster.arn, tags: ranUntil(now, cluster) },
      ...(held.length > 0 ? [{ do: 'untag-cluster', identifier: name, arn: cluster.arn, keys: held } as const] : []),
      { do: 'pause-cluster', identifier: name },
      wait(name, 'paused'),
    ],
    problems: [],
  };
}

export function planResume(settings: ClusterSettings, actual: Actual, now: number): Planned {
  const found = ready(settings, actual);
  if (!('cluster' in found)) return found;
  const { cluster } = found;
  const name = settings.identifier;
  if (cluster.phase === 'available') return nothing;
  const resume: readonly Action[] = [
    { do: 'tag-cluster', identifier: name, arn: cluster.arn, tags: { [SINCE]: new Date(now).toISOString() } },
    { do: 'resume-cluster', identifier: name },
  ];
  const before = cluster.status === 'pausing' ? [wait(name, 'paused'), ...resume] : cluster.phase === 'paused' ? resume : [];
  return { actions: [...before, wait(name, 'available')], problems: [] };
}

export function planResize(settings: ClusterSettings, actual: Actual): Planned {
  const { identifier: name, nodeType, nodes, baseCapacity } = settings;
  if (settings.type === 'serverless') {
    const { workgroup } = actual;
    if (!workgroup)
      return refused({
        code: 'cluster-missing',
        message: `there is no workgroup '${name}' in ${settings.region}`,
        hint: 'Make it with: dwh cluster create',
      });
    const foreign = strangers(settings, { ...actual, bucket: undefined, role: undefined, group: undefined });
    if (foreign.length > 0) return { actions: [], problems: foreign };
    const until: Action = { do: 'wait', for: 'workgroup', name, until: 'available' };
    if (workgroup.baseCapacity === baseCapacity) return workgroup.phase === 'available' ? nothing : { actions: [until], problems: [] };
    return {
      actions: [...(workgroup.phase === 'available' ? [] : [until]), { do: 'resize-workgroup', name, baseCapacity }, until],
      problems: [],
    };
  }
  const found = ready(settings, actual);
  if (!('cluster' in found)) return found;
  const { cluster } = found;
  if (cluster.phase === 'paused' || cluster.status === 'pausing')
    return refused({
      code: 'cluster-paused',
      message: `the cluster '${name}' is paused, and AWS resizes none that is`,
      hint: 'Resume it first: dwh cluster resume',
    });
  const steady = cluster.phase === 'available' ? [] : [wait(name, 'available')];
  if (cluster.nodeType === nodeType && cluster.nodes === nodes) return { actions: steady, problems: [] };
  // https://docs.aws.amazon.com/redshift/latest/mgmt/resizing-cluster.html
  const classic = cluster.nodes === 1 || nodes === 1;
  return {
    actions: [...steady, { do: 'resize-cluster', identifier: name, nodeType, nodes, classic }, wait(name, 'available')],
    problems: [],
  };
}

export interface Deletion {
  /** Of the last snapshot; undefined: none. */
  readonly snapshot: string | undefined;
  /** The bucket stays, with what is in it. */
  readonly keepBucket: boolean;
}

/** In reverse, and only what carries the tags; what does not is listed as left alone. */
export function planDelete(
  settings: ClusterSettings,
  actual: Actual,
  { snapshot, keepBucket }: Deletion,
): { readonly actions: readonly Action[]; readonly left: readonly Problem[] } {
  const { identifier: name, role, workBucket } = settings;
  const ours = <T extends { readonly tags: Tags }>(thing: T | undefined): T | undefined =>
    thing && isOurs(thing.tags, settings) ? thing : undefined;
  const actions: Action[] = [];
  const gone = (what: 'cluster' | 'namespace' | 'workgroup'): Action => ({ do: 'wait', for: what, name, until: 'gone' });
  const steady = (what: 'cluster' | 'namespace' | 'workgroup'): Action => ({ do: 'wait', for: what, name, until: 'steady' });
  const cluster = ours(actual.cluster);
  if (cluster) {
    if (cluster.phase === 'changing') actions.push(steady('cluster'));
    if (cluster.phase !== 'deleting') actions.push({ do: 'delete-cluster', identifier: name, snapshot });
    actions.push(gone('cluster'));
  }
  const workgroup = ours(actual.workgroup);
  if (workgroup) {
    if (workgroup.phase === 'changing') actions.push(steady('workgroup'));
    if (workgroup.phase !== 'deleting') actions.push({ do: 'delete-workgroup', name });
    actions.push(gone('workgroup'));
  }
  const namespace = ours(actual.namespace);
  // A workgroup of somebody else's may still use it.
  if (namespace && (workgroup || !actual.workgroup)) {
    if (namespace.phase === 'changing') actions.push(steady('namespace'));
    if (namespace.phase !== 'deleting') actions.push({ do: 'delete-namespace', name, snapshot });
    actions.push(gone('namespace'));
  }
  if (ours(actual.group) && actual.vpc !== undefined) actions.push({ do: 'delete-group', name: groupName(settings), vpc: actual.vpc });
  if (ours(actual.role)) actions.push({ do: 'delete-role', name: role });
  if (ours(actual.bucket) && workBucket !== undefined && !keepBucket) actions.push({ do: 'delete-bucket', name: workBucket });
  const left = strangers(settings, actual).map(({ message, ...problem }) => ({
    ...problem,
    message,
    severity: 'warning' as const,
    hint: 'It is left as it is.',
  }));
  return { actions, left };
}
