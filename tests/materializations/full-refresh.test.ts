import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Database, databaseOf } from '../support/database.ts';
import { project, statuses } from '../support/fixture.ts';

const test = suite('materializations: many incremental runs and one full refresh');

const BATCHES = 4;
const MODELS_PER_KIND = 10;
/** They share a model, and no key. */
const CASES_PER_MODEL = 6;

/** An event comes with one of the batches: out of order, late, several times, or without a key. */
interface Arrival {
  readonly batch: number;
  readonly id: number | null;
  readonly region: string | null;
  readonly ts: number;
  readonly value: number | null;
}

const arrivals: fc.Arbitrary<readonly Arrival[]> = fc.array(
  fc.record({
    batch: fc.integer({ min: 1, max: BATCHES }),
    id: fc.option(fc.integer({ min: 1, max: 3 })),
    region: fc.option(fc.constantFrom('north', "o'south")),
    ts: fc.integer({ min: 1, max: 4 }),
    value: fc.option(fc.integer({ min: 1, max: 3 })),
  }),
  { maxLength: 12 },
);

/** Of the cases of a model: what has arrived, and which keys the last batch touched. */
const macros = `
{% macro arrived(first) %}
(select * from raw.arrivals where number between {{ first }} and {{ first + ${CASES_PER_MODEL - 1} }} and batch <= (select upto from raw.clock))
{% endmacro %}

{% macro touched(first, keys) %}
{% if is_incremental() %}where exists (select 1 from {{ arrived(first) }} n where n.batch = (select upto from raw.clock)
{% for key in ['number'] + keys %} and n.{{ key }} is not distinct from a.{{ key }}{% endfor %}){% endif %}
{% endmacro %}

{% macro each(first) %}
select number, seq, batch, id, value from {{ arrived(first) }} a
{% if is_incremental() %}where batch > (select coalesce(max(batch), 0) from {{ this }}){% endif %}
{% endmacro %}

{% macro latest(first, keys) %}
select number, {{ keys | join(', ') }}, ts, value from {{ arrived(first) }} a {{ touched(first, keys) }}
qualify row_number() over (partition by number, {{ keys | join(', ') }} order by ts desc, value desc nulls last) = 1
{% endmacro %}

{% macro all_of(first, keys) %}select number, id, region, ts, value from {{ arrived(first) }} a {{ touched(first, keys) }}{% endmacro %}
`;

const KINDS: readonly (readonly [name: string, config: string, query: (first: number) => string])[] = [
  ['append', "incremental_strategy='append'", (first) => `{{ each(${first}) }}`],
  ['latest_merged', "incremental_strategy='merge', unique_key=['number', 'id']", (first) => `{{ latest(${first}, ['id']) }}`],
  [
    'latest_replaced',
    "incremental_strategy='delete+insert', unique_key=['number', 'id', 'region']",
    (first) => `{{ latest(${first}, ['id', 'region']) }}`,
  ],
  ['all_replaced', "unique_key=['number', 'coalesce(id, 0)']", (first) => `{{ all_of(${first}, ['id']) }}`],
];

async function insert(database: Database, cases: readonly (readonly Arrival[])[]): Promise<void> {
  const text = (value: string | number | null): string =>
    value === null ? 'null' : typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
  const rows = cases.flatMap((list, number) =>
    list.map(({ batch, id, region, ts, value }, seq) => `(${[number, seq, batch, id, region, ts, value].map(text).join(', ')})`),
  );
  await database.rows('create schema raw');
  await database.rows('create table raw.arrivals (number int, seq int, batch int, id int, region varchar, ts int, value int)');
  await database.rows(`insert into raw.arrivals values ${rows.join(', ')}`);
}

test('end in the same rows, in whatever order rows arrive', async () => {
  const models = KINDS.flatMap(([kind, config, query]) =>
    Array.from({ length: MODELS_PER_KIND }, (_, index) => ({ name: `${kind}_${index}`, kind, config, query })),
  ).map((model, index) => ({ ...model, first: index * CASES_PER_MODEL }));
  const cases = fc.sample(arrivals, models.length * CASES_PER_MODEL);
  // Some are tested before they are published.
  const tested = models.filter(({ kind }, index) => kind.startsWith('latest') && index % 2 === 0);
  const keysOf = (kind: string): string => (kind === 'latest_merged' ? '[number, id]' : '[number, id, region]');
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: incremental}\n',
    'macros/arrivals.sql': macros,
    'models/models.yml': `models:\n${tested
      .map(
        ({ name, kind }) =>
          `  - {name: ${name}, data_tests: [{unique_combination_of_columns: {combination_of_columns: ${keysOf(kind)}}}]}\n`,
      )
      .join('')}`,
    ...Object.fromEntries(
      models.map(({ name, config, query, first }) => [`models/${name}.sql`, `{{ config(${config}) }}\n${query(first)}`]),
    ),
  });
  const database = await databaseOf(shop);
  await insert(database, cases);

  const build = async (fullRefresh: boolean): Promise<void> => {
    const bad = Object.entries(statuses(await shop.build({ fullRefresh }))).filter(
      ([, status]) => status !== 'success' && status !== 'pass',
    );
    assert.equal(bad, []);
  };
  for (let upto = 1; upto <= BATCHES; upto++) {
    await database.rows(`create or replace table raw.clock as select ${upto} as upto`);
    await build(false);
  }
  await database.rows(models.map(({ name }) => `create table raw.${name} as from main.${name};`).join('\n'));
  await build(true);
  const differing = models.map(({ name }) => {
    const [step, full] = [`(from raw.${name})`, `(from main.${name})`];
    return `select '${name}' as model, number from ((${step} except all ${full}) union all (${full} except all ${step}))`;
  });
  const different = await database.rows(`select distinct model, number from (${differing.join(' union all ')})`);
  assert.equal(
    different.map(([model, number]) => ({ model, arrivals: cases[Number(number)] })),
    [],
  );
  database.close();
});

test.run();
