import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { UnitTestNode } from '../../src/core/node.ts';
import { type Fixture, output, project, results, statuses } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { parsed, problemsOf, warningsOf } from './project-of.ts';

const test = suite('project: unit tests');

const FILES = {
  'dbt_project.yml': 'name: p\nvars: {cut: 5}\nunit_tests: {p: {+tags: [ut], sub: {+meta: {level: 1}}}}\n',
  'seeds/raw.csv': 'id,name,amount\n1,a,1.5\n2,b,\n',
  'models/stg.sql': "select id, name, amount, amount * 100 as m, {{ var('cut') }} as cut from {{ ref('raw') }}",
  'models/closed.sql': '{{ config(enabled=false) }} select 1 as id',
  'models/sub/dim.sql': 'select 1 as id',
  'models/sub/sub.yml': 'unit_tests: [{name: deep, model: dim, given: [], expect: {rows: [{id: 1}]}}]\n',
  'models/units.yml': `unit_tests:
  - name: good
    description: is good
    model: stg
    given:
      - input: ref('raw')
        rows:
          - {id: 1, name: x, amount: 2}
          - {id: 2, amount: null, name: y}
    expect:
      rows:
        - {id: 2, m: null}
        - {id: 1, m: 200}
    config: {tags: [one], meta: {a: 1}}
  - name: bad
    model: stg
    given: [{input: ref('raw'), format: csv, fixture: fx}]
    overrides:
      macros: {money: '7'}
      vars: {cut: 9}
      env_vars: {ZED: zz}
    expect:
      rows:
        - {id: 1, name: a, m: 7, cut: 9, zed: zz}
        - {id: 2, name: q, m: 7, cut: 10, zed: zz}
        - {id: 3, name: q, m: 7, cut: 10, zed: zz}
  - {name: seeded, model: stg, given: [{input: ref('raw')}], expect: {rows: [{id: "{{ var('cut') }}"}]}}
  - {name: of_none, model: closed, given: [], expect: {rows: []}}
  - {name: itself_off, model: stg, given: [], expect: {rows: []}, config: {enabled: false}}
`,
  'tests/fixtures/fx.csv': 'id,name,amount\n1,a,1.5\n2,,\n',
  'tests/fixtures/deep/query.sql': 'this is no test of data',
};

const read = async () => {
  const { nodes } = await parsed(await project(FILES));
  return (id: string): UnitTestNode => {
    const node = nodes.get(id);
    if (node?.resource_type !== 'unit_test') throw new Error(`no unit test ${id} among ${[...nodes.keys()].join(' ')}`);
    return node;
  };
};

test('ids, paths, configs and checksums are those of dbt', async () => {
  const unit = await read();
  const good = unit('unit_test.p.stg.good');
  assert.equal(
    [good.path, good.original_file_path, good.fqn, good.description],
    ['units.yml', 'models/units.yml', ['p', 'stg', 'good'], 'is good'],
  );
  assert.equal([good.config.tags, good.config.meta, good.tags], [['ut', 'one'], { a: 1 }, ['ut', 'one']]);
  // The row without a NULL has come first, as in dbt's manifest; the checksums were made by dbt 1.11.
  assert.equal(good.expect.rows, [
    { id: 1, m: 200 },
    { id: 2, m: null },
  ]);
  assert.is(good.checksum, '0fbed58eb773c69ae212046af5a996210f64517b95bc68ae2b67548a436774cd');
  const bad = unit('unit_test.p.stg.bad');
  assert.is(bad.checksum, '88f9a3d7685e2d387a11a1d71518a2d5f8e13a9c3a0fe0307dd4ee9f78a02b5d');
  assert.equal(bad.given[0]?.rows, [
    { id: '1', name: 'a', amount: '1.5' },
    { id: '2', name: null, amount: null },
  ]);
  const deep = unit('unit_test.p.dim.deep');
  assert.equal([deep.fqn, deep.meta], [['p', 'sub', 'dim', 'deep'], { level: 1 }]);
  const seeded = unit('unit_test.p.stg.seeded');
  assert.equal(seeded.given[0]?.rows, [
    { id: '1', name: 'a', amount: '1.5' },
    { id: '2', name: 'b', amount: null },
  ]);
  assert.equal(seeded.expect.rows, [{ id: 5 }]);
});

