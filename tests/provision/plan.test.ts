// Plans are data: what is wanted and what there is, to actions in their order. Here in the states between.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accessDocument, principalsOf, trustDocument } from '../../src/provision/access.ts';
import { type Action, orderOf } from '../../src/provision/actions.ts';
import { costSoFar, estimate, secondsRun } from '../../src/provision/cost.ts';
import { planDelete, planPause, planResize, planResume } from '../../src/provision/plan-change.ts';
import { type Desired, planCreate, roleArn } from '../../src/provision/plan-create.ts';
import { type Actual, type ClusterState, phaseOf } from '../../src/provision/state.ts';
import { ownTags } from '../../src/provision/tags.ts';
import { settings } from '../aws/account.ts';

const test = suite('clusters: plans');

const wanted = settings();
const NOW = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;
const places = [{ bucket: 'shop-data', key: 'orders' }];
const desired: Desired = { settings: wanted, places, cidr: '203.0.113.7/32', now: new Date(NOW).toISOString() };
const caller = { account: '123456789012', arn: 'arn:aws:iam::123456789012:user/ada', partition: 'aws' };
const tags = ownTags(wanted);

const clusterIn = (status: string, more: Partial<ClusterState> = {}): ClusterState => ({
  ...{ arn: 'arn:cluster', status, phase: phaseOf(status), tags, nodeType: 'ra3.large', nodes: 1, publicly: true, groups: ['sg-1'] },
  ...{ endpoint: undefined, database: 'dev', user: 'admin', secretArn: undefined, createdAt: NOW - 10 * HOUR },
  roles: [{ arn: roleArn(wanted, { caller }), ready: true }],
  ...more,
});

/** All is there as it should be, with this cluster. */
const with_ = (cluster: ClusterState | undefined): Actual => ({
  ...{ caller, vpc: 'vpc-1', bucket: undefined, namespace: undefined, workgroup: undefined, cluster },
  role: { arn: roleArn(wanted, { caller }), tags, trust: trustDocument(principalsOf(wanted)), access: accessDocument(places, 'aws') },
  group: { id: 'sg-1', tags, open: [{ cidr: '203.0.113.7/32', port: 5439 }] },
});

/** 'resume-cluster', 'wait available'. */
const brief = (actions: readonly Action[]): readonly string[] =>
  actions.map((action) => (action.do === 'wait' ? `wait ${action.until}` : action.do));

test('create goes on from whatever state the cluster is in', () => {
  const resume = ['tag-cluster', 'resume-cluster', 'wait available'];
  const make = ['create-cluster', 'wait available', 'wait role'];
  const states: Readonly<Record<string, readonly string[]>> = {
    available: [],
    'available, prep-for-resize': [],
    creating: ['wait available'],
    modifying: ['wait available'],
    resuming: ['wait available'],
    resizing: ['wait available'],
    rebooting: ['wait available'],
    paused: resume,
    pausing: ['tag-cluster', 'wait paused', 'resume-cluster', 'wait available'],
    deleting: ['wait gone', ...make],
    'final-snapshot': ['wait gone', ...make],
  };
  for (const [status, expected] of Object.entries(states))
    assert.equal(brief(planCreate(desired, with_(clusterIn(status))).actions), expected, status);
  assert.equal(brief(planCreate(desired, with_(undefined)).actions), make);
});

test('pause, resume and resize from whatever state', () => {
  const now = NOW;
  const plans = (status: string): readonly (readonly string[])[] => {
    const actual = with_(clusterIn(status));
    const bigger = settings({ nodes: 2 });
    return [planPause(wanted, actual, now), planResume(wanted, actual, now), planResize(bigger, actual)].map(({ actions }) =>
      brief(actions),
    );
  };
  const pause = ['tag-cluster', 'pause-cluster', 'wait paused'];
  const resize = ['resize-cluster', 'wait available'];
  assert.equal(plans('available'), [pause, [], resize]);
  assert.equal(plans('resuming'), [['wait available', ...pause], ['wait available'], ['wait available', ...resize]]);
  assert.equal(plans('pausing'), [['wait paused'], ['wait paused', 'tag-cluster', 'resume-cluster', 'wait available'], []]);
  assert.equal(plans('paused'), [[], ['tag-cluster', 'resume-cluster', 'wait available'], []]);
  assert.equal(plans('deleting'), [[], [], []]);
  const codes = [planPause, planResume].map((plan) => plan(wanted, with_(undefined), now).problems.map(({ code }) => code));
  assert.equal(codes, [['cluster-missing'], ['cluster-missing']]);
});

