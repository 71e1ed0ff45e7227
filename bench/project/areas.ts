// Ten models and the YAML file that describes them, in each of the shapes. Areas are numbered from 0.
import { modelsPerArea, type ProjectFile } from './shape.ts';

type Area = (number: number, size: number, rawTables: number) => Generator<ProjectFile, void>;

const padded = (number: number, digits: number): string => String(number).padStart(digits, '0');
const areaName = (number: number): string => `area_${padded(number, 5)}`;
const modelName = (area: number, at: number): string => `${layers[at]}_${padded(area, 5)}_${at}`;
/** Of the ten models of an area: staging reads a source, intermediate the staging, marts all of them. */
const layers = ['stg', 'stg', 'stg', 'int', 'int', 'int', 'int', 'mart', 'mart', 'mart'];

/** Areas also read one another, as a tree: the graph gets wider much faster than it gets deeper. */
const upstreamArea = (number: number): number | undefined => (number === 0 ? undefined : Math.floor((number - 1) / 3));

export const layeredArea: Area = function* (number, size, rawTables) {
  const folder = `models/${areaName(number)}`;
  const names = Array.from({ length: size }, (_, at) => modelName(number, at));
  for (const [at, name] of names.entries()) yield [`${folder}/${name}.sql`, layeredModel(number, at, rawTables)];
  yield [
    `${folder}/${areaName(number)}.yml`,
    `version: 2\n\nmodels:\n${names.map((name, at) => layeredProperties(number, at, name)).join('')}`,
  ];
};

function layeredModel(number: number, at: number, rawTables: number): string {
  const staging = modelName(number, at % 3);
  if (at < 3) {
    return `-- Orders of one shop, cleaned: money in units, nothing from before the first day.
{{ config(tags=['staging', '${areaName(number)}']) }}

with orders as (

    select * from {{ source('raw', 'orders_${padded((number * 3 + at) % rawTables, 2)}') }}
    {% if var('sample_rows') > 0 %}
    limit {{ var('sample_rows') }}
    {% endif %}

),

cleaned as (

    select
        id as order_id,
        customer_id,
        status,
        {{ units('amount_cents') }} as amount,
        ordered_on
    from orders
    where {{ since('ordered_on', var('first_day')) }}

)

select * from cleaned
`;
  }
  if (at < 7) {
    return `-- What each customer ordered, by the status of the order.
{% set statuses = ['placed', 'shipped', 'returned'] %}

with orders as (

    select * from {{ ref('${staging}') }}

)

select
    customer_id,
    {% for status in statuses %}
    coalesce(sum(case when status = '{{ status }}' then amount end), 0) as {{ status }}_amount,
    {% endfor %}
    count(*) as orders,
    max(ordered_on) as last_ordered_on
from orders
{% if target.name == 'prod' %}
where ordered_on < current_date
{% endif %}
group by customer_id
`;
  }
  const upstream = upstreamArea(number);
  const other = upstream === undefined ? undefined : modelName(upstream, at);
  return `{{
  config(
    materialized='table',
    tags=['mart'],
    meta={'owner': 'team_${number % 9}'}
  )
}}

with customers as (

    select * from {{ ref('${modelName(number, at - 4)}') }}

),
${other === undefined ? '' : `\nelsewhere as (\n\n    select customer_id, amount as other_amount from {{ ref('${other}') }}\n\n),\n`}
totals as (

    select
        customers.customer_id,
        {% for kind in ['placed', 'shipped'] -%}
        customers.{{ kind }}_amount{{ ' + ' if not loop.last }}
        {%- endfor %} as amount,
        customers.orders
    from customers
${other === undefined ? '' : '    left join elsewhere on elsewhere.customer_id = customers.customer_id\n'}
)

select customer_id, amount, orders, cast('{{ run_started_at.strftime("%Y-%m-%d") }}' as date) as made_on
from totals
`;
}

const column = (name: string, description: string, tests?: string): string =>
  `      - name: ${name}\n        description: ${description}\n${tests === undefined ? '' : `        data_tests:\n${tests}`}`;
const keyTests = '          - unique\n          - not_null\n';

function layeredProperties(number: number, at: number, name: string): string {
  const relationship = (to: string, field: string): string =>
    `          - not_null\n          - relationships:\n              arguments: {to: ref('${to}'), field: ${field}}\n`;
  if (at < 3) {
    return `  - name: ${name}
    description: The orders of one shop as they should have been written. One row per order.
    columns:
${column('order_id', "The order's number.", keyTests)}${column('customer_id', 'Who ordered.', '          - not_null\n')}${column('status', 'How far the order is.')}${column('amount', 'What was paid, in units of the currency.')}${column('ordered_on', 'The day of the order, in UTC.')}`;
  }
  if (at < 7) {
    return `  - name: ${name}
    description: Sums by customer. One row per customer who ever ordered.
    config:
      meta: {owner: team_${number % 9}, level: 2}
    columns:
${column('customer_id', 'Who ordered.', `          - unique\n${relationship(modelName(number, at % 3), 'customer_id')}`)}${column('orders', 'How many orders there are.')}${column('last_ordered_on', 'The day of the last order.')}`;
  }
  return `  - name: ${name}
    description: What a customer is worth, for those who decide about discounts. One row per customer.
    columns:
${column('customer_id', 'Who ordered.', `          - unique\n${relationship(modelName(number, at - 4), 'customer_id')}`)}${column('amount', 'Placed and shipped, in units of the currency.')}${column('made_on', 'The day this table was made.')}`;
}

const simpleArea = (sql: (model: number) => string): Area =>
  function* (number, size) {
    const first = number * modelsPerArea;
    const models = Array.from({ length: size }, (_, at) => first + at);
    for (const model of models) yield [`models/${areaName(number)}/${simpleName(model)}.sql`, sql(model)];
    const properties = models.map(
      (model) =>
        `  - name: ${simpleName(model)}\n    description: Table ${model}.\n    columns:\n${column('id', 'A number.', '          - not_null\n')}`,
    );
    yield [`models/${areaName(number)}/${areaName(number)}.yml`, `version: 2\n\nmodels:\n${properties.join('')}`];
  };

const simpleName = (model: number): string => `m_${padded(model, 6)}`;

export const chainArea = simpleArea((model) =>
  model === 0
    ? `{{ config(materialized='table') }}\nselect 0 as id\n`
    : `{{ config(materialized='table') }}\nselect id + 1 as id from {{ ref('${simpleName(model - 1)}') }}\n`,
);

export const trivialArea = simpleArea((model) => `{{ config(materialized='table') }}\nselect ${model} as id, 'row ${model}' as label\n`);
