// Columns of unit tests: values of every type, texts of any length, names in any case, names that are words of SQL.
import * as assert from 'uvu/assert';
import { results, statuses } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, type Theme } from './shop.ts';

/** Type, a value as YAML has it, one that differs, and where the value is another text for the same thing, that. */
const TYPES: readonly (readonly [string, string, string, string?])[] = [
  ['integer', '1', '2'],
  ['bigint', '9007199254740993', '9007199254740992'],
  ['double precision', '1.25', '1.5'],
  ['decimal(10, 2)', '3.10', '3.11', '3.1'],
  ['varchar(20)', '"a\'b"', 'a'],
  ['varchar(20)', '"1"', '"2"'],
  ['boolean', 'true', 'false', '"true"'],
  ['date', '2024-02-29', '2024-02-28', '"2024-02-29"'],
  ['timestamp', '"2024-02-29 10:11:12"', '"2024-02-29 10:11:13"', '2024-02-29T10:11:12'],
];

const unit = (name: string, given: string, expect: string): string =>
  `  - {name: ${name}, model: same, given: [{input: ref('typed'), rows: [{${given}}]}], expect: {rows: [{${expect}}]}}\n`;

export const unitTestColumns: Theme = (scenario, { keepsCase }) => {
  scenario('a value of every type comes back as it is, another one does not, NULL is NULL', async (open) => {
    const columns = TYPES.map(([type], n) => `cast(null as ${type}) as c${n}`);
    const shop = await open({
      'models/typed.sql': config('table') + `select ${columns.join(', ')}`,
      'models/same.sql': `select ${TYPES.map((_, n) => `c${n}`).join(', ')} from {{ ref('typed') }}`,
      'models/units.yml': `unit_tests:\n${TYPES.map(
        ([, value, other, again = value], n) =>
          unit(`equal_${n}`, `c${n}: ${value}`, `c${n}: ${again}`) +
          unit(`other_${n}`, `c${n}: ${value}`, `c${n}: ${other}`) +
          unit(`nothing_${n}`, `c${n}: null`, `c${n}: null`),
      ).join('')}`,
    });
    await shop.succeeds('run', { select: 'typed' });
    const told = statuses(await shop.run('test'));
    const wrong = Object.entries(told).filter(([name, status]) => status !== (name.includes('.other_') ? 'fail' : 'pass'));
    assert.equal([wrong, Object.keys(told).length], [[], 3 * TYPES.length]);
  });

  scenario('a text may be longer than the column, and keeps all of it', async (open) => {
    const shop = await open({
      'models/typed.sql': `${config('table')}select cast('ab' as varchar(2)) as code`,
      'models/same.sql': "select code, length(code) as size from {{ ref('typed') }}",
      'models/units.yml': `unit_tests:\n${unit('long', 'code: abcdef', 'code: abcdef, size: 6')}${unit('cut', 'code: abcdef', 'code: ab')}`,
    });
    await shop.succeeds('run', { select: 'typed' });
    assert.equal(Object.values(statuses(await shop.run('test'))), ['fail', 'pass']);
  });

  scenario('names of columns may be written in another case', async (open) => {
    const shop = await open({
      'models/typed.sql': `${config('table')}select 1 as id, cast('a' as varchar(5)) as name`,
      'models/same.sql': "select ID, Name from {{ ref('typed') }}",
      'models/units.yml': `unit_tests:\n${unit('mixed', 'Id: 1, NAME: b', 'iD: 1, nAmE: b')}`,
    });
    await shop.succeeds('run', { select: 'typed' });
    await shop.succeeds('test');
  });

  scenario('names that are words of SQL, in quotes in the model, are plain names in the test', async (open) => {
    const shop = await open({
      'models/typed.sql': `${config('table')}select 1 as "order", cast('a' as varchar(5)) as "group", 2 as "select"`,
      'models/same.sql': `select "order", "group", "select" from {{ ref('typed') }}`,
      'models/units.yml': `unit_tests:\n${unit('words', 'order: 3, group: c, select: 4', 'order: 3, group: c, select: 4')}`,
    });
    await shop.succeeds('run', { select: 'typed' });
    await shop.succeeds('test');
  });

  scenario('a column that an input or a result does not have is named, with those that there are', async (open) => {
    const shop = await open({
      'models/typed.sql': `${config('table')}select 1 as id, cast('a' as varchar(5)) as name`,
      'models/same.sql': "select id, name from {{ ref('typed') }}",
      'models/units.yml': `unit_tests:\n${unit('input', 'id: 1, nme: b', 'id: 1')}${unit('result', 'id: 1', 'id: 1, nme: b')}`,
    });
    await shop.succeeds('run', { select: 'typed' });
    const done = [...results(await shop.run('test')).values()];
    assert.equal(
      done.map(({ status }) => status),
      ['error', 'error'],
    );
    for (const { problem } of done) {
      hasProblem(problem ? [problem] : [], { message: 'nme', at: 'models/units.yml' });
      assert.match(`${problem?.message} ${problem?.hint} ${problem?.detail}`, /\bname\b/);
    }
  });

  if (keepsCase)
    scenario('columns that differ in case only are two', async (open) => {
      const shop = await open({
        'models/typed.sql': `${config('table')}select 1 as id, 2 as "Id"`,
        'models/same.sql': `select id, "Id" from {{ ref('typed') }}`,
        'models/units.yml': `unit_tests:\n${unit('both', 'id: 5, Id: 6', 'Id: 6, id: 5')}`,
      });
      await shop.succeeds('run', { select: 'typed' });
      await shop.succeeds('test');
    });
};
