// The files that a generated project has once: its project file, profile, macros and sources.
import type { ProjectFile, Shape } from './shape.ts';

/** How many tables the layered project's sources name. */
export const rawTables = 20;

const projectFile = (hooks: string): string => `name: bench
version: '1.0.0'
config-version: 2
profile: bench

model-paths: [models]
macro-paths: [macros]

vars:
  first_day: '2024-01-01'
  sample_rows: 0

models:
  bench:
    +materialized: view
${hooks}`;

const profiles = `bench:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: "{{ env_var('BENCH_DATABASE', 'bench.duckdb') }}"
      threads: 4
`;

const macros = `-- Money is written in cents.
{% macro units(column, digits=2) %}
    round(cast({{ column }} as decimal(18, {{ digits }})) / 100, {{ digits }})
{% endmacro %}

{% macro since(column, day) -%}
    {{ column }} >= date '{{ day }}'
{%- endmacro %}

-- What the sources name. Another project would find it in place.
{% macro make_raw_tables(count) %}
    {% if execute %}
        {% do run_query('create schema if not exists raw') %}
        {% for number in range(count) %}
            {% set sql %}
                create or replace table raw.orders_{{ '%02d' % number }} as
                select
                    range as id,
                    range % 7 as customer_id,
                    (['placed', 'shipped', 'returned'])[1 + range % 3] as status,
                    range * 100 + {{ number }} as amount_cents,
                    date '2024-01-01' + cast(range as integer) as ordered_on
                from range(50)
            {% endset %}
            {% do run_query(sql) %}
        {% endfor %}
    {% endif %}
{% endmacro %}
`;

const sources = (): string => `version: 2

sources:
  - name: raw
    description: What the shop writes, copied as it is.
    tables:
${Array.from(
  { length: rawTables },
  (_, number) => `      - name: orders_${String(number).padStart(2, '0')}
        description: Orders of shop ${number}, one row per order.
        columns:
          - name: id
            description: The order's number, unique within the shop.
            data_tests: [unique, not_null]
`,
).join('')}`;

export function* sharedFiles(shape: Shape): Generator<ProjectFile, void> {
  const layered = shape === 'layered';
  yield ['dbt_project.yml', projectFile(layered ? `\non-run-start:\n  - "{{ make_raw_tables(${rawTables}) }}"\n` : '')];
  yield ['profiles.yml', profiles];
  if (!layered) return;
  yield ['macros/money.sql', macros];
  yield ['models/sources.yml', sources()];
}