test('a test of a model that is disabled is disabled, too', async () => {
  const { project: found } = await parsed(await project(FILES));
  assert.equal(
    found.disabled.map(({ unique_id }) => unique_id),
    ['model.p.closed', 'unit_test.p.closed.of_none', 'unit_test.p.stg.itself_off'] as never,
  );
});

test('selection: by name, tag, type, file of its model, and with its model', async () => {
  const shop = await project(FILES);
  const ls = async (select: string, more: Parameters<Fixture['run']>[1] = {}): Promise<string> =>
    output(await shop.run('ls', { select, ...more }))
      .trim()
      .replaceAll('\n', ' ');
  assert.is(await ls('unit_test:good'), 'unit_test:p.good');
  assert.is(await ls('unit_test:p.*'), 'unit_test:p.deep unit_test:p.bad unit_test:p.good unit_test:p.seeded');
  assert.is(await ls('tag:one'), 'unit_test:p.good');
  assert.is(await ls('test_type:unit'), 'unit_test:p.deep unit_test:p.bad unit_test:p.good unit_test:p.seeded');
  assert.is(await ls('test_name:good resource_type:seed'), 'p.raw unit_test:p.good');
  assert.is(await ls('path:models/sub'), 'p.sub.dim unit_test:p.deep');
  assert.is(await ls('dim'), 'p.sub.dim unit_test:p.deep');
  assert.is(await ls('dim', { selection: { excludeResourceTypes: ['unit_test'] } }), 'p.sub.dim');
  assert.is(await ls('stg+', { selection: { resourceTypes: ['unit_test'] } }), 'unit_test:p.bad unit_test:p.good unit_test:p.seeded');
  const built = statuses(await shop.build({ select: 'stg', selection: { excludeResourceTypes: ['unit_test'] }, vars: {} }));
  assert.equal(Object.keys(built), ['model.p.stg']);
});

test('manifest.json has them in a section of their own, and parents and children know them', async () => {
  const shop = await project(FILES);
  await shop.run('parse');
  const manifest = JSON.parse(await shop.read('target/manifest.json'));
  assert.equal(Object.keys(manifest.unit_tests).sort(), [
    'unit_test.p.dim.deep',
    'unit_test.p.stg.bad',
    'unit_test.p.stg.good',
    'unit_test.p.stg.seeded',
  ]);
  assert.equal(
    Object.keys(manifest.nodes).filter((id) => id.startsWith('unit_test')),
    [],
  );
  assert.equal(manifest.unit_tests['unit_test.p.dim.deep'], {
    model: 'dim',
    given: [],
    expect: { rows: [{ id: 1 }], format: 'dict', fixture: null },
    name: 'deep',
    resource_type: 'unit_test',
    package_name: 'p',
    path: 'sub/sub.yml',
    original_file_path: 'models/sub/sub.yml',
    unique_id: 'unit_test.p.dim.deep',
    fqn: ['p', 'sub', 'dim', 'deep'],
    description: '',
    overrides: null,
    depends_on: { macros: [], nodes: ['model.p.dim'] },
    config: { static_analysis: null, enabled: true, tags: ['ut'], meta: { level: 1 } },
    checksum: manifest.unit_tests['unit_test.p.dim.deep'].checksum,
    schema: 'main',
    versions: null,
    version: null,
  });
  assert.equal(manifest.parent_map['unit_test.p.dim.deep'], ['model.p.dim']);
  assert.equal(manifest.child_map['model.p.dim'], ['unit_test.p.dim.deep']);
  assert.equal(Object.keys(manifest.disabled).sort(), ['model.p.closed', 'unit_test.p.closed.of_none', 'unit_test.p.stg.itself_off']);
});

