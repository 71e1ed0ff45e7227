// Postgres and DuckDB: their own parsers decide, our warnings come along, nothing runs, and no text makes any of the three throw.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { adapters } from '../../src/adapters/index.ts';
import type { Linter } from '../../src/lint/linter.ts';
import { tokenize } from '../../src/lint/redshift/tokens.ts';
import { cases } from './redshift/support.ts';

const test = suite('lint: dialects');

const linterOf = async (dialect: string): Promise<Linter> => {
  const adapter = await adapters.get(dialect)?.();
  if (!adapter) throw new Error(`there is no ${dialect}`);
  return adapter.linter();
};

/** 'rule line:column' of all findings of each statement. */
async function found(dialect: string, sql: string): Promise<readonly string[]> {
  const linted = await (await linterOf(dialect))(sql);
  return linted.map(({ findings }) => findings.map(({ rule, line, column }) => `${rule} ${line}:${column}`).join(', '));
}

for (const dialect of ['postgres', 'duckdb']) {
  test(`${dialect}: what its parser refuses, at its place, and only that`, async () => {
    const sql =
      "select 'ü😀', a frm t where;\n-- a comment\nselect a from t where b is distinct from 1;;\n  insert into t values (1) returning a;\nselect";
    const linted = await (await linterOf(dialect))(sql);
    assert.equal(
      linted.map(({ start, end, refused }) => [sql.slice(start, end).split(' ')[0], refused]),
      [
        ['select', true],
        ['select', false],
        ['insert', false],
        ['select', dialect === 'duckdb'],
      ],
    );
    const [fault] = linted[0]?.findings ?? [];
    assert.is(sql.slice(fault?.offset, (fault?.offset ?? 0) + 1), 't');
    assert.match(fault?.message ?? '', /syntax error at or near "t"/);
    assert.match(fault?.url ?? '', /^https:/);
  });

  test(`${dialect}: literals, quoted names and dollar quotes are cut as it cuts them`, async () => {
    const sql = String.raw`select 'a\'; select E'b\';', ";"; select $$;$$, $x$ $$; $x$; /* ; /* ; */ ; */ select 1`;
    assert.equal(await found(dialect, sql), ['', '', '', '']);
  });

  test(`${dialect}: nothing is looked up, and nothing is run`, async () => {
    assert.equal(
      await found(
        dialect,
        'drop table no_such; create table t (a int); insert into t select b from no_such_either; create table t (a int)',
      ),
      ['', '', '', ''],
    );
  });
}

test('answers that differ are told on all three, costs on Redshift', async () => {
  const sql = `create table t (a int, b varchar(65000), c text);
select a / 2, avg(a), concat(c, 'x') from t order by c desc`;
  const answers = 'integer-division 2:8, integer-average 2:15, concat-null 2:23, null-order 2:54';
  assert.equal(await found('postgres', sql), ['', answers]);
  assert.equal(await found('duckdb', sql), ['', answers]);
  assert.equal(await found('redshift', sql), ['wide-varchar 1:26', answers]);
});

test('an order is repaired as the engine has it, and CONCAT where it is what it is on Redshift', async () => {
  const repairs = async (dialect: string): Promise<readonly (string | undefined)[]> => {
    const linted = await (await linterOf(dialect))('select concat(a, b) from t order by c desc');
    return linted.flatMap(({ findings }) => findings.map(({ repair }) => repair?.edits.at(-1)?.text));
  };
  assert.equal(await repairs('redshift'), [' ||', 'desc nulls first']);
  assert.equal(await repairs('postgres'), [undefined, 'desc nulls first']);
  assert.equal(await repairs('duckdb'), [undefined, 'desc nulls last']);
});

test('ten thousand of anything in a statement is looked at, too', async () => {
  const many = 10_000;
  const chain = Array.from({ length: many / 5 }, (_, i) => `c${i} as (select a + a as a from ${i === 0 ? 't' : `c${i - 1}`})`).join(', ');
  for (const [sql, rules] of [
    [`select 7${' / 2'.repeat(many)}`, 'integer-division'],
    [`select 1${' + 1'.repeat(many)} from t order by 1 desc`, 'null-order'],
    [`select 1 from t, u where ${'t.a = u.a and '.repeat(many)} true`, ''],
    [`with ${chain} select avg(a) from c${many / 5 - 1}`, ''],
    [`select concat(a, ${'b || '.repeat(many)} c) from t`, 'concat-null'],
    [`with r as (select b as a, a as b from r) select a / b from r`, ''],
  ] as const) {
    const [linted] = await (await linterOf('redshift'))(sql);
    assert.equal([...new Set(linted?.findings.map(({ rule }) => rule))].join(), rules, sql.slice(0, 60));
  }
});

const statements = [...cases('accepted'), ...cases('refused'), ...cases('others-accepted'), ...cases('others-refused')].map(
  ({ sql }) => sql,
);
const pieces = [...new Set(statements.flatMap((sql) => tokenize(sql).map(({ text }) => text)))].filter((text) => text.length < 40);
const mutated = fc
  .tuple(fc.constantFrom(...statements), fc.array(fc.tuple(fc.nat(200), fc.constantFrom('', ' ', ...pieces)), { maxLength: 3 }))
  .map(([sql, changes]) => {
    const texts = tokenize(sql).map(({ text }) => text);
    for (const [at, other] of changes) texts[at % texts.length] = other;
    return texts.join('');
  });
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(' ')),
  mutated,
  mutated,
);

for (const [dialect, numRuns] of [
  ['redshift', 3000],
  ['postgres', 400],
  ['duckdb', 400],
] as const)
  test(`${dialect}: no text makes it throw, and findings are where they say`, async () => {
    const lint = await linterOf(dialect);
    await fc.assert(
      fc.asyncProperty(texts, async (sql) => {
        for (const { start, end, findings, refused } of await lint(sql)) {
          assert.ok(start >= 0 && start < end && end <= sql.length);
          assert.is(
            refused,
            findings.some(({ severity }) => severity === 'error'),
          );
          let last = 0;
          for (const { offset, line, column, message, repair } of findings) {
            const before = sql.slice(0, offset).split('\n');
            assert.equal([line, column], [before.length, (before.at(-1)?.length ?? 0) + 1]);
            assert.ok(
              offset >= Math.max(last, start) && offset <= end && message !== '' && !/\{\w+\}|undefined/.test(message.replace(sql, '')),
              message,
            );
            last = offset;
            for (const edit of repair?.edits ?? [])
              assert.ok(edit.start < edit.end && edit.start >= (repair?.start ?? 0) && edit.end <= (repair?.end ?? 0));
          }
        }
      }),
      { numRuns },
    );
  });

test.run();
