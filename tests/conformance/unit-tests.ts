// Unit tests: models over rows that are given, on warehouses in which nothing was built, and in which nothing is left behind.
import * as assert from 'uvu/assert';
import { results, statuses } from '../support/fixture.ts';
import { config, type Open, type Shop, type Theme } from './shop.ts';

const unit = (name: string, model: string, given: string, expect: string, more = ''): string =>
  `  - {name: ${name}, model: ${model}, given: [${given}], expect: ${expect}${more}}\n`;

/** Orders with their totals; nothing of it is built. */
const orders = (open: Open, tests: string, files: Readonly<Record<string, string>> = {}): Promise<Shop> =>
  open({
    'models/sources.yml':
      'sources: [{name: raw, tables: [{name: payments, columns: [{name: order_id, data_type: integer}, {name: paid, data_type: date}, {name: amount, data_type: "decimal(10, 2)"}]}]}]\n',
    'seeds/countries.csv': 'code,since,eu\nde,1957-01-01,true\n',
    'models/stg_payments.sql': "select order_id, paid, amount, amount > 100 as is_large from {{ source('raw', 'payments') }};",
    'models/totals.sql': `${config('ephemeral')}select order_id, sum(amount) as total from {{ ref('stg_payments') }} group by order_id`,
    'models/orders.sql': `-- all of them
with totals as (select * from {{ ref('totals') }}), c as (select * from {{ ref('countries') }})
select t.order_id, t.total, c.code, c.since, c.eu, cast('{{ var("currency", "EUR") }}' as varchar(3)) as currency
from totals as t left join c on c.code = 'de'`,
    'models/units.yml': `unit_tests:\n${tests}`,
    ...files,
  });

