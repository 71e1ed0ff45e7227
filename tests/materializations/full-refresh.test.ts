import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Database, databaseOf } from '../engine/database.ts';
import { project, statuses } from '../support/fixture.ts';

const test = suite('materializations: many incremental runs and one full refresh');

const BATCHES = 3;
const CASES_PER_KIND = 50;

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

/** Which of a case's arrivals are new, and which rows they touch. */
const macros = `
{% macro arrived(number) %}(select * from raw.arrivals where number = {{ number }} and batch <= {{ var('upto') }}){% endmacro %}

{% macro each(number) %}
select seq, batch, id, value from {{ arrived(number) }} a
{% if is_incremental() %}where batch > (select coalesce(max(batch), 0) from {{ this }}){% endif %}
{% endmacro %}

{% macro touched(number, keys) %}
{% if is_incremental() %}where exists (select 1 from {{ arrived(number) }} n where n.batch = {{ var('upto') }}
{% for key in keys %} and n.{{ key }} is not distinct from a.{{ key }}{% endfor %}){% endif %}
{% endmacro %}

{% macro latest(number, keys) %}
select {{ keys | join(', ') }}, ts, value from {{ arrived(number) }} a {{ touched(number, keys) }}
qualify row_number() over (partition by {{ keys | join(', ') }} order by ts desc, value desc nulls last) = 1
{% endmacro %}

{% macro all_of(number, keys) %}select id, region, ts, value from {{ arrived(number) }} a {{ touched(number, keys) }}{% endmacro %}
`;

const KINDS: readonly (readonly [name: string, config: string, query: (number: number) => string])[] = [
  ['append', "incremental_strategy='append'", (number) => `{{ each(${number}) }}`],
  ['latest_merged', "incremental_strategy='merge', unique_key='id'", (number) => `{{ latest(${number}, ['id']) }}`],
  [
    'latest_replaced',
    "incremental_strategy='delete+insert', unique_key=['id', 'region']",
    (number) => `{{ latest(${number}, ['id', 'region']) }}`,
  ],
  ['all_replaced', "unique_key='coalesce(id, 0)'", (number) => `{{ all_of(${number}, ['id']) }}`],
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
    Array.from({ length: CASES_PER_KIND }, (_, index) => ({ name: `${kind}_${index}`, kind, config, query })),
  ).map((model, number) => ({ ...model, number }));
  const cases = fc.sample(arrivals, models.length);
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: incremental}\n',
    'macros/arrivals.sql': macros,
    // A third of them are tested before they are published.
    'models/models.yml': `models:\n${models
      .filter(({ kind, number }) => kind.startsWith('latest') && number % 3 === 0)
      .map(({ name, kind }) => {
        const keys = kind === 'latest_merged' ? '[id, id]' : '[id, region]';
        return `  - {name: ${name}, data_tests: [{unique_combination_of_columns: {combination_of_columns: ${keys}}}]}\n`;
      })
      .join('')}`,
    ...Object.fromEntries(
      models.map(({ name, config, query, number }) => [`models/${name}.sql`, `{{ config(${config}) }}\n${query(number)}`]),
    ),
  });
  const database = await databaseOf(shop);
  await insert(database, cases);

  const build = async (options: Parameters<typeof shop.build>[0]): Promise<void> => {
    const bad = Object.entries(statuses(await shop.build(options))).filter(([, status]) => status !== 'success' && status !== 'pass');
    assert.equal(bad, []);
  };
  for (let upto = 1; upto <= BATCHES; upto++) await build({ vars: { upto } });
  await database.rows(models.map(({ name }) => `create table raw.${name} as from main.${name};`).join('\n'));
  await build({ vars: { upto: BATCHES }, fullRefresh: true });
  const differing = models.map(({ name, number }) => {
    const [step, full] = [`(from raw.${name})`, `(from main.${name})`];
    return `select ${number} as number where exists ((${step} except all ${full}) union all (${full} except all ${step}))`;
  });
  const different = (await database.rows(differing.join(' union all '))).map(([number]) => Number(number));
  assert.equal(
    different.map((number) => ({ model: models[number]?.name, arrivals: cases[number] })),
    [],
  );
  database.close();
});

test.run();