test('an edit of a fixture, of overrides, of the model or of a seed is noticed', async () => {
  const shop = await project({
    'project.yml': 'name: p\n',
    'seeds/raw.csv': 'id\n1\n',
    'models/stg.sql': "select id + {{ var('more', 0) }} as id from {{ ref('raw') }}",
    'models/units.yml': `unit_tests:
  - {name: file, model: stg, given: [{input: ref('raw'), fixture: fx}], expect: {rows: [{id: 1}]}}
  - {name: own_seed, model: stg, given: [{input: ref('raw')}], expect: {rows: [{id: 1}]}}
`,
    'tests/fixtures/fx.csv': 'id\n1\n',
  });
  const all = async (): Promise<string> => Object.values(statuses(await shop.run('test'))).join(' ');
  assert.is(await all(), 'pass pass');
  assert.is(await all(), 'pass pass');
  await shop.write('tests/fixtures/fx.csv', 'id\n2\n');
  assert.is(await all(), 'fail pass');
  await shop.write('seeds/raw.csv', 'id\n2\n');
  assert.is(await all(), 'fail fail');
  await shop.write('models/stg.sql', "select id - 1 + {{ var('more', 0) }} as id from {{ ref('raw') }}");
  assert.is(await all(), 'pass pass');
  const units = await shop.read('models/units.yml');
  await shop.write('models/units.yml', units.replace('fixture: fx}]', 'fixture: fx}], overrides: {vars: {more: 5}}'));
  assert.is(await all(), 'fail pass');
  await shop.remove('tests/fixtures/fx.csv');
  hasProblem(await problemsOf(shop), { code: 'fixture-missing', at: 'models/units.yml:2' });
});

test('state:modified goes by what the test says, and not by its description', async () => {
  const shop = await project(FILES);
  await shop.run('parse');
  await shop.write('state/manifest.json', await shop.read('target/manifest.json'));
  const changed = async (): Promise<string> => output(await shop.run('ls', { select: 'state:modified', state: 'state' })).trim();
  assert.is(await changed(), '');
  const units = FILES['models/units.yml'];
  await shop.write('models/units.yml', units.replace('is good', 'is very good'));
  assert.is(await changed(), '');
  await shop.write('models/units.yml', units.replace('m: 200', 'm: 201'));
  assert.is(await changed(), 'unit_test:p.good');
  await shop.write('models/units.yml', units);
  await shop.write('tests/fixtures/fx.csv', 'id,name,amount\n1,a,1.5\n3,,\n');
  assert.is(await changed(), 'unit_test:p.bad');
});

test('what is wrong in the properties is said at its place, all at once', async () => {
  const shop = await project({
    'project.yml': 'name: p\n',
    'models/stg.sql': 'select 1 as id',
    'tests/fixtures/rows.csv': 'id\n1\n',
    'tests/fixtures/long.csv': 'id\n1\n2,3\n',
    'models/units.yml': `unit_tests:
  - {name: a, model: stgg, given: [], expect: {rows: []}}
  - {name: b, model: stg, given: [], expct: {rows: []}}
  - {name: c, model: stg, given: [], expect: {fixture: row}}
  - {name: d, model: stg, given: [], expect: {rows: "id\\n1"}}
  - {name: e, model: stg, given: [], expect: {rows: [{id: 1}], format: csv}}
  - {name: f, model: stg, given: [{input: "var('x', 1)", rows: []}], expect: {rows: []}}
  - {name: g, model: stg, given: [], expect: {fixture: rows, format: sql}}
  - {name: h, model: stg, given: [], expect: {}}
  - {name: i, model: stg, given: [], expect: {rows: []}, versions: {include: [1]}}
  - {name: j, model: stg, given: [], expect: {fixture: long}}
`,
  });
  const problems = await problemsOf(shop);
  const said = problems
    .filter(({ severity }) => severity !== 'warning')
    .map(({ code, at, hint }) => `${at?.file}:${at?.line} ${code} ${hint}`);
  assert.equal(said.sort(), [
    "models/units.yml:10 unit-test-model Take 'versions:' out.",
    "models/units.yml:2 unit-test-model Did you mean 'stg'?",
    'models/units.yml:3 config-missing Write  expect: {rows: […]}',
    "models/units.yml:4 fixture-missing Did you mean 'rows'?",
    'models/units.yml:5 unit-test-rows Add  format: csv  or  format: sql',
    "models/units.yml:6 unit-test-rows Take the line 'format:' out: mappings are its default.",
    "models/units.yml:7 unit-test-input Write  input: ref('model')  or  source('source', 'table')  or  this",
    'models/units.yml:8 fixture-missing Write:  format: csv',
    'models/units.yml:9 unit-test-rows Give it rows:, or fixture: with the name of a file below tests/fixtures; no rows at all are  rows: []',
    'tests/fixtures/long.csv:3 unit-test-rows A value with a comma goes in double quotes.',
  ]);
  await shop.write('models/units.yml', 'unit_tests: [{name: b, model: stg, given: [], expect: {rows: []}, overides: {}}]\n');
  hasProblem(await warningsOf(shop), { code: 'unknown-key', at: 'models/units.yml:1', hint: "Did you mean 'overrides'?" });
});

