// Repairs: the same meaning, once and for all, and nothing else is touched.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { relationsByName } from '../../src/lint/known.ts';
import type { LintOptions } from '../../src/lint/linter.ts';
import { tokenize } from '../../src/lint/redshift/tokens.ts';
import { lintRedshift } from '../../src/lint/redshift-linter.ts';
import { edited, repaired } from '../../src/lint/repairs/apply.ts';
import { tableOf } from '../support/duckdb.ts';
import { tempDir } from '../support/temp-dir.ts';
import { cases } from './redshift/support.ts';

const test = suite('lint: repairs');

const fixed = async (sql: string, options?: LintOptions): Promise<string> =>
  (await repaired(sql, async (text) => lintRedshift(text, options))).text;

/** Before and after, over the table of `answers`. */
const SAME: readonly (readonly [before: string, after: string])[] = [
  [
    'select k, count(*) filter (where n > 1) as c, sum(n) filter (where n < 3 and k is not null) as s from t group by k order by k, c',
    'select k, count(case when n > 1 then 1 end) as c, sum(case when n < 3 and k is not null then n end) as s from t group by k order by k, c',
  ],
  [
    'select count(distinct k) filter (where n > 1), max(coalesce(n, (2 + 1))) filter (where (n > 0)) from t',
    'select count(distinct case when n > 1 then k end), max(case when (n > 0) then coalesce(n, (2 + 1)) end) from t',
  ],
  [
    'select id, count(*) filter (where n > 1) over (partition by k) from t order by id',
    'select id, count(case when n > 1 then 1 end) over (partition by k) from t order by id',
  ],
  [
    "select sum(n) filter (where id in (select count(*) filter (where k = 'a') from t)) from t",
    "select sum(case when id in (select count(case when k = 'a' then 1 end) from t) then n end) from t",
  ],
  ['select id from t order by id fetch first 2 rows only', 'select id from t order by id limit 2'],
  ['select id from t order by id fetch next row only', 'select id from t order by id limit 1'],
  ['select k from t union distinct select k from t order by 1', 'select k from t union select k from t order by 1'],
  ['with q as materialized (select id from t) select id from q order by 1', 'with q as (select id from t) select id from q order by 1'],
  [
    'with q as not materialized (\n  select id from t -- all\n) select id from q order by 1',
    'with q as (\n  select id from t -- all\n) select id from q order by 1',
  ],
  ['select row_number() over (order by n desc, id) from t', 'select row_number() over (order by n desc nulls first, id) from t'],
];

test('of the same meaning: the answers are the same', async () => {
  const file = `${tempDir('repairs')}/t.duckdb`;
  const table = "select * from (values (1, 'a', 1), (2, 'a', 3), (3, 'b', null), (4, null, 2), (5, 'b', 2)) as v (id, k, n)";
  for (const [before, after] of SAME) {
    assert.is(await fixed(before), after);
    if (after.includes('nulls first')) continue;
    const answers = async (sql: string): Promise<unknown> => tableOf(file, `with t as (${table}) select * from (${sql}) as answer`);
    assert.equal(await answers(after), await answers(before), before);
  }
});

test('what only Redshift answers is written as its pages say', async () => {
  for (const [before, after] of [
    ["select string_agg(k, ', ') from t", "select listagg(k, ', ') from t"],
    ["select string_agg(k, ', ' order by n desc, k) from t", "select listagg(k, ', ' ) within group (order by n desc, k) from t"],
    ['select every(a), ifnull(a, log10(b)) from t', 'select bool_and(a), nvl(a, log(b)) from t'],
    ['select k from t limit 5, 10', 'select k from t limit 10 offset 5'],
    ['select k from only t', 'select k from t'],
    ['alter table t alter column k set data type varchar(20)', 'alter table t alter column k type varchar(20)'],
    ["select concat(k, '!'), concat(a || b, concat(k, n)) from t", "select (k || '!'), ((a || b) || (k || n)) from t"],
    ['select Concat ( k , n ) from t', 'select  ( k  || n ) from t'],
    ['select k from t order by n DESC', 'select k from t order by n DESC nulls first'],
  ] as const)
    assert.is(await fixed(before), after);
});

