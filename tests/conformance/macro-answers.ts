// Cross-database macros where there is nothing, where there are lists, and where they count: NULL, arrays, series, clocks.
import * as assert from 'uvu/assert';
import { output } from '../support/fixture.ts';
import type { Shop, Theme } from './shop.ts';

const text = (expression: string): string => `cast(${expression} as varchar(60))`;
const day = (value: string): string => `\\"cast('${value}' as date)\\"`;

/** An expression over a row whose columns are all NULL, or a value; and its answer as text. */
const CASES: readonly [string, string | null][] = [
  [`{{ dbt.concat(['name', "'-'", 'name']) }}`, null],
  [`{{ dbt.hash('name') }}`, null],
  [text(`{{ dbt.length('name') }}`), null],
  [text(`{{ dbt.length("''") }}`), '0'],
  [text(`{{ dbt.position("'z'", "'abcd'") }}`), '0'],
  [text(`{{ dbt.position("'a'", 'name') }}`), null],
  [`{{ dbt.replace("'aXbX'", "'X'", "''") }}`, 'ab'],
  [`{{ dbt.replace('name', "'X'", "''") }}`, null],
  [`{{ dbt.right('name', 2) }}`, null],
  [`{{ dbt.right("'ab'", 0) }}`, ''],
  [`{{ dbt.right("'ab'", 5) }}`, 'ab'],
  [`{{ dbt.split_part("'a|b'", "'|'", 5) }}`, ''],
  [`{{ dbt.split_part('name', "'|'", 1) }}`, null],
  [text(`{{ dbt.safe_cast('name', dbt.type_int()) }}`), null],
  [text(`{{ dbt.cast('name', 'date') }}`), null],
  [`{{ dbt.cast_bool_to_text('flag') }}`, null],
  [`{{ dbt.cast_bool_to_text('1 = 1') }}`, 'true'],
  [text(`{{ dbt.dateadd('month', 1, ${day('2024-01-31')}) }}`).replace(/varchar\(60\)/, 'date'), '2024-02-29'],
  [text(`{{ dbt.dateadd('day', 1, 'moment') }}`), null],
  [text(`{{ dbt.datediff('moment', ${day('2024-01-31')}, 'day') }}`), null],
  [text(`{{ dbt.date_trunc('day', 'moment') }}`), null],
  [text(`{{ dbt.last_day('moment', 'month') }}`), null],
  [text(`{{ dbt.last_day(${day('2023-11-05')}, 'year') }}`), '2023-12-31'],
  [`case when {{ dbt.equals('name', 'name') }} then 'same' else 'other' end`, 'other'],
  [`case when {{ dbt.equals('name', "'a'") }} then 'same' else 'other' end`, 'other'],
  [`case when not {{ dbt.equals("'b'", "'a'") }} then 'other' end`, 'other'],
];

const ROW = 'select cast(null as varchar(20)) as name, cast(null as boolean) as flag, cast(null as timestamp) as moment';

async function answers(shop: Shop, select: string): Promise<Readonly<Record<string, unknown>>> {
  const { show } = JSON.parse(output(await shop.run('show', { inline: select, output: 'json' }))) as { show: Record<string, unknown>[] };
  return show[0] ?? {};
}

export const macroAnswers: Theme = (scenario, { name }) => {
  scenario('over NULL, over nothing, and beyond the end', async (open) => {
    const shop = await open({});
    const columns = CASES.map(([expression], n) => `${expression.replaceAll('\\"', '"')} as c${n}`);
    const row = await answers(shop, `select ${columns.join(',\n')} from (${ROW}) as r`);
    const told = CASES.map(([expression], n) => [expression, row[`c${n}`]?.toString().replace(/ 00:00:00$|T.*$/, '') ?? null]);
    assert.equal(
      told,
      CASES.map(([expression, answer]) => [expression, answer]),
    );
  });

  // Redshift's arrays are of its type SUPER, which the stand-in does not have.
  if (name !== 'redshift')
    scenario('arrays: made, also empty ones of a type, added to, joined', async (open) => {
      const shop = await open({});
      const arrays = [
        "dbt.array_construct(['1', '2'])",
        "dbt.array_construct([], 'integer')",
        "dbt.array_append(dbt.array_construct(['1']), '2')",
        "dbt.array_concat(dbt.array_construct(['1']), dbt.array_construct(['2', '3']))",
        "dbt.array_append(dbt.array_construct([], 'integer'), '4')",
      ];
      const joined = arrays.map((array, n) => `array_to_string({{ ${array} }}, '-') as a${n}`);
      const row = await answers(shop, `select ${joined.join(', ')}`);
      assert.equal(
        arrays.map((_, n) => row[`a${n}`] ?? ''),
        ['1-2', '', '1-2', '1-2-3', '4'],
      );
    });

  scenario(
    'series of numbers and of times, and how many there are; listagg with and without a limit, an order, a delimiter',
    async (open) => {
      const shop = await open({ 'seeds/letters.csv': 'kind,letter\n1,b\n1,a\n1,c\n2,z\n' });
      await shop.succeeds('seed');
      const counts = `{{ dbt.get_powers_of_two(1) }}-{{ dbt.get_powers_of_two(8) }}-{{ dbt.get_powers_of_two(9) }}`;
      const between = `{{ dbt.get_intervals_between("cast('2024-02-01' as date)", "cast('2024-03-01' as date)", 'day') }}`;
      assert.is(output(await shop.run('compile', { inline: `${counts} ${between}` })).trim(), '1-3-4 29');
      const hours = `{{ dbt.date_spine('month', "cast('2024-01-01' as date)", "cast('2024-07-01' as date)") }}`;
      const series = `select (select count(*) from (${hours}) as h) as months, (select sum(generated_number) from ({{ dbt.generate_series(4) }}) as s) as total`;
      assert.equal(Object.values(await answers(shop, series)).map(Number), [6, 10]);
      // One query each: on Redshift all that a query lists has one order.
      for (const [listed, answer] of [
        [`{{ dbt.listagg('letter', "'_'", 'order by letter desc') }}`, 'c_b_a'],
        [`{{ dbt.listagg('letter', "','", 'order by letter', 2) }}`, 'a,b'],
        [`{{ dbt.listagg('letter', "'|'", 'order by letter', 2) }}`, 'a|b'],
        [`{{ dbt.listagg("letter || ' ' || letter", "', '", 'order by letter', 2) }}`, 'a a, b b'],
        [`{{ dbt.listagg('letter', "', '", 'order by letter', 9) }}`, 'a, b, c'],
        [text(`length({{ dbt.listagg('letter') }})`), '5'],
      ] as const)
        assert.equal(await answers(shop, `select ${listed} as x from analytics.letters where kind = 1`), { x: answer });
    },
  );

  scenario('the clock, aware of its zone or in UTC, is that of the moment', async (open) => {
    const shop = await open({});
    const before = Date.now();
    const row = await answers(
      shop,
      `select cast({{ dbt.current_timestamp_in_utc() }} as varchar(40)) as utc, case when {{ dbt.date_trunc('year', dbt.current_timestamp()) }} <= {{ dbt.current_timestamp() }} then 1 end as now_at, cast({{ dbt.snapshot_get_time() }} as varchar(40)) as snap`,
    );
    const utc = Date.parse(`${String(row.utc).slice(0, 19).replace(' ', 'T')}Z`);
    assert.ok(Math.abs(utc - before) < 3_600_000, `${row.utc}`);
    assert.is(row.now_at, 1);
    assert.match(String(row.snap), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
  });
};