test('a model with versions has a test for each; an input without a version is the latest', async () => {
  const shop = await project({
    'project.yml': 'name: v\n',
    'seeds/raw.csv': 'id\n1\n',
    'models/dim_v1.sql': "select id from {{ ref('raw') }}",
    'models/dim_v2.sql': "select id + 1 as id from {{ ref('raw') }}",
    'models/both.sql': "select id from {{ ref('dim', v=1) }} union all select id + 10 from {{ ref('dim') }}",
    'models/all.yml': `models: [{name: dim, latest_version: 2, versions: [{v: 1}, {v: 2}]}]
unit_tests:
  - {name: all, model: dim, given: [{input: ref('raw'), rows: [{id: 1}]}], expect: {rows: [{id: 2}]}}
  - {name: one, model: dim, versions: {include: [1]}, given: [{input: ref('raw'), rows: [{id: 1}]}], expect: {rows: [{id: 1}]}}
  - {name: later, model: dim, versions: {exclude: [1]}, given: [{input: "ref('v', 'raw')", rows: [{id: 1}]}], expect: {rows: [{id: 2}]}}
  - {name: both, model: both, given: [{input: "ref('dim', v=1)", rows: [{id: 1}]}, {input: ref('dim'), rows: [{id: 1}]}], expect: {rows: [{id: 1}, {id: 11}]}}
`,
  });
  assert.equal(statuses(await shop.run('test')), {
    'unit_test.v.both.both': 'pass',
    'unit_test.v.dim.all_v1': 'fail',
    'unit_test.v.dim.all_v2': 'pass',
    'unit_test.v.dim.later_v2': 'pass',
    'unit_test.v.dim.one_v1': 'pass',
  });
  const ls = async (select: string): Promise<string> =>
    output(await shop.run('ls', { select }))
      .trim()
      .replaceAll('\n', ' ');
  assert.is(await ls('unit_test:all'), 'unit_test:v.all_v1 unit_test:v.all_v2');
  assert.is(await ls('unit_test:all_v1'), 'unit_test:v.all_v1');
  assert.is(await ls('dim.v1'), 'v.dim.v1 unit_test:v.all_v1 unit_test:v.one_v1');
});

test('a thousand given rows, and rows of a hundred columns', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `c${index}`);
  const shop = await project({
    'project.yml': 'name: v\n',
    'models/wide.yml': `models: [{name: wide, columns: [${names.map((name) => `{name: ${name}, data_type: integer}`).join(', ')}]}]
unit_tests: [{name: sums, model: sums, given: [{input: ref('wide'), fixture: wide}], expect: {rows: [{c0: 499500, c99: 1000, n: 1000}]}}]
`,
    'models/wide.sql': 'select no_such_column',
    'models/sums.sql': "select sum(c0) as c0, sum(c99) as c99, count(*) as n from {{ ref('wide') }}",
    'tests/fixtures/wide.csv': `c0,c99\n${Array.from({ length: 1000 }, (_, index) => `${index},1\n`).join('')}`,
  });
  assert.equal(statuses(await shop.run('test')), { 'unit_test.v.sums.sums': 'pass' });
});

test('nothing is left over in the warehouse', async () => {
  const shop = await project({ ...FILES, 'profiles.yml': 'p: {target: dev, outputs: {dev: {type: duckdb, path: dwh.duckdb}}}\n' });
  const done = results(await shop.run('test', { select: 'good deep' }));
  assert.equal(
    [...done.values()].map(({ status, failures, adapterResponse }) => [status, failures, adapterResponse]),
    [
      ['pass', 0, { _message: 'OK' }],
      ['pass', 0, { _message: 'OK' }],
    ],
  );
  assert.equal(
    await shop.query('select table_name from duckdb_tables() union all select view_name from duckdb_views() where not internal'),
    [],
  );
});

test.run();
