import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ModelNode, Node } from '../../src/core/node.ts';
import { link } from '../../src/graph/link.ts';
import { select } from '../../src/graph/select.ts';
import { noPast } from '../graph/builders.ts';
import { project } from '../support/fixture.ts';
import { type ExpectedProblem, hasProblem, throws } from '../support/rejects.ts';
import { parsed, problemsOf, warningsOf } from './project-of.ts';

const test = suite('project: versions of a model');

const ORDERS = `
models:
  - name: orders
    description: all of them
    latest_version: 2
    config: {tags: [sales], meta: {owner: ann}}
    columns:
      - name: id
        data_tests: [unique, not_null]
      - name: country
        description: two letters
    data_tests:
      - accepted_values: {arguments: {values: [1]}, column_name: id}
    versions:
      - v: 1
        deprecation_date: 2025-03-01
        config: {meta: {team: old}, materialized: table}
      - v: 2
        description: without countries
        columns:
          - include: all
            exclude: [country]
          - {name: id, description: the key}
        data_tests: []
      - v: 3.5
        defined_in: orders_next
        config: {alias: future}
        columns: [{include: [country]}]
`;
const FILES = {
  'project.yml': 'name: shop\nmodels:\n  shop:\n    sub: {orders: {v1: {+schema: old}}}\n',
  'models/sub/orders_v1.sql': 'select 1 as id',
  'models/orders.sql': 'select 1 as id',
  'models/orders_next.sql': 'select 1 as id',
  'models/orders.yml': ORDERS,
};
const shop = parsed(await project(FILES));
async function model(id: string): Promise<ModelNode> {
  const found = (await shop).nodes.get(id);
  if (found?.resource_type !== 'model') throw new Error(`no ${id} among ${[...(await shop).nodes.keys()].join(' ')}`);
  return found;
}

test('each version is a node with an id, a path of configs and an alias of its own', async () => {
  const shown = async (id: string): Promise<unknown> => {
    const { name, fqn, alias, relation, extra } = await model(id);
    return [name, fqn.join('.'), alias, relation.schema, extra.version, extra.latest_version];
  };
  assert.equal(await shown('model.shop.orders.v1'), ['orders', 'shop.sub.orders.v1', 'orders_v1', 'main_old', 1, 2]);
  assert.equal(await shown('model.shop.orders.v2'), ['orders', 'shop.orders.v2', 'orders_v2', 'main', 2, 2]);
  assert.equal(await shown('model.shop.orders.v3.5'), ['orders', 'shop.orders.v3.5', 'future', 'main', 3.5, 2]);
});

test('a version says what the model says, with its own words in place of it', async () => {
  const [first, second, third] = [
    await model('model.shop.orders.v1'),
    await model('model.shop.orders.v2'),
    await model('model.shop.orders.v3.5'),
  ];
  assert.equal(
    [first, second, third].map(({ description }) => description),
    ['all of them', 'without countries', 'all of them'],
  );
  assert.equal([first.meta, second.meta], [{ owner: 'ann', team: 'old' }, { owner: 'ann' }]);
  assert.equal([first.materialized, second.materialized], ['table', 'view']);
  assert.equal(
    [first, second, third].map(({ columns }) => columns.map(({ name, description }) => `${name} ${description}`.trim())),
    [['id', 'country two letters'], ['id the key'], ['country two letters']],
  );
  assert.equal([first.extra.deprecation_date, second.extra.deprecation_date], ['2025-03-01', undefined]);
});

