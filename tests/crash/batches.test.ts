// `kill -9` while a microbatch model is made or goes on: each batch is there or not, a table that is made anew is there as a whole
// or not at all, and `retry`, or the same run again, comes to what a run without the kill comes to.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tempDir } from '../support/temp-dir.ts';
import { complaints, momentText, type Ran, run } from './kill.ts';
import { differences, type State, stateOf } from './state.ts';

const test = suite('kill -9: batches');

const FIRST_YEAR = 2016;
const events = (mark: string, from: number): string =>
  `{{ config(materialized='table', event_time='happened_at') }}
select i as id, make_timestamp(${FIRST_YEAR} + i % 10, 3, 1, 0, 0, 0) as happened_at, case when ${FIRST_YEAR} + i % 10 >= ${from} then '${mark}' else 'first' end as n
from range(2000) as numbers(i)`;
const daily = (
  lookback: number,
): string => `{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened_at', begin='${FIRST_YEAR}-01-01', batch_size='year', lookback=${lookback}) }}
select id, happened_at, n from {{ ref('events') }}`;

interface Leg {
  readonly title: string;
  readonly from: string;
  readonly before: State;
  readonly after: State;
  readonly undisturbed: Ran;
  readonly command: 'run' | 'build';
}
const legs: Leg[] = [];

function write(dir: string, path: string, text: string): void {
  mkdirSync(join(dir, path, '..'), { recursive: true });
  writeFileSync(join(dir, path), text);
}

const copyOf = (dir: string): string => {
  const copy = tempDir('batches');
  cpSync(dir, copy, { recursive: true });
  return copy;
};

test.before(async () => {
  const begin = tempDir('batches');
  write(begin, 'project.yml', 'name: radio\n');
  write(begin, 'models/events.sql', events('first', FIRST_YEAR));
  write(begin, 'models/daily.sql', daily(1));
  for (const command of ['run', 'build'] as const) {
    let from = copyOf(begin);
    if (command === 'build') write(from, 'tests/none.sql', "select id from {{ ref('daily') }} where id < 0");
    for (const title of ['from nothing', 'over what is there']) {
      if (title !== 'from nothing') {
        write(from, 'models/events.sql', events('second', FIRST_YEAR + 3));
        write(from, 'models/daily.sql', daily(100));
      }
      const to = copyOf(from);
      const undisturbed = await run(command, to);
      assert.is(undisturbed.code, 0, complaints(undisturbed.text));
      legs.push({ title: `${command} ${title}`, command, from, before: await stateOf(from), after: await stateOf(to), undisturbed });
      from = to;
    }
  }
});

/** Rows of the model, by their year. */
function byYear(state: State): ReadonlyMap<string, readonly string[]> {
  const years = new Map<string, string[]>();
  for (const row of state.get('main.daily') ?? []) {
    const year = /\d{4}-03-01/.exec(row)?.[0] ?? '';
    years.set(year, [...(years.get(year) ?? []), row]);
  }
  return years;
}

function isBatchwise(now: State, { before, after, title }: Leg): readonly string[] {
  const [was, is, willBe] = [before, now, after].map(byYear);
  const same = (year: string, other: typeof was): boolean => JSON.stringify(is?.get(year)) === JSON.stringify(other?.get(year));
  if (before.get('main.daily') === undefined && is?.size !== 0 && [...(willBe?.keys() ?? [])].some((year) => !same(year, willBe)))
    return [`${title}: a table with some of its batches`];
  return [...(willBe?.keys() ?? [])].flatMap((year) => (same(year, was) || same(year, willBe) ? [] : [`${title}: half of ${year}`]));
}

test('what is compared: all batches change, and nothing is left beside', () => {
  assert.is(legs.length, 4);
  for (const { before, after } of legs) {
    assert.ok(differences(after, before).length >= 2);
    assert.is(byYear(after).size, 10);
    assert.not([...after.keys()].some((relation) => relation.includes('__dwh')));
  }
});

let hits = 0;
let moments = 0;
for (const [index, share] of [0.3, 0.6, 0.9].entries())
  for (const number of [0, 1, 2, 3])
    if ((index + number) % 2 === 0)
      test(`leg ${number + 1} killed behind ${Math.round(share * 100)} % of its output`, async () => {
        const leg = legs[number];
        assert.ok(leg);
        const project = copyOf(leg.from);
        const moment = { line: Math.ceil(leg.undisturbed.lines * share), ms: 0 };
        const { killed } = await run(leg.command, project, moment);
        moments++;
        if (killed) hits++;
        const where = `${leg.title}, ${momentText(moment)}`;
        assert.equal(isBatchwise(await stateOf(project), leg), [], where);
        // A run that had ended has nothing to try again.
        const again = killed && (index + number) % 4 === 0 ? 'retry' : leg.command;
        const { code, text } = await run(again, project);
        assert.is(code, 0, `${where}: ${again}: ${complaints(text)}`);
        assert.equal(differences(await stateOf(project), leg.after), [], `${where}: ${again}`);
      });

test('most kills came while it ran', () => {
  assert.ok(hits * 2 > moments, `${hits} of ${moments}`);
});

test.run();
