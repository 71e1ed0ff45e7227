// The project that `dwh init` makes: small, and it builds at once. Every kind of file that a project has, with one example.

/** Path to text, for a project of this name. */
export const projectFiles = (name: string): Readonly<Record<string, string>> => ({
  'project.yml': `name: ${name}
version: '0.1.0'

# Without a profile everything runs on DuckDB, in dwh.duckdb beside this file.
# For Postgres or Redshift write a profiles.yml and name its profile here:
# profile: ${name}

model-paths: [models]
seed-paths: [seeds]
macro-paths: [macros]
test-paths: [data-tests]

models:
  ${name}:
    staging:
      +materialized: view
    marts:
      +materialized: table
`,
  'models/staging/stg_orders.sql': `-- One row per order, with clean names and types. Tests and descriptions are in schema.yml.
select
    order_id,
    customer_id,
    cast(ordered_on as date) as ordered_on,
    status,
    {{ cents_to_units('amount_cents') }} as amount
from {{ ref('raw_orders') }}
`,
  'models/marts/customer_orders.sql': `-- One row per customer, also of those who never ordered.
select
    customers.customer_id,
    customers.name,
    count(orders.order_id) as orders,
    min(orders.ordered_on) as first_order_on,
    coalesce(sum(orders.amount), 0) as amount
from {{ ref('raw_customers') }} as customers
left join {{ ref('stg_orders') }} as orders
    on orders.customer_id = customers.customer_id and orders.status <> 'returned'
group by customers.customer_id, customers.name
`,
  'models/schema.yml': `version: 2

models:
  - name: stg_orders
    description: One row per order.
    columns:
      - name: order_id
        description: The key.
        data_tests: [unique, not_null]
      - name: customer_id
        description: Who ordered.
        data_tests:
          - not_null
          - relationships:
              arguments: {to: ref('raw_customers'), field: customer_id}
      - name: status
        description: Where the order is.
        data_tests:
          - accepted_values:
              arguments: {values: [placed, shipped, returned]}

  - name: customer_orders
    description: One row per customer, with what they ordered and did not send back.
    columns:
      - name: customer_id
        description: The key.
        data_tests: [unique, not_null]
`,
  'data-tests/no_negative_amounts.sql': `-- A test is a query for the rows that should not be there.
select * from {{ ref('customer_orders') }} where amount < 0
`,
  'macros/cents_to_units.sql': `{% macro cents_to_units(column) -%}
    cast({{ column }} / 100.0 as decimal(12, 2))
{%- endmacro %}
`,
  'seeds/raw_customers.csv': `customer_id,name
1,Ada
2,Boris
3,Chidi
4,Dolores
`,
  'seeds/raw_orders.csv': `order_id,customer_id,ordered_on,status,amount_cents
101,1,2024-01-03,shipped,1250
102,2,2024-01-05,returned,4000
103,1,2024-01-09,shipped,730
104,3,2024-01-12,placed,9999
105,2,2024-01-15,placed,500
`,
  '.gitignore': `target/
*.duckdb
*.duckdb.wal
`,
  'README.md': `# ${name}

    dwh build                    # loads the seeds, runs the models, tests the data
    dwh show -s customer_orders  # the first rows of a model
    dwh ls                       # everything there is

A model is a file in \`models/\` with a select; it names others with \`ref()\`, and dwh runs them in order. To add one, add a
file. Descriptions and tests are in \`models/schema.yml\`; tests of your own are queries in \`data-tests/\`.
`,
});