test('a resize is elastic but from and to one node', () => {
  const classic = (from: number, to: number): unknown =>
    planResize(settings({ nodes: to }), with_(clusterIn('available', { nodes: from }))).actions.map(
      (action) => action.do === 'resize-cluster' && action.classic,
    )[0];
  assert.equal([classic(1, 2), classic(2, 1), classic(2, 4), classic(2, 2)], [true, true, false, undefined]);
});

test('delete goes in reverse, and waits for what is going on', () => {
  const plan = (status: string): readonly string[] =>
    brief(planDelete(wanted, with_(clusterIn(status)), { snapshot: undefined, keepBucket: false }).actions);
  const rest = ['wait gone', 'delete-group', 'delete-role'];
  assert.equal(plan('available'), ['delete-cluster', ...rest]);
  assert.equal(plan('paused'), ['delete-cluster', ...rest]);
  assert.equal(plan('creating'), ['wait steady', 'delete-cluster', ...rest]);
  assert.equal(plan('deleting'), rest);
});

test('whatever is there, nothing without the tags is changed or deleted', () => {
  const theirs = fc.constantFrom(
    {},
    { 'dwh:project': 'shop' },
    { 'dwh:cluster': 'shop' },
    { 'dwh:project': 'another', 'dwh:cluster': 'shop' },
  );
  const status = fc.constantFrom('available', 'paused', 'creating', 'pausing', 'deleting', 'resizing');
  const flag = fc.boolean();
  fc.assert(
    fc.property(status, theirs, flag, flag, flag, (state, foreign, ourCluster, ourRole, ourGroup) => {
      const all = with_(clusterIn(state, { tags: ourCluster ? tags : foreign }));
      const actual: Actual = {
        ...all,
        role: all.role && { ...all.role, tags: ourRole ? tags : foreign },
        group: all.group && { ...all.group, tags: ourGroup ? tags : foreign },
      };
      const created = planCreate(desired, actual);
      assert.is(created.problems.length, [ourCluster, ourRole, ourGroup].filter((ours) => !ours).length);
      if (created.problems.length > 0) assert.equal(created.actions, []);
      const { actions, left } = planDelete(wanted, actual, { snapshot: 's', keepBucket: false });
      assert.is(left.length, created.problems.length);
      const deleted = actions.map((action) => action.do);
      assert.is(deleted.includes('delete-role'), ourRole);
      assert.is(deleted.includes('delete-group'), ourGroup);
      if (!ourCluster) assert.not(deleted.includes('delete-cluster'));
      for (const plan of [planPause(wanted, actual, NOW), planResume(wanted, actual, NOW)]) if (!ourCluster) assert.equal(plan.actions, []);
      for (const action of actions) assert.ok(orderOf(action).length > 0);
    }),
    { numRuns: 300 },
  );
});

test('hours count from the creation, without the pauses that dwh made', () => {
  const ran = { 'dwh:ran': '7200', 'dwh:since': new Date(NOW - HOUR).toISOString() };
  assert.is(secondsRun(clusterIn('available'), NOW), 36_000);
  assert.is(secondsRun(clusterIn('available', { tags: { ...tags, ...ran } }), NOW), 10_800);
  assert.is(secondsRun(clusterIn('paused', { tags: { ...tags, ...ran } }), NOW), 7200);
  assert.match(
    costSoFar(clusterIn('available'), NOW)[0] ?? '',
    /^So far: about 5\.43 USD for 10\.0 hours of 1 x ra3\.large \(list prices of March 2026/,
  );
  assert.match(costSoFar(clusterIn('available', { nodeType: 'rg.large' }), NOW)[0] ?? '', /price is not known here/);
});

test('an estimate has its date, or says that the price is not known', () => {
  assert.match(estimate(settings({ nodes: 2 }))[0] ?? '', /^Estimate: 1\.09 USD an hour, 26\.06 USD a day, .*March 2026/);
  assert.match(estimate(settings({ type: 'serverless', base_capacity: 4 }))[0] ?? '', /^Estimate: 1\.50 USD an hour while queries run/);
  assert.match(estimate(settings({ node_type: 'rg.large' }))[0] ?? '', /price of rg\.large is not known/);
});

test.run();
