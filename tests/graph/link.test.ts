import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Node } from '../../src/core/node.ts';
import type { DwhError } from '../../src/core/problem.ts';
import { link } from '../../src/graph/link.ts';
import { hasProblem, throws } from '../support/rejects.ts';
import { anyProject, chain, dataTest, layers, linked, model, project, seed, source } from './builders.ts';

const test = suite('graph/link');

const parents = (manifest: ReturnType<typeof linked>, id: string): readonly string[] =>
  [...manifest.nodes.values()].find((node) => node.unique_id === id)?.depends_on ?? [];

test('sources and refs become ids, in the order of the calls, each once', () => {
  const manifest = linked([
    model('orders', { refs: ['stg_orders', 'customers', 'stg_orders'], sources: ['raw.orders'] }),
    model('stg_orders', { sources: ['raw.orders'] }),
    seed('customers'),
    source('raw.orders'),
  ]);
  assert.equal(parents(manifest, 'model.shop.orders'), ['source.shop.raw.orders', 'model.shop.stg_orders', 'seed.shop.customers']);
  assert.equal([...manifest.nodes.keys()][0], 'source.shop.raw.orders', 'sources stand first');
});

test('a name means the root project, then the package of the caller; of others it fits one, or says which', () => {
  const nodes = [
    model('base', { package: 'beta' }),
    model('base', { package: 'alpha' }),
    model('reads_own', { package: 'beta', refs: ['base'] }),
    model('reads_named', { package: 'gamma', refs: ['beta.base'] }),
  ];
  const packageOrder = ['shop', 'alpha', 'beta', 'gamma'];
  const manifest = linked(nodes, { packageOrder });
  assert.equal(parents(manifest, 'model.beta.reads_own'), ['model.beta.base']);
  assert.equal(parents(manifest, 'model.gamma.reads_named'), ['model.beta.base']);
  for (const reader of [model('reads_other', { package: 'gamma', refs: ['base'] }), model('reads_other', { refs: ['base'] })]) {
    const error = throws(() => linked([...nodes, reader], { packageOrder }), {
      code: 'ref-ambiguous',
      message: "ref('base') fits nodes of several packages",
      hint: "ref('alpha', 'base') or ref('beta', 'base')",
      at: `${reader.package_name === 'shop' ? '' : 'dbt_packages/gamma/'}models/reads_other.sql:2:3`,
    }) as DwhError;
    assert.match(error.problems[0]?.message ?? '', /model\.alpha\.base \(.*model\.beta\.base \(/);
  }

  const withRoot = linked([...nodes, model('base')], { packageOrder });
  assert.equal(parents(withRoot, 'model.beta.reads_own'), ['model.shop.base']);
  assert.is(withRoot.warnings.length, 0);
  const ownFirst = linked([...nodes, model('base')], { packageOrder, ownPackageFirst: true });
  assert.equal(parents(ownFirst, 'model.beta.reads_own'), ['model.beta.base']);
});

test('a source of several packages is that of the first, with a warning', () => {
  const manifest = linked(
    [source('raw.orders', { package: 'beta' }), source('raw.orders', { package: 'alpha' }), model('a', { sources: ['raw.orders'] })],
    {
      packageOrder: ['shop', 'alpha', 'beta'],
    },
  );
  assert.equal(parents(manifest, 'model.shop.a'), ['source.alpha.raw.orders']);
  hasProblem(manifest.warnings, { code: 'source-ambiguous', message: "taken from 'alpha'", at: 'models/a.sql' });
});

test('without a version, ref means the latest one', () => {
  const manifest = linked([
    model('dim', { version: 1, latest: 2 }),
    model('dim', { version: 2, latest: 2 }),
    model('new_reader', { refs: ['dim'] }),
    model('old_reader', { refs: ['dim:1'] }),
  ]);
  assert.equal(parents(manifest, 'model.shop.new_reader'), ['model.shop.dim.v2']);
  assert.equal(parents(manifest, 'model.shop.old_reader'), ['model.shop.dim.v1']);
});

test('every missing name is reported, with its place and what was probably meant', () => {
  const error = throws(
    () =>
      linked([
        model('stg_orders'),
        source('raw.payments'),
        model('a', { refs: ['stg_order'] }),
        model('b', { refs: ['payments'], sources: ['raw.payment', 'rav.payments', 'raw.stg_orders'] }),
        model('c', { refs: ['shop.nothing_like_it', 'shpo.stg_orders'] }),
      ]),
    { code: 'ref-not-found', at: 'models/a.sql:2:3', message: "'stg_order' was not found", hint: "Did you mean ref('stg_orders')?" },
  ) as DwhError;
  assert.is(error.problems.length, 7);
  hasProblem(error.problems, { code: 'ref-not-found', message: "'payments'", hint: "source('raw', 'payments')" });
  hasProblem(error.problems, {
    code: 'source-not-found',
    message: "source 'raw' has no table 'payment'",
    hint: "source('raw', 'payments')",
  });
  hasProblem(error.problems, { code: 'source-not-found', message: "no source has the name 'rav'", hint: "source('raw', 'payments')" });
  hasProblem(error.problems, { code: 'source-not-found', message: 'stg_orders', hint: "ref('stg_orders')" });
  hasProblem(error.problems, { code: 'ref-not-found', message: "in package 'shop'", hint: 'dwh ls' });
  hasProblem(error.problems, { code: 'ref-not-found', hint: "did you mean 'shop'?" });
});

test('a ref to a disabled node says where it is disabled', () => {
  throws(() => linked([model('a', { refs: ['off'] })], { disabled: [model('off')] }), {
    code: 'ref-disabled',
    message: "ref('off') is a model that is disabled",
    hint: 'models/off.sql:1:1',
  });
  throws(() => linked([model('a', { sources: ['raw.off'] })], { disabled: [source('raw.off')] }), { code: 'source-disabled' });
});

test('a data test on a missing node, or that needs a disabled one, is left out with a warning; the tests of what is disabled without', () => {
  const manifest = linked(
    [
      model('a'),
      dataTest('unique_off', { on: 'off' }),
      dataTest('not_null_gone', { on: 'gone' }),
      dataTest('singular', { refs: ['a', 'gone'] }),
      dataTest('related', { on: 'a', refs: ['off'] }),
      dataTest('fine', { on: 'a' }),
    ],
    { disabled: [model('off')] },
  );
  assert.equal([...manifest.nodes.keys()], ['model.shop.a', 'test.shop.fine']);
  assert.equal(
    [...manifest.disabled.keys()],
    ['model.shop.off', 'test.shop.unique_off', 'test.shop.not_null_gone', 'test.shop.singular', 'test.shop.related'],
  );
  assert.is(manifest.warnings.length, 3);
  assert.ok(manifest.warnings.every((problem) => problem.code === 'test-left-out' && problem.severity === 'warning'));
  hasProblem(manifest.warnings, { message: "test 'related' is left out: ref('off') is a model that is disabled" });
});

test('a disabled test knows the node that it is of, where that is there', () => {
  const { disabled, nodes } = linked([model('a')], {
    disabled: [dataTest('off', { on: 'a' }), dataTest('gone', { on: 'b' }), dataTest('own')],
  });
  const of = (name: string): unknown => {
    const node = disabled.get(`test.shop.${name}` as never);
    return node?.resource_type === 'test' ? (node.attached_node ?? null) : undefined;
  };
  assert.equal([of('off'), of('gone'), of('own')], ['model.shop.a', null, null]);
  assert.equal([...nodes.keys()], ['model.shop.a']);
});

test('what an earlier link made of nodes is forgotten when they are linked again', () => {
  const nodes = [model('orders'), model('report', { refs: ['orders'] }), dataTest('not_null_orders', { on: 'orders' })];
  const before = linked(nodes);
  const again = [...before.nodes.values()];
  assert.equal(linked(again), before);
  const gone = (some: readonly Node[]): readonly Node[] => some.filter(({ name }) => name === 'not_null_orders');
  assert.equal(linked(gone(again)), linked(gone(nodes)));
});

test('a test is attached to the node whose properties declare it, and depends on it', () => {
  const attachedOnly = { ...dataTest('custom', { on: 'b' }), refs: [] };
  const manifest = linked([
    model('a'),
    model('b'),
    source('raw.x'),
    dataTest('rel', { on: 'b', refs: ['a'] }),
    dataTest('src', { on: 'raw.x' }),
    attachedOnly,
  ]);
  const tests = [...manifest.nodes.values()].flatMap((node) =>
    node.resource_type === 'test' ? [[node.name, node.attached_node, node.depends_on]] : [],
  );
  assert.equal(tests, [
    ['rel', 'model.shop.b', ['model.shop.a', 'model.shop.b']],
    ['src', 'source.shop.raw.x', ['source.shop.raw.x']],
    ['custom', 'model.shop.b', ['model.shop.b']],
  ]);
});

test('two models of one name are an error that names both files', () => {
  throws(() => linked([model('orders', { folder: 'a' }), model('orders', { folder: 'b' })]), {
    code: 'duplicate-name',
    message: /models\/a\/orders\.sql:1:1 and models\/b\/orders\.sql:1:1/,
  });
});

test('a model and a seed may share a name only when they do not share the relation', () => {
  const manifest = linked([model('orders'), seed('orders', { alias: 'orders_seed' })]);
  hasProblem(manifest.warnings, { code: 'duplicate-name', message: "ref('orders') is the model" });
  throws(() => linked([model('orders'), seed('orders')]), { code: 'duplicate-relation', message: 'both write analytics.orders' });
});

test('two nodes that write one relation are an error; a source without load, or an ephemeral model, writes none', () => {
  throws(() => linked([model('a', { alias: 'same' }), model('b', { alias: 'SAME' })]), { code: 'duplicate-relation', hint: 'alias' });
  throws(() => linked([source('analytics.a', { load: true }), model('a')]), { code: 'duplicate-relation', message: "source 'a'" });

  test('names that end as those beside a relation do are refused', () => {
    throws(() => linked([model('orders__dwh_next')]), { code: 'name-reserved', message: "'orders__dwh_next'", hint: "'alias'" });
    throws(() => linked([model('orders__dwh_mark')]), { code: 'name-reserved' });
    throws(() => linked([source('analytics.a__DWH_stage', { load: true })]), { code: 'name-reserved', hint: "'identifier'" });
    linked([model('orders__dwh_nextone'), model('dwh_next')]);
  });
  linked([source('analytics.a'), model('a')]);
  linked([model('a', { alias: 'same' }), model('b', { alias: 'same', materialized: 'ephemeral' })]);
});

test('a circle is shown as a closed path, each link with its file and line', () => {
  const error = throws(
    () =>
      linked([
        model('root'),
        model('c', { refs: ['a', 'root'] }),
        model('a', { refs: ['root', 'b'] }),
        model('b', { refs: ['c'] }),
        model('after', { refs: ['c'] }),
        model('self', { refs: ['self'] }),
      ]),
    { code: 'graph-cycle', message: 'a → b → c → a', at: 'models/a.sql:3:3' },
  ) as DwhError;
  assert.is(error.problems.length, 2);
  assert.equal(error.problems[0].detail, [
    'models/a.sql:3:3: a refers to b',
    'models/b.sql:2:3: b refers to c',
    'models/c.sql:2:3: c refers to a',
  ]);
  hasProblem(error.problems, { code: 'graph-cycle', message: 'a node depends on itself: self → self', hint: '{{ this }}' });
});

test('problems of every kind are thrown together, and warnings are kept', () => {
  const error = throws(
    () => linked([model('a', { refs: ['gone'] }), model('b', { refs: ['c'] }), model('c', { refs: ['b'] }), model('d', { alias: 'a' })]),
    {
      code: 'graph-cycle',
    },
  ) as DwhError;
  assert.equal(error.problems.map((problem) => problem.code).sort(), ['duplicate-relation', 'graph-cycle', 'ref-not-found']);
  const warning = { code: 'x', message: 'x', severity: 'warning' } as const;
  assert.equal(linked([model('a')], { warnings: [warning] }).warnings, [warning]);
});

test('a chain of 10,000, also backwards, and layers of 10,000 nodes are linked; a circle of 10,000 is found', () => {
  const long = chain(10_000);
  assert.is([...linked(long).nodes.keys()][9_999], 'model.shop.m9999');
  assert.is([...linked([...long].reverse()).nodes.keys()][9_999], 'model.shop.m9999');
  assert.is(linked(layers(100, 100)).nodes.size, 10_000);
  throws(() => linked([model('m0', { refs: ['m9999'] }), ...long.slice(1)]), { code: 'graph-cycle', message: '… 9960 more …' });
});

test('property: the order puts every edge forward, whatever order the nodes came in', () => {
  fc.assert(
    fc.property(anyProject, (nodes) => {
      const manifest = linked(nodes);
      const order = new Map([...manifest.nodes.keys()].map((id, index) => [id, index]));
      assert.is(order.size, nodes.length);
      for (const node of manifest.nodes.values())
        for (const parent of node.depends_on) assert.ok((order.get(parent) ?? Infinity) < (order.get(node.unique_id) ?? -1));
    }),
    { numRuns: 300 },
  );
});

test('property: a graph links, or every circle it reports is a closed path of its edges', () => {
  const anyGraph = fc.array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(anyGraph, (edges) => {
      const refs = edges.map((to) => [...new Set(to.map((number) => `m${number % edges.length}`))]);
      const nodes = refs.map((to, index) => model(`m${index}`, { refs: to }));
      const cyclic = refs.some((_, start) => reaches(refs, start));
      if (!cyclic) return void link(project(nodes));
      const error = throws(() => link(project(nodes)), { code: 'graph-cycle' }) as DwhError;
      for (const problem of error.problems) {
        const path = problem.message.slice(problem.message.indexOf(': ') + 2).split(' → ');
        assert.is(path[0], path.at(-1));
        assert.ok(path.length > 1);
        for (const [index, name] of path.slice(0, -1).entries()) assert.ok(refs[Number(name.slice(1))]?.includes(path[index + 1] ?? ''));
      }
    }),
    { numRuns: 500 },
  );
});

function reaches(refs: readonly (readonly string[])[], start: number): boolean {
  const seen = new Set<number>();
  const open = [start];
  for (const node of open)
    for (const name of refs[node] ?? []) {
      const next = Number(name.slice(1));
      if (next === start) return true;
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  return false;
}

test.run();