test('tests are of each version, with its number in their names', async () => {
  const tests = [...(await shop).nodes.values()].flatMap((node) => (node.resource_type === 'test' ? [node] : []));
  assert.equal(tests.map(({ unique_id }) => unique_id).sort(), [
    'test.shop.accepted_values_orders_v1_id__1.a01479ac6a',
    'test.shop.accepted_values_orders_v3.5_id__1.35f92ff49a',
    'test.shop.not_null_orders_v1_id.769f7287fe',
    'test.shop.not_null_orders_v2_id.468337f0ff',
    'test.shop.unique_orders_v1_id.4f8f74f68f',
    'test.shop.unique_orders_v2_id.677958d3ed',
  ]);
  const { project: read } = await shop;
  const attached = link(read).nodes.get(
    tests.find(({ name }) => name === 'unique_orders_v1_id')?.unique_id ?? tests[0]?.unique_id ?? ('' as never),
  );
  assert.equal(attached?.depends_on, ['model.shop.orders.v1']);
  assert.is(tests.find(({ name }) => name === 'unique_orders_v1_id')?.at.line, 9);
});

const refs = async (sql: string): Promise<readonly string[]> => {
  const { project: read } = await parsed(await project({ ...FILES, 'models/reads.sql': sql }));
  return [...(link(read).nodes.get('model.shop.reads' as Node['unique_id'])?.depends_on ?? [])];
};

test('a ref without a version is the latest; one with a version is that one, however it is written', async () => {
  assert.equal(await refs("select * from {{ ref('orders') }}"), ['model.shop.orders.v2']);
  for (const written of ['v=1', "v='1'", 'version=1', "version='1'"])
    assert.equal(await refs(`select * from {{ ref('orders', ${written}) }}`), ['model.shop.orders.v1'], written);
  assert.equal(await refs("select * from {{ ref('shop', 'orders', v=3.5) }}"), ['model.shop.orders.v3.5']);
});

test('a ref to a version that is not there names those that are', async () => {
  const { project: read } = await parsed(await project({ ...FILES, 'models/reads.sql': "select * from {{ ref('orders', v=4) }}" }));
  throws(() => link(read), {
    code: 'ref-not-found',
    at: 'models/reads.sql:1:18',
    message: 'in version 4',
    hint: 'Its versions are: 1, 2, 3.5',
  });
});

test('selection knows them: by name, by name and version, by what they are to the latest', async () => {
  const manifest = link((await shop).project);
  const chosen = (term: string): string =>
    select(
      manifest,
      { select: [term], exclude: [], resourceTypes: [], excludeResourceTypes: [], indirect: 'empty' },
      { command: 'ls', load: true },
      noPast,
    )
      .chosen.map((id) => id.split('.').slice(2).join('.'))
      .sort()
      .join(' ');
  assert.is(chosen('orders'), 'orders.v1 orders.v2 orders.v3.5');
  assert.is(chosen('orders.v1'), 'orders.v1');
  assert.is(chosen('orders_v2'), 'orders.v2');
  assert.is(chosen('version:latest'), 'orders.v2');
  assert.is(chosen('version:prerelease'), 'orders.v3.5');
  assert.is(chosen('version:old'), 'orders.v1');
});

test('texts are versions, too, and are ordered as texts; 1.0 is not 1', async () => {
  const versions = async (list: string): Promise<readonly string[]> => {
    const files = ['1', '1.0', '9', '10', 'beta', 'alpha'].map((v) => [`models/a_v${v}.sql`, 'select 1 as id'] as const);
    const { nodes } = await parsed(
      await project({
        'project.yml': 'name: shop\n',
        'models/a.yml': `models: [{name: a, versions: [${list}]}]\n`,
        ...Object.fromEntries(files),
      }),
    );
    return [...nodes.values()].flatMap((node) =>
      node.resource_type === 'model' && node.extra.version !== undefined ? [`${node.unique_id} of ${node.extra.latest_version}`] : [],
    );
  };
  assert.equal(await versions('{v: 9}, {v: 10}'), ['model.shop.a.v10 of 10', 'model.shop.a.v9 of 10']);
  assert.equal(await versions("{v: '9'}, {v: '10'}"), ['model.shop.a.v10 of 10', 'model.shop.a.v9 of 10']);
  assert.equal(await versions('{v: beta}, {v: alpha}'), ['model.shop.a.valpha of beta', 'model.shop.a.vbeta of beta']);
  assert.equal(await versions('{v: 1.0}'), ['model.shop.a.v1.0 of 1.0']);
});