test('a late-binding view gets the schema of the one relation that has the name', async () => {
  const relation = (schema: string, name: string) => ({
    parts: [schema, name],
    relation: { schema, columns: new Map(), dist: undefined },
  });
  const known = relationsByName([relation('mart', 'a'), relation('Odd One', 'b'), relation('x', 'c'), relation('y', 'c')]);
  const view = (from: string): string => `create view v as select 1 as one from ${from} with no schema binding`;
  assert.is(await fixed(view('A join b on true, s.d'), { known }), view('mart.A join "Odd One".b on true, s.d'));
  assert.is(await fixed(view('c, unheard_of'), { known }), view('c, unheard_of'));
});

test('what may mean something else stays', async () => {
  for (const sql of [
    'select my.sum(n) filter (where a) from t',
    'select sum(n) filter /* why */ (where a) from t',
    'select percentile(n, 2) filter (where a) from t',
    'select concat(k, /* , */ n) from t',
    "select concat('a', 1), concat(k, n::int) from t",
    "select string_agg(distinct k, ',' order by n) from t",
    'select string_agg(k, n) from t',
    'select k from t fetch first 3 rows with ties',
    'select k from t limit a, b',
    'select a from q where a is distinct from 2',
    'select \'limit 1, 2\' as a, "fetch first" from t -- union distinct',
    "select listagg(k, ',') within group (order by n desc) from t",
  ])
    assert.is(await fixed(sql), sql);
});

const statements = [...cases('accepted'), ...cases('refused'), ...cases('others-accepted'), ...cases('others-refused')].map(
  ({ sql }) => sql,
);
async function safe(sql: string): Promise<void> {
  const before = lintRedshift(sql);
  const now = await fixed(sql);
  const after = lintRedshift(now);
  assert.is(after.length, before.length, sql);
  before.forEach(({ refused }, i) => {
    if (!refused) assert.is(after[i]?.refused, false, `${sql}\n→ ${now}`);
  });
  assert.is(await fixed(now), now, 'once is enough');
  if (before.every(({ findings }) => findings.every(({ repair }) => !repair))) assert.is(now, sql);
}

test('a statement that is taken is taken when it was repaired, and a second time nothing changes', async () => {
  for (const sql of statements) await safe(sql);
  const parts = SAME.map(([before]) => before);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...statements, ...parts), { minLength: 1, maxLength: 4 }), (all) => safe(all.join(';\n'))),
    { numRuns: 200 },
  );
});

test('words dropped, doubled and swapped: still safe', async () => {
  const mutation = fc.record({ at: fc.nat(60), how: fc.constantFrom('drop', 'double', 'swap') });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SAME.map(([before]) => before), "select string_agg(k, ',' order by n) from t limit 1, 2"),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
      async (sql, mutations) => {
        const texts = tokenize(sql).map(({ text }) => text);
        for (const { at, how } of mutations) {
          const i = at % texts.length;
          if (how === 'drop') texts.splice(i, 1);
          else if (how === 'double') texts.splice(i, 0, texts[i] ?? '', ' ');
          else texts.splice(i, 2, texts[i + 1] ?? '', texts[i] ?? '');
          if (texts.length === 0) return;
        }
        const text = texts.join('');
        // How many mistakes there are then tells nothing: one that the grammar stops at hides those behind it.
        await safe(text);
      },
    ),
    { numRuns: 300 },
  );
});

test('edits are made by their places, whatever their order', () => {
  const edits = [
    { start: 4, end: 5, text: 'E' },
    { start: 0, end: 2, text: '' },
  ];
  assert.is(edited('abcdef', edits), 'cdEf');
});

test.run();
