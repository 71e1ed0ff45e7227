import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ModelNode, Node, SourceNode, TestNode } from '../../src/core/node.ts';
import { copyFixture, project } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { parsed, problemsOf } from './project-of.ts';

const test = suite('project: parse');

const only = <T extends Node['resource_type']>(
  nodes: ReadonlyMap<string, Node>,
  id: string,
  type: T,
): Extract<Node, { resource_type: T }> => {
  const node = nodes.get(id);
  if (node?.resource_type !== type) throw new Error(`no ${type} ${id} among ${[...nodes.keys()].join(', ')}`);
  return node as Extract<Node, { resource_type: T }>;
};
const model = (nodes: ReadonlyMap<string, Node>, id: string): ModelNode => only(nodes, id, 'model');
const source = (nodes: ReadonlyMap<string, Node>, id: string): SourceNode => only(nodes, id, 'source');
const testNode = (nodes: ReadonlyMap<string, Node>, id: string): TestNode => only(nodes, id, 'test');

test('shop: nodes have the ids that dbt 1.11 gives them', async () => {
  const { project: shop } = await parsed(copyFixture('shop'));
  // As in the manifest.json that dbt 1.11.16 writes of this project, and the question besides.
  assert.equal(shop.nodes.map(({ unique_id }) => unique_id as string).sort(), [
    'analysis.shop.best_customers',
    'analysis.shop.monthly_sales',
    'model.shop.customers',
    'model.shop.orders',
    'model.shop.stg_customers',
    'model.shop.stg_orders',
    'seed.shop.raw_customers',
    'seed.shop.raw_orders',
    'test.shop.accepted_values_customers_currency___var_currency_.b46100b2ba',
    'test.shop.accepted_values_stg_orders_state__open__paid__returned.4b11133c0c',
    'test.shop.best_customers',
    'test.shop.no_order_costs_less_than_nothing.0a3e5cc506',
    'test.shop.no_paid_order_without_customer',
    'test.shop.not_negative_orders_amount.8c633294f8',
    'test.shop.not_null_orders_order_id.cf6c17daed',
    'test.shop.not_null_stg_customers_customer_id.e2cfb1f9aa',
    'test.shop.not_null_stg_orders_order_id.81cfe2fe64',
    'test.shop.relationships_stg_orders_customer_id__customer_id__ref_stg_customers_.430bf21500',
    'test.shop.unique_customers_customer_id.c5af1ff4b1',
    'test.shop.unique_orders_order_id.fed79b3a6e',
    'test.shop.unique_stg_customers_customer_id.c7614daada',
    'test.shop.unique_stg_orders_order_id.e3b841c71a',
  ]);
  assert.equal(
    shop.disabled.map(({ unique_id }) => unique_id as string),
    ['model.shop.old_orders'],
  );
  assert.equal(shop.warnings, []);
});

test('shop: a model is what its file, its properties and the project file say together', async () => {
  const { nodes } = await parsed(copyFixture('shop'));
  const orders = model(nodes, 'model.shop.orders');
  assert.is(orders.checksum, '2b6f4dc6c8065321e452656c5a599b7959c4d7078d09926d3f8f1aa9528d6dc8', 'dbt’s');
  assert.equal(orders.fqn, ['shop', 'marts', 'orders']);
  assert.is(orders.path, 'marts/orders.sql');
  assert.is(orders.original_file_path, 'models/marts/orders.sql');
  assert.is(orders.patch_path, 'shop://models/marts/marts.yml');
  assert.is(orders.description, 'Orders with the name of who ordered.\n\nReturned ones are kept.');
  assert.equal(orders.tags, ['shop', 'marts', 'daily']);
  assert.equal(orders.meta, { owner: 'sales', contact: 'ada' });
  assert.is(orders.materialized, 'table');
  assert.is(orders.alias, 'fct_orders');
  assert.is(orders.relation.identifier, 'fct_orders');
  assert.equal(
    orders.refs.map(({ name, at }) => [name, at.line]),
    [
      ['stg_orders', 4],
      ['stg_customers', 5],
    ],
  );
  assert.equal(
    orders.columns.map(({ name, data_type }) => [name, data_type]),
    [
      ['order_id', 'integer'],
      ['amount', undefined],
    ],
  );
  assert.equal(orders.depends_on, []);
  assert.equal(model(nodes, 'model.shop.stg_orders').depends_on_macros, ['macro.shop.cents_to_units']);
});

