// `kill -9` between the batches of a microbatch model on Postgres: each batch is there as a whole or as it was, and the run after it
// comes to what a run without the kill comes to: nothing is lost, and nothing is there twice.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Fixture, projectOn } from '../support/fixture.ts';
import { onServer, postgresTarget } from '../support/postgres.ts';
import { complaints, momentText, type Ran, run } from './kill.ts';

const test = suite('kill -9: batches on Postgres');

const YEARS = 10;
const PER_YEAR = 200;
const inputs = (mark: string): string => `{{ config(materialized='table', event_time='happened_at') }}
select i as id, make_timestamp(2016 + i % ${YEARS}, 3, 1, 0, 0, 0) as happened_at, '${mark}' as n from generate_series(0, ${YEARS * PER_YEAR - 1}) as i`;
const MODEL = `{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened_at', begin='2016-01-01', batch_size='year', lookback=100) }}
select id, happened_at, n from {{ ref('events') }}`;

/** By year: how many rows of which mark; no table: undefined. */
async function marks(database: string): Promise<ReadonlyMap<string, string> | undefined> {
  return onServer(database, async (client) => {
    const { rows: there } = await client.query("select 1 from pg_class where relname = 'daily' and relkind = 'r'");
    if (there.length === 0) return undefined;
    const { rows } = await client.query(
      "select extract(year from happened_at)::text as year, string_agg(distinct n, ' ') || ' ' || count(*) || ' ' || count(distinct id) as is from analytics.daily group by 1",
    );
    return new Map(rows.map((row) => [String(row.year), String(row.is)]));
  });
}
const whole = (mark: string): string => `${mark} ${PER_YEAR} ${PER_YEAR}`;
const isWhole = (found: ReadonlyMap<string, string> | undefined, mark: string): boolean =>
  found?.size === YEARS && [...found.values()].every((one) => one === whole(mark));

async function shopOn(): Promise<{ readonly shop: Fixture; readonly database: string }> {
  const target = { ...(await postgresTarget()), schema: 'analytics', threads: 2 };
  const shop = await projectOn(target, {
    'project.yml': 'name: shop\nprofile: shop\n',
    'models/events.sql': inputs('first'),
    'models/daily.sql': MODEL,
  });
  return { shop, database: target.dbname };
}

let undisturbed: readonly [first: Ran, second: Ran] | undefined;
test.before(async () => {
  const { shop, database } = await shopOn();
  const first = await run('run', shop.dir);
  assert.is(first.code, 0, complaints(first.text));
  assert.ok(isWhole(await marks(database), 'first'));
  await shop.write('models/events.sql', inputs('second'));
  const second = await run('run', shop.dir);
  assert.is(second.code, 0, complaints(second.text));
  assert.ok(isWhole(await marks(database), 'second'));
  undisturbed = [first, second];
});

/** The line of output that tells of the batch. */
const lineOf = ({ text }: Ran, year: number): number =>
  text.split('\n').findIndex((line) => new RegExp(`Batch \\d+ of \\d+ of daily: OK ${year}\\b`).test(line)) + 1;

let killedBetween = 0;
for (const [year, again] of [
  [2016, 'run'],
  [2017, 'retry'],
  [2018, 'run'],
  [2019, 'retry'],
] as const)
  test(`killed behind the batch of ${year}: first over nothing, then over what is there; ${again} goes on`, async () => {
    const { shop, database } = await shopOn();
    for (const [index, mark] of ['first', 'second'].entries()) {
      await shop.write('models/events.sql', inputs(mark));
      const before = undisturbed?.[index];
      assert.ok(before);
      const moment = { line: lineOf(before, year), ms: 0 };
      const { killed } = await run('run', shop.dir, moment);
      const where = `${mark}, ${momentText(moment)}`;
      const found = await marks(database);
      // A table that is made anew is there when all of it is; else each batch is what it was or what it will be.
      if (index === 0) assert.ok(found === undefined || isWhole(found, 'first'), where);
      else
        assert.equal(
          [...(found?.values() ?? [])].filter((one) => one !== whole('first') && one !== whole('second')),
          [],
          where,
        );
      if (killed && index === 1 && new Set(found?.values()).size === 2) killedBetween++;
      const { code, text } = await run(killed ? again : 'run', shop.dir);
      assert.is(code, 0, `${where}: ${complaints(text)}`);
      assert.ok(isWhole(await marks(database), mark), `${where}: ${[...((await marks(database)) ?? [])].join('; ')}`);
    }
  });

test('a kill came between batches', () => {
  assert.ok(killedBetween > 0);
});

test.run();
