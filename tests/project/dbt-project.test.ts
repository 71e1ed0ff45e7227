import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Node } from '../../src/core/node.ts';
import { project } from '../support/fixture.ts';
import { parsed } from './project-of.ts';

// What these tests expect is what dbt 1.11's manifest.json holds for the same files.
const test = suite('project: a dbt project as it is');

const FILES: Readonly<Record<string, string>> = {
  'dbt_project.yml': `
name: 'shop'
version: '1.0.0'
config-version: 2
require-dbt-version: [">=1.6.0", "<2.0.0"]
model-paths: ["models"]
analysis-paths: ["analyses"]
docs-paths: ["docs", "models"]
asset-paths: ["assets"]
log-path: "logs"
packages-install-path: "dbt_packages"
clean-targets: ["target", "dbt_packages"]
quoting: {database: true, schema: true, identifier: true}
query-comment: "run by {{ target.name }}"
flags: {send_anonymous_usage_stats: false, use_colors: false}
dispatch:
  - macro_namespace: utils
    search_order: [shop, utils]
vars:
  start_date: '2024-01-01'
  shop: {payment_methods: [credit_card, coupon]}
  utils: {unit: week}
on-run-start: ["create table if not exists audit (x int)", "{{ log_start() }}"]
on-run-end: "select 1"
models:
  +persist_docs: {relation: true, columns: true}
  +meta: {level: top, keep: 1}
  +tags: all
  tags: also
  +grants: {select: [reader]}
  shop:
    +materialized: view
    +pre-hook: "select 'project'"
    +post-hook: ["select 1", {sql: "vacuum", transaction: false}]
    staging:
      +materialized: ephemeral
      +enabled: "{{ var('staging', true) }}"
      +tags: ["staging", "daily"]
      +schema: stg
      +meta: {level: staging}
      stripe: {tags: stripe}
    marts:
      materialized: table
      +grants: {+select: [analyst], insert: writer}
      core: {orders: {+alias: orders_final, +tags: [big]}}
  utils: {+schema: root_says, +tags: [root], +meta: {own: root}}
seeds:
  shop: {+quote_columns: "{{ var('quote', false) }}", raw: {+schema: raw, +column_types: {amount: "decimal(10,2)"}}}
sources:
  shop: {staging: {app: {+meta: {owner: app}, +freshness: {warn_after: {count: 1, period: day}}, events: {+enabled: false}}}}
data_tests:
  +severity: warn
  +tags: [tested]
  shop: {staging: {+severity: error, +meta: {t: 1}}}
`,
  'packages.yml': 'packages:\n  - package: somebody/utils\n    version: [">=1.0.0", "<2.0.0"]\n',
  'selectors.yml':
    'selectors: [{name: nightly, definition: {union: [{method: tag, value: daily}, {exclude: [{method: fqn, value: orders}]}]}}]\n',
  'models/staging/stripe/stg_payments.sql': "select id, {{ cents('amount') }} as amount from {{ ref('raw_payments') }}\n",
  'models/staging/stg_orders.sql':
    "{{ config(tags='cfg', meta={'from': 'config', 'keep': 2}, post_hook=\"select 2\") }}\nselect * from {{ source('app', 'orders') }}\n",
  'models/staging/_models.yml': `
version: 2
anchors: {severity: &severity {severity: warn}}
models:
  - name: stg_payments
    description: "{{ doc('payments') }}"
    config: {tags: ['yaml'], meta: {owner: "@ada"}}
    columns:
      - name: id
        description: Primary key
        tests: [unique, not_null]
      - name: order_id
        quote: true
        tests:
          - not_null: {<<: *severity}
          - relationships:
              to: ref('stg_orders')
              field: id
              config: {where: "order_id is not null", severity: error}
      - name: amount
        tests:
          - utils.in_range: {min_value: 0, max_value: 1000.0, inclusive: true}
          - accepted_values: {name: my_own_name, values: ['a', "b'c", 1, 2.5, true], quote: false, tags: [values]}
  - name: stg_orders
    meta: {yaml: 1}
    docs: {show: false}
    columns:
      - name: id
        config: {meta: {c: 1}, tags: [col]}
        data_tests:
          - unique: {config: {error_if: ">10", warn_if: ">0", limit: 5, store_failures: true, store_failures_as: view}}
      - name: status
        tags: [pii]
        data_tests: [{accepted_values: {arguments: {values: "{{ var('statuses', ['placed', 'paid']) }}"}}}]
`,
  'models/staging/_sources.yml': `
version: 2
sources:
  - name: app
    schema: "{{ var('raw_schema', 'raw') }}"
    loader: ferry
    loaded_at_field: loaded_at
    tags: [src]
    meta: {contact: x}
    freshness: {warn_after: {count: 12, period: hour}, error_after: {count: 1, period: day}, filter: "x > 1"}
    tables:
      - name: orders
        identifier: "Orders_{{ target.name }}"
        freshness: {warn_after: {count: 6, period: hour}}
        columns: [{name: id, tests: [unique, {relationships: {to: "source('app', 'customers')", field: id}}]}]
      - {name: customers, freshness: null, external: {location: "s3://x/{name}.parquet"}, config: {meta: {m: 1}}}
      - name: events
  - name: log
    tables: [{name: lines}]
`,
  'models/marts/core/orders.sql': `
{{ config(unique_key='order_id', meta={'x': {'y': [1, 2.0, none]}}) }}
{%- set methods = var('payment_methods') -%}
select o.id as order_id
{%- for method in methods %}, sum(case when p.method = '{{ method }}' then amount end) as {{ method }}_amount{% endfor %}
from {{ ref('stg_orders') }} o left join {{ ref('shop', 'stg_payments') }} p on o.id = p.order_id
where day >= '{{ var("start_date") }}'
`,
  'models/marts/core/off.sql': '{{ config(enabled=false) }} select 1',
  'models/marts/core/dim_v1.sql': 'select 1 as id',
  'models/marts/core/schema.yaml': `
version: 2
groups: [{name: finance, owner: {name: Fin, email: fin@example.com}}]
models:
  - {name: orders, access: public, constraints: [{type: primary_key, columns: [order_id]}], tests: [{even: {arg: [1, {a: b}], severity: warn}}]}
  - {name: dim, latest_version: 1, versions: [{v: 1, defined_in: dim_v1}]}
exposures: [{name: dash, type: dashboard, depends_on: [ref('orders')], owner: {name: A, email: a@b.c}}]
metrics: [{name: revenue, label: Revenue, type: simple, type_params: {measure: total}}]
semantic_models: [{name: orders, model: ref('orders'), entities: [{name: order, type: primary, expr: order_id}]}]
saved_queries: [{name: all_orders, query_params: {metrics: [revenue]}}]
unit_tests: [{name: one, model: orders, given: [{input: ref('stg_orders'), rows: [{id: 1}]}], expect: {rows: [{order_id: 1}]}}]
`,
  'docs/payments.md':
    '{% docs payments %}\n# Payments\n{% raw %}{{ ref("x") }}{% endraw %} and {{ ref("y") }}\n{% enddocs %}\n{% docs __overview__ %}All {# here #}of it{% enddocs %}',
  'seeds/raw/raw_payments.csv': 'id,amount\n1,100\n',
  'seeds/properties.yml':
    'seeds: [{name: raw_payments, config: {column_types: {id: int}, delimiter: ","}, columns: [{name: id, tests: [unique]}]}]\n',
  'macros/cents.sql': `{% macro cents(column_name, scale=2) -%} {{ return(adapter.dispatch('cents', 'shop')(column_name, scale)) }} {%- endmacro %}
{% macro default__cents(column_name, scale) %}({{ column_name }} / 100)::numeric(16, {{ scale }}){% endmacro %}
{% macro log_start() %}{% if execute %}{{ log('start', info=true) }}{% endif %}select 1{% endmacro %}`,
  'macros/names.sql': `{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%} {{ target.schema }}
    {%- elif node.resource_type == 'seed' -%} {{ custom_schema_name | trim }}
    {%- else -%} {{ target.schema }}_{{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}`,
  'macros/even.sql':
    '{% test even(model, arg) %}{{ config(severity="error", tags=["mac"]) }}select * from {{ model }} where false{% endtest %}',
  'macros/macros.yml': 'macros: [{name: cents, description: Converts, arguments: [{name: column_name, type: string}]}]\n',
  'tests/assert_positive.sql': "{{ config(severity='error', tags=['singular']) }}\nselect * from {{ ref('orders') }} where false",
  'tests/schema.yml': 'data_tests: [{name: assert_positive, description: positive, config: {meta: {m: 1}}}]\n',
  'snapshots/old.sql':
    "{% snapshot old %}{{ config(target_schema='s', unique_key='id', strategy='check', check_cols='all') }}select * from {{ ref('stg_orders') }}{% endsnapshot %}",
  'snapshots/new.yml':
    "snapshots: [{name: new, relation: \"source('app', 'customers')\", config: {unique_key: id, strategy: timestamp, updated_at: t}}]\n",
  'analyses/top.sql': "{{ config(tags=['a']) }} select * from {{ ref('orders') }} limit 10",
  'models/marts/README.md': '# just text {{ not rendered }} \n',
  'tests/.gitkeep': '',
  'dbt_packages/utils/dbt_project.yml': `name: utils
version: 1.0.0
config-version: 2
models: {utils: {+materialized: table, +tags: [pkg], +meta: {own: 1, mine: 1}, +schema: own}}
vars: {utils: {unit: day}, other: 3}
`,
  'dbt_packages/utils/macros/tests.sql':
    '{% test in_range(model, column_name, min_value=none, max_value=none, inclusive=true) %}select 1 from {{ model }} where false{% endtest %}',
  'dbt_packages/utils/models/calendar.sql':
    "{{ config(tags=[var('unit')], materialized='incremental') }} select 1 as day, {{ var('other') }} as o",
};