test('shop: a generic test calls its macro, and knows what it is about', async () => {
  const { nodes } = await parsed(copyFixture('shop'));
  const related = testNode(nodes, 'test.shop.relationships_stg_orders_customer_id__customer_id__ref_stg_customers_.430bf21500');
  assert.is(related.alias, 'relationships_stg_orders_96411fe0c89b49c3f4da955dfd358ba0');
  assert.is(related.path, 'relationships_stg_orders_96411fe0c89b49c3f4da955dfd358ba0.sql');
  assert.is(
    related.raw_code,
    '{{ test_relationships(**_dbt_generic_test_kwargs) }}{{ config(alias="relationships_stg_orders_96411fe0c89b49c3f4da955dfd358ba0") }}',
  );
  assert.equal(
    related.refs.map(({ name }) => name),
    ['stg_customers', 'stg_orders'],
  );
  assert.equal(related.attached_to, { kind: 'node', name: 'stg_orders' });
  assert.is(related.at.file, 'models/staging/staging.yml');
  assert.is(related.at.line, 22);
  const own = testNode(nodes, 'test.shop.not_negative_orders_amount.8c633294f8');
  assert.is(own.config.severity, 'warn');
  assert.is(own.raw_code, '{{ test_not_negative(**_dbt_generic_test_kwargs) }}{{ config(severity="warn") }}');
  assert.equal(own.depends_on_macros, ['macro.shop.test_not_negative', 'macro.dbt.get_where_subquery']);
  assert.equal(own.reached_macros, [
    'macro.dbt.get_where_subquery',
    'macro.dbt.default__get_where_subquery',
    'macro.shop.test_not_negative',
  ]);
  assert.is(own.file_key_name, 'models.orders');
});

test('shop: an analysis that expects rows is a question, too', async () => {
  const { nodes } = await parsed(copyFixture('shop'));
  const question = testNode(nodes, 'test.shop.best_customers');
  assert.is(question.test_kind, 'question');
  assert.equal(question.expect, {
    file: 'analyses/best_customers.csv',
    text: 'customer_name,paid\nChloé,45.0\nAda,15.5\n',
    ordered: true,
    tolerance: 0.001,
  });
  assert.equal(
    question.refs.map(({ name }) => name),
    ['customers'],
  );
});