const mistakes = async (yaml: string, files: Readonly<Record<string, string>>, ...wanted: ExpectedProblem[]): Promise<void> => {
  const problems = await problemsOf(await project({ 'project.yml': 'name: shop\n', 'models/a.yml': yaml, ...files }));
  for (const one of wanted) hasProblem(problems, one);
};
const A = { 'models/a_v1.sql': 'select 1 as id' };

test('versions that contradict each other are mistakes, each at its line', async () => {
  await mistakes('models:\n- name: a\n  versions:\n  - v: 1\n  - v: 1\n', A, {
    code: 'version-twice',
    at: 'models/a.yml:5',
    message: 'first on line 4',
  });
  await mistakes('models:\n- name: a\n  latest_version: 2\n  versions: [{v: 1}]\n', A, {
    code: 'version-not-found',
    at: 'models/a.yml:3',
    message: "the versions of 'a' are: 1",
  });
  await mistakes('models:\n- name: a\n  versions:\n  - {defined_in: a_v1}\n', A, {
    code: 'config-missing',
    at: 'models/a.yml:4',
    message: "no 'v'",
  });
  await mistakes('models:\n- name: a\n  versions:\n  - v: 1\n    columns: [{include: [b], exclude: [c]}]\n', A, {
    at: 'models/a.yml:5',
    message: "'exclude'",
  });
});

test('a version without a file is a warning that says where it was looked for', async () => {
  const files = { 'project.yml': 'name: shop\n', 'models/a.yml': 'models:\n- name: a\n  versions:\n  - v: 1\n  - v: 2\n', ...A };
  hasProblem(await warningsOf(await project(files)), {
    code: 'version-without-file',
    at: 'models/a.yml:5',
    message: 'there is no a_v2.sql, nor a.v2.sql, nor a.sql',
  });
});

test('a file of the name that is none of the versions is a mistake', async () => {
  const files = {
    'project.yml': 'name: shop\n',
    'models/a.yml': 'models: [{name: a, versions: [{v: 1}]}]\n',
    ...A,
    'models/a.sql': 'select 1 as id',
  };
  const { project: read } = await parsed(await project(files));
  throws(() => link(read), { code: 'duplicate-name', at: 'models/a.sql:1', message: 'none of them' });
});

test('what is wrong in a version is shown where it stands: in the version, or in the model', async () => {
  const yaml = `models:
- name: a
  columns:
    - {name: id, data_tests: [nique]}
  versions:
  - v: 1
    config: {materialised: table}
    columns:
      - {name: b, data_tests: [nul]}
`;
  await mistakes(yaml, A, { code: 'test-not-found', at: 'models/a.yml:4' }, { code: 'test-not-found', at: 'models/a.yml:9' });
  const fixed = yaml.replace('nique', 'unique').replace('[nul]', '[not_null]');
  hasProblem(await warningsOf(await project({ 'project.yml': 'name: shop\n', 'models/a.yml': fixed, ...A })), {
    message: 'materialised',
    at: 'models/a.yml:7',
  });
});

test('ephemeral versions stand side by side', async () => {
  const library = await project({
    'project.yml': 'name: shop\n',
    'models/a.yml': 'models: [{name: a, config: {materialized: ephemeral}, versions: [{v: 1}, {v: 2}]}]\n',
    'models/a_v1.sql': 'select 1 as id',
    'models/a_v2.sql': 'select 2 as id',
    'models/b.sql': "{{ config(materialized='table') }} select * from {{ ref('a') }} union all select * from {{ ref('a', v=1) }}",
  });
  await library.build();
  assert.equal(await library.query('select id from b order by id'), [['1'], ['2']]);
});

test.run();