const read = parsed(await project(FILES));
async function node(id: string): Promise<Node> {
  const found = (await read).nodes.get(id);
  if (!found) throw new Error(`no ${id} among ${[...(await read).nodes.keys()].join(' ')}`);
  return found;
}

test('what dwh does not do yet is passed over with a note, and nothing else is wrong', async () => {
  const { warnings } = (await read).project;
  assert.equal(
    warnings.map(({ code, message }) => `${code}: ${message}`),
    ['semantic-layer: passed over: 1 metric, 1 semantic model, 1 saved query, for dwh has no semantic layer'],
  );
});

test('tags, meta, hooks and grants add up, all else is replaced', async () => {
  const { config } = await node('model.shop.stg_orders');
  assert.is(config.materialized, 'ephemeral');
  assert.is(config.enabled, true);
  assert.equal(config.tags, ['also', 'staging', 'daily', 'cfg']);
  assert.equal(config.meta, { level: 'staging', keep: 2, yaml: 1, from: 'config' });
  assert.equal(
    [config['pre-hook'], config['post-hook']].map((hooks) => JSON.stringify(hooks)),
    [
      '[{"sql":"select \'project\'","transaction":true,"index":null}]',
      '[{"sql":"select 1","transaction":true,"index":null},{"sql":"vacuum","transaction":false,"index":null},{"sql":"select 2","transaction":true,"index":null}]',
    ],
  );
  assert.equal(config.docs, { show: false, node_color: null });
  const orders = await node('model.shop.orders');
  assert.equal(orders.config.grants, { select: ['reader', 'analyst'], insert: ['writer'] });
  assert.equal(orders.tags, ['also', 'big']);
  assert.is(orders.resource_type === 'model' && orders.alias, 'orders_final');
  assert.equal((await node('model.shop.stg_payments')).tags, ['also', 'staging', 'daily', 'stripe', 'yaml']);
});