test('what a source says of freshness under config: counts more than what it says beside it, and its tables more than both', async () => {
  const hours = (count: number): string => `{warn_after: {count: ${count}, period: hour}}`;
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/raw.yml': `sources:
  - name: raw
    freshness: {warn_after: {count: 10, period: hour}, error_after: {count: 11, period: hour}}
    config: {freshness: ${hours(12)}}
    tables:
      - {name: plain}
      - {name: own, freshness: ${hours(3)}}
      - {name: both, freshness: ${hours(3)}, config: {freshness: ${hours(4)}}}
`,
  });
  const { nodes } = await parsed(shop);
  const warned = ['plain', 'own', 'both'].map((name) => source(nodes, `source.shop.raw.${name}`).freshness);
  assert.equal(
    warned.map((one) => one?.warn_after?.count),
    [12, 3, 4],
  );
  assert.equal(
    warned.map((one) => one?.error_after?.count),
    [11, 11, 11],
  );
});

test('null takes back what a source says of freshness and of when rows came; a filter is only exchanged', async () => {
  const of = (name: string, more: string): string => `      - {name: ${name}${more}}\n`;
  const shop = await project({
    'project.yml': 'name: shop\nsources: {shop: {far: {+freshness: {warn_after: {count: 9, period: day}}, +loaded_at_field: far_at}}}\n',
    'models/raw.yml': `sources:
  - name: raw
    loaded_at_field: at
    freshness: {warn_after: {count: 1, period: day}, error_after: {count: 2, period: day}, filter: x > 1}
    tables:
${of('plain', '')}${of('none', ', freshness: null')}${of('off_within', ', config: {freshness: null}')}${of('on_again', ', freshness: null, config: {freshness: {warn_after: {count: 8, period: day}}}')}${of('no_warning', ', freshness: {warn_after: null}')}${of('filter_null', ', freshness: {filter: null}')}${of('no_field', ', loaded_at_field: null')}${of('field_null_within', ', config: {loaded_at_field: null}')}${of('query', ', loaded_at_query: select 1')}
  - name: asked
    loaded_at_query: select 1
    tables:
${of('plain', '')}${of('no_field', ', loaded_at_field: null')}${of('field', ', loaded_at_field: own')}
  - name: silent
    freshness: null
    tables:
${of('plain', '')}${of('again', ', freshness: {warn_after: {count: 3, period: day}}')}
  - name: far
    tables:
${of('plain', '')}${of('own', ', loaded_at_field: own')}${of('none', ', loaded_at_field: null, freshness: null')}
`,
  });
  const { nodes } = await parsed(shop);
  const shown = [...nodes.values()].flatMap((node) => {
    if (node.resource_type !== 'source') return [];
    const { warn_after, error_after, filter } = node.freshness ?? {};
    const spec = node.freshness
      ? [warn_after?.count, error_after?.count, filter].map((one) => one ?? '-').join(' ')
      : node.config.freshness;
    return [[`${node.source_name}.${node.name}`, [spec, node.loaded_at_field, node.loaded_at_query].map((one) => one ?? null)] as const];
  });
  assert.equal(Object.fromEntries(shown), {
    'raw.plain': ['1 2 x > 1', 'at', null],
    'raw.none': [null, 'at', null],
    'raw.off_within': [null, 'at', null],
    'raw.on_again': ['8 - -', 'at', null],
    'raw.no_warning': ['- 2 x > 1', 'at', null],
    'raw.filter_null': ['1 2 x > 1', 'at', null],
    'raw.no_field': ['1 2 x > 1', null, null],
    'raw.field_null_within': ['1 2 x > 1', 'at', null],
    'raw.query': ['1 2 x > 1', 'at', 'select 1'],
    'asked.plain': [null, null, 'select 1'],
    'asked.no_field': [null, null, null],
    'asked.field': [null, 'own', null],
    'silent.plain': [null, null, null],
    'silent.again': ['3 - -', null, null],
    'far.plain': ['9 - -', 'far_at', null],
    'far.own': ['9 - -', 'own', null],
    'far.none': [null, null, null],
  });
  // dbt shows both as null in manifest.json, where a source that says nothing has thresholds without counts.
  assert.equal(
    [source(nodes, 'source.shop.raw.none').config.freshness, source(nodes, 'source.shop.asked.plain').config.freshness],
    [null, undefined],
  );
});

test('a column and a query that both say when rows came are refused', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/raw.yml':
      'sources:\n  - {name: raw, loaded_at_field: at, loaded_at_query: select 1, tables: [{name: a}]}\n  - {name: more, tables: [{name: b, loaded_at_field: null, config: {loaded_at_query: select 1}}]}\n',
  });
  const problems = await problemsOf(shop);
  hasProblem(problems, { code: 'config-value', message: 'stand here for the same tables', at: 'models/raw.yml:2:38' });
  assert.is(problems.length, 2);
});

test('library: sources, their tests, operations and custom schemas', async () => {
  const { nodes, project: library } = await parsed(copyFixture('library'));
  assert.equal(library.warnings, []);
  const loans = source(nodes, 'source.library.desk.loans');
  assert.equal([loans.relation.schema, loans.relation.identifier, loans.loaded_at_field], ['main', 'desk_loans', 'lent_on']);
  assert.equal(loans.freshness, { warn_after: { count: 400, period: 'day' } });
  assert.equal(loans.fqn, ['library', 'core', 'desk', 'loans']);
  assert.equal(loans.tags, ['desk']);
  assert.ok(nodes.has('test.library.dbt_utils_not_accepted_values_loans_late__maybe.46c32a6138'), 'dbt_utils is not installed');
  assert.equal(testNode(nodes, 'test.library.source_unique_desk_loans_loan_id.5682c0d393').tags, ['desk']);
  assert.is(model(nodes, 'model.library.loans').relation.schema, 'lending', 'its own generate_schema_name');
  assert.is(model(nodes, 'model.library.loans').materialized, 'view');
  assert.is(only(nodes, 'operation.library.library-on-run-end-0', 'operation').raw_code, 'select 1');
  assert.is(library.settings.name, 'library');
});

test('library: the target decides what the project file’s templates say', async () => {
  const { nodes } = await parsed(copyFixture('library'), { target: 'prod' });
  assert.is(model(nodes, 'model.library.loans').materialized, 'table');
});

test('tests are read in every spelling', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/a.sql': 'select 1 as id',
    'models/a.yml': `
models:
  - name: a
    columns:
      - name: id
        tests:
          - unique
          - not_null: {severity: warn, name: has_id}
          - test_name: accepted_values
            values: [1, 2.0, true]
          - accepted_values: {values: [a], config: {tags: [x], where: "id > 0"}, description: Only a.}
          - dbt_expectations.expect_column_values_to_not_be_null
`,
  });
  const { nodes } = await parsed(shop);
  const tests = [...nodes.values()].filter((node): node is TestNode => node.resource_type === 'test');
  assert.equal(
    tests.map(({ name }) => name),
    [
      'unique_a_id',
      'has_id',
      'accepted_values_a_id__1__2_0__True',
      'accepted_values_a_id__a',
      'dbt_expectations_expect_column_values_to_not_be_null_a_id',
    ],
  );
  assert.is(tests[1]?.config.severity, 'warn');
  assert.equal([tests[3]?.config.where, tests[3]?.tags, tests[3]?.description], ['id > 0', ['x'], 'Only a.']);
  assert.equal(tests[2]?.test_metadata?.kwargs.values, [1, 2, true]);
});

test('a source with load: is a COPY, with its defaults and the warehouse’s own parameters', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nvars: {log_data: logs/}\n',
    'models/sources.yml': `
sources:
  - name: raw
    schema: "{{ target.schema }}"
    tables:
      - name: events
        load:
          from: "{{ var('log_data') }}"
          jsonpaths: auto
          on_error: reject
          max_errors: 10
          truncate_columns: true
          region: us-west-2
          iam_role: "{{ env_var('ROLE', 'default') }}"
        columns:
          - {name: ts, data_type: bigint}
`,
  });
  const { nodes } = await parsed(shop);
  const { load } = source(nodes, 'source.shop.raw.events');
  assert.equal(load, {
    from: 'logs/',
    format: 'json',
    jsonpaths: 'auto',
    mode: 'append',
    on_error: 'reject',
    max_errors: 10,
    on_change: 'error',
    truncate_columns: true,
    allow_empty: false,
    options: { region: 'us-west-2', iam_role: 'default' },
    at: { file: 'models/sources.yml', line: 7, column: 9 },
  });
});

test('vars, environment and target reach models and YAML alike', async () => {
  const shop = await project({
    'project.yml': "name: shop\nvars: {kind: table, shop: {tag: own}}\nmodels: {shop: {+schema: \"{{ env_var('WHERE', 'here') }}\"}}\n",
    'models/a.sql': "{{ config(materialized=var('kind'), tags=[var('tag')]) }} select '{{ target.name }}'",
    'models/a.yml':
      'models: [{name: a, config: {enabled: "{{ var(\'on\', true) | as_bool }}", meta: {n: "{{ var(\'n\', 3) | as_number }}"}}}]\n',
  });
  const a = model((await parsed(shop)).nodes, 'model.shop.a');
  assert.equal(
    [a.materialized, a.tags, a.relation.schema.endsWith('_here'), a.config.enabled, a.meta],
    ['table', ['own'], true, true, { n: 3 }],
  );
  const b = model((await parsed(shop, { vars: { kind: 'view', on: false }, env: { WHERE: 'there' } })).nodes, 'model.shop.a');
  assert.equal([b.materialized, b.relation.schema.endsWith('_there'), b.config.enabled], ['view', true, false]);
});

test('hooks are kept in order, farther ones first, and what they refer to is recorded', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+pre-hook: "select 1", +post-hook: {sql: "analyze {{ this }}", transaction: false}}\n',
    'models/a.sql': "{{ config(pre_hook=[\"select * from {{ ref('b') }}\"], post_hook='select 3') }} select 1",
    'models/b.sql': 'select 2',
  });
  const a = model((await parsed(shop)).nodes, 'model.shop.a');
  assert.equal(a.pre_hooks, [
    { sql: 'select 1', transaction: true },
    { sql: "select * from {{ ref('b') }}", transaction: true },
  ]);
  assert.equal(a.post_hooks, [
    { sql: 'analyze {{ this }}', transaction: false },
    { sql: 'select 3', transaction: true },
  ]);
  assert.equal(
    a.refs.map(({ name }) => name),
    ['b'],
  );
});

test('the root project overrides a package’s source, and has the last word on its models', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {tools: {+materialized: table}}\nvars: {tools: {unit: month}}\n',
    'models/s.yml': 'sources: [{name: raw, overrides: tools, schema: mine, tables: [{name: a, identifier: a_1}]}]\n',
    'dbt_packages/tools/dbt_project.yml': 'name: tools\nvars: {unit: day, other: x}\n',
    'dbt_packages/tools/models/s.yml': 'sources: [{name: raw, schema: theirs, tables: [{name: a}, {name: b}]}]\n',
    'dbt_packages/tools/models/m.sql':
      "{{ config(materialized='view', meta={'unit': var('unit'), 'other': var('other')}) }} select * from {{ source('raw', 'a') }}",
  });
  const { nodes, project: read } = await parsed(shop);
  assert.equal(source(nodes, 'source.tools.raw.a').relation.identifier, 'a_1');
  assert.equal(source(nodes, 'source.tools.raw.a').relation.schema, 'mine');
  assert.equal(source(nodes, 'source.tools.raw.b').relation, {
    ...source(nodes, 'source.tools.raw.b').relation,
    schema: 'mine',
    identifier: 'b',
  });
  const m = model(nodes, 'model.tools.m');
  assert.is(m.materialized, 'table');
  assert.equal(m.meta, { unit: 'month', other: 'x' });
  assert.equal(read.packageOrder, ['shop', 'tools']);
});

test('selectors, docs and macros are there for who comes after', async () => {
  const { project: shop } = await parsed(
    await project({
      'project.yml': 'name: shop\n',
      'selectors.yml': 'selectors:\n  - name: nightly\n    definition: "tag:nightly"\n',
      'macros/m.sql': '{% macro one(a) %}{{ a }}{% endmacro %}\n{% macro two() %}2{% endmacro %}',
      'macros/m.yml': 'macros: [{name: one, description: "{{ doc(\'d\') }}", arguments: [{name: a, type: int}]}]\n',
      'models/d.md': '{% docs d %}About one.{% enddocs %}',
    }),
  );
  assert.equal(shop.selectors, { nightly: { name: 'nightly', definition: 'tag:nightly' } });
  const one = shop.macros.get('macro.shop.one');
  assert.equal(
    [one?.description, one?.arguments, one?.patch_path],
    ['About one.', [{ name: 'a', type: 'int', description: '' }], 'shop://macros/m.yml'],
  );
  assert.ok(shop.macros.has('macro.shop.two'));
  assert.is(shop.docs.get('doc.shop.d')?.block_contents, 'About one.');
});

test.run();