export const unitTests: Theme = (scenario, { name: warehouse }) => {
  scenario('models and sources that were never built: types come from what is declared, from files and from queries', async (open) => {
    const shop = await orders(
      open,
      unit(
        'staging',
        'stg_payments',
        `{input: "source('raw', 'payments')", rows: [{order_id: 1, amount: 100.5, paid: 2024-01-31}, {order_id: '2'}, {amount: 7}]}`,
        '{rows: [{order_id: null, is_large: false, amount: 7.00}, {order_id: 2, is_large: null, amount: null}, {order_id: 1, is_large: true, amount: 100.50}]}',
      ) +
        unit(
          'ephemeral_goes_along',
          'orders',
          `{input: "ref('stg_payments')", rows: [{order_id: 1, amount: 1.5}, {order_id: 1, amount: 2}]}, {input: "ref('countries')", rows: [{code: de, since: 1957-01-01}]}`,
          '{rows: [{order_id: 1, total: 3.5, code: de, since: 1957-01-01, eu: null, currency: EUR}]}',
        ) +
        unit(
          'ephemeral_is_given',
          'orders',
          `{input: "ref('totals')", rows: [{order_id: 4, total: 5}]}, {input: "ref('countries')"}`,
          '{rows: [{total: 5, eu: true}]}',
        ) +
        unit('nothing', 'orders', `{input: "ref('totals')", rows: []}, {input: "ref('countries')", rows: []}`, '{rows: []}'),
    );
    await shop.succeeds('test');
    assert.equal(await shop.relations(), []);
  });

  scenario('rows as CSV and as SQL, in the properties and in files; blanks are NULL', async (open) => {
    const shop = await orders(
      open,
      `  - name: formats
    model: orders
    given:
      - input: ref('totals')
        format: csv
        rows: |
          order_id,total
          1,"2.5"
          2,
      - {input: ref('countries'), format: sql, fixture: all_countries}
    expect: {format: csv, fixture: expected_orders}
  - name: queries
    model: orders
    overrides: {vars: {currency: USD}}
    given:
      - input: ref('totals')
        format: sql
        rows: select 1 as order_id, 2.5 as total
      - {input: ref('countries'), format: csv, rows: "code,since,eu\\nde,,true"}
    expect:
      format: sql
      rows: select cast(true as boolean) as eu, 'USD' as currency
`,
      {
        'tests/fixtures/all_countries.sql': "select 'de' as code, cast('1957-01-01' as date) as since, true as eu",
        'tests/fixtures/orders/expected_orders.csv': 'order_id,total,code,eu\n2,,de,true\n1,2.50,de,true\n',
      },
    );
    await shop.succeeds('test');
  });

  scenario('an incremental model: `this` is given, and so is whether it is incremental', async (open) => {
    const given = '{input: "ref(\'raw\')", rows: [{id: 1, name: a}, {id: 2, name: b}, {id: 3, name: c}]}';
    const shop = await open({
      'seeds/raw.csv': 'id,name\n1,x\n',
      'models/latest.sql': `${config('incremental', "unique_key='id'")}select id, name from {{ ref('raw') }}
{% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}`,
      'models/units.yml': `unit_tests:\n${unit('first', 'latest', given, '{rows: [{id: 1}, {id: 2}, {id: 3}]}')}${unit(
        'later',
        'latest',
        `${given}, {input: this, rows: [{id: 2}]}`,
        '{rows: [{id: 3, name: c}]}',
        ', overrides: {macros: {is_incremental: true}}',
      )}`,
    });
    await shop.succeeds('test');
    // Where it stands, its types are those of the table.
    await shop.succeeds('build');
    assert.equal(await shop.relations(), ['latest (table)', 'raw (table)']);
  });

  scenario('macros, variables and the environment are overridden, also inside of other macros and by their packages', async (open) => {
    const shop = await open({
      'macros/own.sql': `{% macro inner() %}1{% endmacro %}
{% macro outer(x) %}{{ x }} + {{ inner() }}{% endmacro %}
{% macro label() %}'none'{% endmacro %}`,
      'models/all.sql': `select {{ outer('10') }} as ten, {{ shop.label() }} as label, {{ var('cut', 1) }} as cut,
  '{{ env_var("ZED", "none") }}' as zed, {{ dbt.current_timestamp() }} as now_at, {{ current_timestamp() }} as too`,
      'models/units.yml': `unit_tests:\n${unit(
        'overridden',
        'all',
        '',
        '{rows: [{ten: 15, label: mine, cut: 9, zed: zz, now_at: "2024-01-31 10:00:00", too: "2024-01-31 10:00:00"}]}',
        `, overrides: {macros: {inner: 5, shop.label: "'mine'", dbt.current_timestamp: "cast('2024-01-31 10:00:00' as timestamp)"}, vars: {cut: 9}, env_vars: {ZED: zz}}`,
      )}${unit('as_it_is', 'all', '', '{rows: [{ten: 11, label: none, cut: 1, zed: none}]}')}`,
    });
    await shop.succeeds('test');
  });

  scenario('a test that fails says which values differ, and keeps its model and what stands behind it from being built', async (open) => {
    const shop = await orders(
      open,
      unit(
        'wrong',
        'stg_payments',
        `{input: "source('raw', 'payments')", rows: [{order_id: 1, amount: 101}, {order_id: 2, amount: 5}, {order_id: 3}]}`,
        '{rows: [{order_id: 1, is_large: true}, {order_id: 2, is_large: true}, {order_id: 4, is_large: null}]}',
      ),
      {
        'models/report.sql': "select count(*) as n from {{ ref('stg_payments') }}",
        'models/other.sql': "select code from {{ ref('countries') }}",
      },
    );
    const events = await shop.build({ exclude: 'orders' });
    assert.equal(statuses(events), {
      'model.shop.other': 'success',
      'model.shop.report': 'skipped',
      'model.shop.stg_payments': 'skipped',
      'seed.shop.countries': 'success',
      'unit_test.shop.stg_payments.wrong': 'fail',
    });
    const result = results(events).get('unit_test.shop.stg_payments.wrong');
    assert.is(result?.failures, 1);
    assert.is(
      result?.message,
      `\n\nactual differs from expected:\n
@@ ,order_id,is_large
   ,1       ,true
→  ,2       ,true→false
+++,3       ,NULL
---,4       ,NULL
`,
    );
    assert.equal(await shop.relations(), ['countries (table)', 'other (view)']);
  });

  scenario('what a macro asks of a parent is asked of the given rows', async (open) => {
    const shop = await open({
      'seeds/kinds.csv': 'kind\nq\n',
      'models/wide.sql': `{% set found = run_query("select distinct kind from " ~ ref('kinds') ~ " order by 1").columns[0].values() if execute else [] %}
select {% for kind in found %}sum(case when kind = '{{ kind }}' then 1 else 0 end) as n_{{ kind }}, {% endfor %}count(*) as n
  {%- for column in adapter.get_columns_in_relation(ref('kinds')) %}, min({{ column.name }}) as min_{{ column.name }}{% endfor %}
from {{ ref('kinds') }}`,
      'models/units.yml': `unit_tests:\n${unit('wide', 'wide', `{input: "ref('kinds')", rows: [{kind: a}, {kind: b}, {kind: a}]}`, '{rows: [{n_a: 2, n_b: 1, n: 3, min_kind: a}]}')}`,
    });
    await shop.succeeds('test');
  });

  scenario('recursive queries, and queries in parentheses', async (open) => {
    const shop = await open({
      'seeds/parts.csv': 'id,parent\n1,\n2,1\n',
      'models/tree.sql': `with recursive tree (id, depth) as (
  select id, 1 from {{ ref('parts') }} where parent is null
  union all select p.id, t.depth + 1 from {{ ref('parts') }} as p join tree as t on t.id = p.parent
)
select id, depth from tree`,
      'models/both.sql': "(select id from {{ ref('parts') }} where id < 2) union all (select id from {{ ref('tree') }} where id > 5)",
      'models/units.yml': `unit_tests:\n${unit('depth', 'tree', `{input: "ref('parts')", rows: [{id: 7}, {id: 8, parent: 7}, {id: 9, parent: 8}]}`, '{rows: [{id: 9, depth: 3}, {id: 7, depth: 1}, {id: 8, depth: 2}]}')}${unit(
        'both',
        'both',
        `{input: "ref('parts')", rows: [{id: 1}, {id: 2}]}, {input: "ref('tree')", rows: [{id: 1}, {id: 6}]}`,
        '{rows: [{id: 1}, {id: 6}]}',
      )}`,
    });
    await shop.succeeds('test');
  });

  // On Redshift a column of documents is SUPER, which nothing is cast to from text.
  const [document, list] = { duckdb: ['json', 'integer[]'], postgres: ['jsonb', 'integer[]'] }[warehouse] ?? [];
  if (document !== undefined)
    scenario('documents and lists are given as YAML has them, and compared by what they say', async (open) => {
      const shop = await open({
        'models/raw.yml': `models: [{name: raw, columns: [{name: doc, data_type: ${document}}, {name: list, data_type: "${list}"}]}]\n`,
        'models/raw.sql': 'select no_such_column from no_such_table',
        'models/docs.sql': "select doc, list from {{ ref('raw') }}",
        'models/units.yml': `unit_tests:\n${unit(
          'docs',
          'docs',
          `{input: "ref('raw')", rows: [{doc: {a: 1, b: [x]}, list: [1, 2]}]}`,
          `{rows: [{doc: '{"b":   ["x"], "a":1}', list: [1, 2]}]}`,
        )}`,
      });
      await shop.succeeds('test');
    });
};