test('a package’s own configs come first, and the root project has the last word', async () => {
  const calendar = await node('model.utils.calendar');
  assert.equal(calendar.tags, ['pkg', 'week', 'also', 'root']);
  assert.equal(calendar.meta, { own: 'root', mine: 1, level: 'top', keep: 1 });
  assert.is(calendar.config.materialized, 'incremental');
  assert.is(calendar.config.schema, 'root_says');
});

test('seeds and sources', async () => {
  const seed = await node('seed.shop.raw_payments');
  assert.is(seed.config.quote_columns, false);
  assert.equal(seed.config.column_types, { amount: 'decimal(10,2)', id: 'int' });
  assert.is(seed.resource_type === 'seed' && seed.relation.schema, 'raw');
  const orders = await node('source.shop.app.orders');
  if (orders.resource_type !== 'source') throw new Error('no source');
  assert.equal([orders.relation.schema, orders.relation.identifier], ['raw', 'Orders_dev']);
  assert.equal(orders.meta, { owner: 'app', contact: 'x' });
  assert.equal(orders.freshness, { warn_after: { count: 6, period: 'hour' }, error_after: { count: 1, period: 'day' }, filter: 'x > 1' });
  assert.equal(orders.config.freshness, orders.freshness);
  const customers = await node('source.shop.app.customers');
  assert.equal([customers.config.freshness, customers.meta], [null, { owner: 'app', contact: 'x', m: 1 }]);
  assert.is((await node('source.shop.app.events')).config.enabled, false);
});

