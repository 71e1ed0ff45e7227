// Histories of rows, told to a snapshot run by run: what it keeps is compared with a list of versions that is kept beside it.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Config, type Ground, ground, main } from './plans.ts';

const test = suite('materializations: snapshot');

interface Person {
  readonly id: number;
  readonly name: string | null;
  /** The last one lies in the future. */
  readonly day: string;
}

const DAYS = ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04', '2999-01-01'];
const person = fc.record({
  id: fc.integer({ min: 1, max: 3 }),
  name: fc.constantFrom(null, 'Ada', 'Bob'),
  day: fc.constantFrom(...DAYS),
});
const runs = fc.array(fc.uniqueArray(person, { selector: ({ id }) => id, maxLength: 3 }), { minLength: 2, maxLength: 4 });

const CURRENT = "cast('9999-12-31' as timestamp)";
const configs: fc.Arbitrary<Config> = fc
  .record({
    kind: fc.constantFrom(
      { strategy: 'timestamp', updated_at: 'day' },
      { strategy: 'check', check_cols: ['name'] },
      { strategy: 'check', check_cols: 'all', updated_at: 'DAY' },
    ),
    hard_deletes: fc.constantFrom('ignore', 'invalidate', 'new_record'),
    dbt_valid_to_current: fc.constantFrom(null, CURRENT),
    unique_key: fc.constantFrom('id', ['id'], 'id + 1'),
  })
  .map(({ kind, ...more }) => ({ ...kind, ...more }));

interface Version extends Person {
  readonly deleted: boolean;
}

/** What one run makes of the versions: those that are over, and the current one of each key. */
function told(over: Version[], current: Map<number, Version>, rows: readonly Person[], config: Config): void {
  const end = (version: Version | undefined): void => {
    if (version) over.push(version);
  };
  for (const row of rows) {
    const before = current.get(row.id);
    const changed =
      !before ||
      before.deleted ||
      (config.strategy === 'timestamp'
        ? before.day < row.day
        : before.name !== row.name || (config.check_cols === 'all' && before.day !== row.day));
    if (!changed) continue;
    end(before);
    current.set(row.id, { ...row, deleted: false });
  }
  if (config.hard_deletes === 'ignore') return;
  for (const [id, version] of current) {
    if (rows.some((row) => row.id === id) || version.deleted) continue;
    end(version);
    current.delete(id);
    if (config.hard_deletes === 'new_record') current.set(id, { ...version, deleted: true });
  }
}

const history = main('history');

const query = (rows: readonly Person[]): string => {
  const select = ({ id, name, day }: Person): string =>
    `select ${id} as id, cast(${name === null ? 'null' : `'${name}'`} as varchar) as name, cast('${day}' as timestamp) as day`;
  return rows.length === 0 ? `${select({ id: 0, name: null, day: '2024-01-01' })} limit 0` : rows.map(select).join(' union all ');
};

/** Rows of one key, in time: what must not be. */
const WRONG = `select * from (
  select id, dbt_valid_from as began, dbt_valid_to as ended, is_open, lead(dbt_valid_from) over (partition by id order by dbt_valid_from, is_open, dbt_valid_to) as next
  from (select *, case when dbt_valid_to is null or dbt_valid_to = ${CURRENT} then 1 else 0 end as is_open from history)
) where ended < began or (next is not null and (is_open = 1 or next < ended))`;

async function tell(at: Ground, rows: readonly Person[], config: Config, gated: boolean): Promise<void> {
  const plan = await at.plan('snapshot', config, { relation: history, sql: query(rows), gated });
  await at.carryOut(plan.stage);
  const candidate = gated ? await at.contents(plan.candidate) : undefined;
  await at.carryOut([...plan.publish, ...plan.cleanup]);
  if (candidate) assert.equal(await at.contents(history), candidate);
  assert.equal(await at.relations(), ['history']);
  assert.equal(await at.run(WRONG), []);
}

test('keeps each version once, in intervals that do not overlap, and its candidate is what is published', async () => {
  const at = await ground();
  let versions = 0;
  await fc.assert(
    fc.asyncProperty(runs, configs, fc.boolean(), async (all, config, gated) => {
      await at.run('drop table if exists history');
      const over: Version[] = [];
      const current = new Map<number, Version>();
      for (const rows of all) {
        told(over, current, rows, config);
        await tell(at, rows, config, gated);
      }
      const text = (version: Version, open: boolean): string =>
        JSON.stringify([version.id, version.name, version.day, config.hard_deletes === 'new_record' ? version.deleted : null, open]);
      const wanted = [...over.map((version) => text(version, false)), ...[...current.values()].map((version) => text(version, true))];
      const deleted = config.hard_deletes === 'new_record' ? "dbt_is_deleted = 'True'" : 'null';
      const found = await at.run(
        `select id, name, strftime(day, '%Y-%m-%d'), ${deleted}, dbt_valid_to is null or dbt_valid_to = ${CURRENT} from history`,
      );
      assert.equal(found.map((row) => JSON.stringify(row)).sort(), wanted.sort());
      versions += found.length;
      // Those that held for a while.
      assert.equal(
        await at.run('select dbt_scd_id from history where dbt_valid_to is distinct from dbt_valid_from group by 1 having count(*) > 1'),
        [],
      );
    }),
    { numRuns: 200 },
  );
  await at.close();
  assert.ok(versions > 300, String(versions));
});

test('rows of the table that no run made so are left as they are', async () => {
  const at = await ground();
  const config: Config = { strategy: 'timestamp', updated_at: 'day', unique_key: 'id' };
  const [row] = [{ id: 1, name: 'Ada', day: '2024-01-01' }];
  await tell(at, [row], config, true);
  // Versions that overlap, as dbt makes them of a row that comes back.
  await at.run(
    "insert into history select * replace ('older' as dbt_scd_id, cast('2024-01-02' as timestamp) as dbt_valid_to) from history",
  );
  const plan = await at.plan('snapshot', config, { relation: history, sql: query([{ ...row, name: 'Bob', day: '2024-01-04' }]) });
  await at.carryOut([...plan.stage, ...plan.publish, ...plan.cleanup]);
  assert.equal(await at.run("select name, strftime(dbt_valid_from, '%d'), strftime(dbt_valid_to, '%d') from history order by 2, 3"), [
    ['Ada', '01', '02'],
    ['Ada', '01', '04'],
    ['Bob', '04', null],
  ]);
  await at.close();
});

test.run();
