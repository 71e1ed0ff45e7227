// Statements that Redshift takes and such that it refuses: ours, each class and each rule, and the shared ones.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check, rules } from '../../../src/lint/redshift/index.ts';
import { absentCommands, absentId } from '../../../src/lint/redshift/rules/grammar-changes.ts';
import { shared, withoutShared } from '../../support/shared.ts';
import { skipUnless } from '../../support/skip.ts';
import { cases, firstError, shown } from './support.ts';

const test = suite('lint redshift: statements');
const accepted = cases('accepted');
const refused = cases('refused');

for (const header of new Set(accepted.map((one) => one.header))) {
  test(`accepted: ${header}`, () => {
    for (const { sql } of accepted.filter((one) => one.header === header)) assert.is(shown(firstError(sql)), 'accepted', sql);
  });
}

test('refused, each by the rule that says why', () => {
  for (const { header, sql } of refused) assert.is(firstError(sql)?.rule, header, sql);
});

test('commands that Redshift does not have', () => {
  for (const [words] of absentCommands) {
    const statement = `${words.toUpperCase()} x`;
    const found = firstError(statement);
    assert.is(found?.offset, 0, statement);
    // `create foreign` is what other absent commands begin with, too.
    assert.ok(found?.rule.startsWith('no-'), `${statement}: ${found?.rule}`);
  }
});

test('what cannot be written down here: too many columns, too deep', () => {
  const columns = Array.from({ length: 1601 }, (_, i) => `c${i} int`).join(', ');
  assert.is(firstError(`create table wide (${columns})`)?.rule, 'too-many-columns');
  assert.is(firstError(`select ${'('.repeat(500)}1${')'.repeat(500)}`)?.rule, 'too-deep');
});

test('every rule refuses one of these statements, in words that are filled in', () => {
  const tested = new Set([
    ...refused.map(({ header }) => header),
    'too-many-columns',
    'too-deep',
    ...absentCommands.map(([words]) => absentId(words)),
  ]);
  assert.equal(
    [...rules.keys()].filter((rule) => !tested.has(rule)),
    [],
  );
  for (const { sql } of refused) {
    const found = firstError(sql);
    const texts = [found?.message, found?.says, found?.rewrite ?? ''].join('\n');
    // `{}` of the statement itself may be quoted in the answer.
    if (!sql.includes('{')) assert.not.match(texts, /\{|\}|undefined/, sql);
    assert.match(found?.url ?? '', /^https:\/\/docs\.aws\.amazon\.com\/redshift\/latest\/dg\/[\w-]+\.html$/, sql);
    assert.match(found?.sqlstate ?? '', /^[0-9A-Z]{5}$/, sql);
  }
});

test('a statement that is refused is refused among others, too, and they are not', () => {
  for (const { header, sql } of refused.filter((one) => !one.sql.includes(';') && one.header !== 'unterminated')) {
    const around = check(`select 1;\n${sql};\nselect 2`);
    assert.equal(
      around.map((one) => one.refused),
      [false, true, false],
      sql,
    );
    assert.is(around[1]?.findings[0]?.rule, header, sql);
  }
});

test('statements that no rule was written for fare as well', () => {
  const [taken, not] = [cases('others-accepted'), cases('others-refused')];
  assert.ok(taken.length > 50 && not.length > 70);
  assert.equal(
    taken.filter(({ sql }) => firstError(sql)).map(({ sql }) => `${shown(firstError(sql))}: ${sql}`),
    [],
  );
  assert.equal(
    not.filter(({ sql }) => !firstError(sql)).map(({ sql }) => sql),
    [],
  );
  const unrecognised = not.filter(({ sql }) => firstError(sql)?.rule === 'unrecognised');
  assert.ok(unrecognised.length <= not.length / 20, 'and nearly all with the reason');
});

interface Vector {
  readonly id: string;
  readonly sql: string;
  readonly redshift_error?: string | null;
  readonly sqlstate?: string | null;
  readonly error_basis?: string | null;
}
const vectors = (file: string): Vector[] =>
  readFileSync(shared('redshift', file) ?? '', 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Vector);

const withShared = skipUnless(shared('redshift', 'valid.jsonl'), withoutShared, test);

withShared('of the shared statements that Redshift takes, 99 % are accepted', () => {
  const all = vectors('valid.jsonl');
  const wrong = all.filter(({ sql }) => firstError(sql)).map(({ id, sql }) => `${id} ${shown(firstError(sql))}: ${sql}`);
  assert.ok(wrong.length <= all.length / 100, wrong.join('\n'));
});

withShared('of the shared statements that Redshift refuses, 95 % are refused', () => {
  const all = vectors('invalid.jsonl');
  const wrong = all.filter(({ sql }) => !firstError(sql)).map(({ id, sql }) => `${id}: ${sql}`);
  assert.ok(wrong.length <= all.length / 20, wrong.join('\n'));
});

withShared('where an answer was seen on a server or is documented, it is ours', () => {
  const seen = vectors('invalid.jsonl').filter(
    ({ error_basis, redshift_error }) => redshift_error && /observed in|documented/.test(error_basis ?? ''),
  );
  assert.ok(seen.length >= 10);
  for (const { id, sql, redshift_error, sqlstate } of seen) {
    const found = firstError(sql);
    // The threads quote a function without the types of its arguments.
    const answer = (found?.says ?? '').replace(/\(.*\) does not exist/, '() does not exist');
    assert.is(answer, redshift_error, id);
    if (sqlstate) assert.is(found?.sqlstate, sqlstate, id);
  }
});

test.run();