test('tests have the ids and configs of dbt, in whichever form they are written', async () => {
  const ids = [...(await read).nodes.keys()].filter((id) => id.startsWith('test.')).sort();
  assert.equal(ids, [
    'test.shop.accepted_values_stg_orders_status___var_statuses_placed_paid_.d1d399a51a',
    'test.shop.assert_positive',
    'test.shop.even_orders_1___a_b_.46aa405e55',
    'test.shop.my_own_name.bdc2d70cf6',
    'test.shop.not_null_stg_payments__order_id_.59ad4065c3',
    'test.shop.not_null_stg_payments_id.e8564391ab',
    'test.shop.relationships_stg_payments__order_id___id__ref_stg_orders_.19259a9e4f',
    'test.shop.source_relationships_app_orders_id__id__source_app_customers_.9540b4abc6',
    'test.shop.source_unique_app_orders_id.ad0374364f',
    'test.shop.unique_raw_payments_id.9143e24f3f',
    'test.shop.unique_stg_orders_id.beb6e97f2f',
    'test.shop.unique_stg_payments_id.74793dfa8f',
    'test.shop.utils_in_range_stg_payments_amount__True__1000_0__0.1447ee0872',
  ]);
  const unique = await node('test.shop.unique_stg_orders_id.beb6e97f2f');
  if (unique.resource_type !== 'test') throw new Error('no test');
  assert.is(
    unique.raw_code,
    '{{ test_unique(**_dbt_generic_test_kwargs) }}{{ config(limit=5,warn_if=">0",error_if=">10",store_failures=True,store_failures_as="view") }}',
  );
  const { severity, tags, meta, limit } = unique.config;
  assert.equal([severity, tags, meta, limit], ['error', ['tested'], { t: 1 }, 5]);
  assert.equal((await node('test.shop.my_own_name.bdc2d70cf6')).config.tags, ['tested', 'values']);
  const related = await node('test.shop.relationships_stg_payments__order_id___id__ref_stg_orders_.19259a9e4f');
  assert.equal(
    related.refs.map(({ name }) => name),
    ['stg_orders', 'stg_payments'],
  );
  const positive = await node('test.shop.assert_positive');
  assert.equal([positive.config.severity, positive.config.tags, positive.meta], ['error', ['tested', 'singular'], { m: 1 }]);
});

test('docs blocks are templates without names; what is none stays as it is written', async () => {
  const { docs } = (await read).project;
  assert.is(docs.get('doc.shop.__overview__')?.block_contents, 'All of it');
  assert.is(docs.get('doc.shop.payments')?.block_contents, '# Payments\n{% raw %}{{ ref("x") }}{% endraw %} and {{ ref("y") }}');
});

test.run();
