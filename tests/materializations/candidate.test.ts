import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { duckdbDialect as dialect } from '../../src/adapters/duckdb/dialect.ts';
import { DwhError } from '../../src/core/problem.ts';
import type { Column } from '../../src/core/statement.ts';
import type { Planned } from '../../src/materializations/index.ts';
import { type Config, type Contents, type Ground, ground, main, refusal } from './plans.ts';

const test = suite('materializations: the candidate of an incremental model');

interface Case {
  readonly existing: readonly Column[];
  readonly incoming: readonly Column[];
  readonly old: readonly (readonly string[])[];
  readonly fresh: readonly (readonly string[])[];
  readonly config: Config;
}

/** Names that are hard: a keyword, one with a quote in it, the aliases that plans use. */
const NAMES = ['id', 'name', 'order', 's', 't', 'a "b"'];
const TYPES = ['integer', 'bigint', 'varchar', 'double'];
/** All of them fit every type, so that most schema changes go through. */
const VALUES = ['null', "'0'", "'1'", "'2'", "'01'", "'1.0'"];

const columns = fc
  .uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), type: fc.constantFrom(...TYPES) }), {
    maxLength: 4,
    selector: ({ name }) => name,
  })
  .chain((others) => fc.constantFrom(...TYPES).map((type) => [{ name: 'id', type }, ...others.filter(({ name }) => name !== 'id')]));
const rows = fc.array(fc.array(fc.constantFrom(...VALUES), { minLength: 5, maxLength: 5 }), { maxLength: 6 });
const KEYS = ['id', 'ID', 'name', '"a ""b"""', 'coalesce(id, 0)', 'abs(id)', "cast(id as varchar) || '-'"];
const PREDICATES = [
  'DBT_INTERNAL_DEST.id > 0',
  't.id is null',
  'DBT_INTERNAL_SOURCE.id < 2',
  'DBT_INTERNAL_SOURCE.id >= DBT_INTERNAL_DEST.id',
  't.name is not null',
  'name is not null',
];

/** Mostly what fits the columns: what is refused says nothing about candidates. */
function configs(existing: readonly Column[], incoming: readonly Column[]): fc.Arbitrary<Config> {
  const names = incoming.map(({ name }) => name);
  const shared = names.filter((name) => existing.some((column) => column.name === name));
  const fitting = (texts: readonly string[]): readonly string[] =>
    texts.filter((text) => (shared.includes('name') || !text.includes('name')) && (shared.includes('a "b"') || !text.includes('""b')));
  const some = (texts: readonly string[]): fc.Arbitrary<string[]> =>
    fc.uniqueArray(fc.constantFrom(...texts), { minLength: 1, maxLength: 2 });
  return fc.record(
    {
      incremental_strategy: fc.constantFrom('append', 'delete+insert', 'merge'),
      on_schema_change: fc.constantFrom('ignore', 'append_new_columns', 'sync_all_columns', 'sync_all_columns', 'fail'),
      unique_key: some(fitting(KEYS)),
      incremental_predicates: fc.oneof(fc.constant([]), some(fitting(PREDICATES))),
      merge_update_columns: fc.option(some(names), { nil: [], freq: 2 }),
      merge_exclude_columns: fc.option(some(names), { nil: [], freq: 1 }),
    },
    { requiredKeys: ['incremental_strategy', 'unique_key'] },
  );
}

const cases: fc.Arbitrary<Case> = fc
  .record({ existing: columns, other: columns, changes: fc.boolean(), old: rows, fresh: rows })
  .chain(({ existing, other, changes, old, fresh }) => {
    const incoming = changes ? other : existing;
    return configs(existing, incoming).map((config) => ({ existing, incoming, old, fresh, config }));
  });

const query = (columns: readonly Column[], rows: Case['old']): string => {
  const list = (row: readonly string[]): string =>
    columns.map(({ name, type }, index) => `cast(${row[index]} as ${type}) as ${dialect.quote(name)}`).join(', ');
  return rows.length === 0 ? `select ${list(VALUES)} limit 0` : rows.map((row) => `select ${list(row)}`).join(' union all ');
};

const orders = main('orders');
type End = 'refused' | 'failed' | 'published';

/** Carries out the plan of a node without tests, and says what came of it. */
async function ungated(at: Ground, { config }: Case, sql: string): Promise<End> {
  const plan = await at.plan('incremental', config, { relation: orders, sql, gated: false });
  const failure = await refusal(() => at.carryOut([...plan.stage, ...plan.publish, ...plan.cleanup]));
  assert.equal(await at.relations(), ['orders']);
  return failure === undefined ? 'published' : 'failed';
}

async function compare(at: Ground, one: Case): Promise<End> {
  const { existing, incoming, old, fresh, config } = one;
  const table = `create or replace table orders as ${query(existing, old)}`;
  await at.run(table);
  const before = await at.contents(orders);
  const sql = query(incoming, fresh);
  let plan: Planned;
  try {
    plan = await at.plan('incremental', config, { relation: orders, sql });
  } catch (error) {
    assert.instance(error, DwhError);
    return 'refused';
  }
  if ((await refusal(() => at.carryOut(plan.stage))) !== undefined) {
    assert.equal(await at.contents(orders), before);
    assert.is(await ungated(at, one, sql), 'failed');
    return 'failed';
  }
  let candidate: Contents | undefined;
  const unreadable = await refusal(async () => {
    candidate = await at.contents(plan.candidate);
  });
  const unpublished = await refusal(() => at.carryOut([...plan.publish, ...plan.cleanup]));
  if (unpublished !== undefined) {
    // A query need not cast rows that it leaves out; a statement that changes the column's type casts them all.
    if (candidate) assert.match(unpublished, /convert|cast/i);
    assert.equal(await at.contents(orders), before);
    await at.carryOut(plan.cleanup);
    assert.equal(await at.relations(), ['orders']);
    return 'failed';
  }
  assert.is(unreadable, undefined);
  assert.equal(await at.contents(orders), candidate);
  assert.equal(await at.relations(), ['orders']);
  await at.run(table);
  assert.is(await ungated(at, one, sql), 'published');
  assert.equal(await at.contents(orders), candidate);
  return 'published';
}

test('is what publication makes of the table, whatever the columns, rows, keys and strategy', async () => {
  const at = await ground();
  const ends = { refused: 0, failed: 0, published: 0 };
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      ends[await compare(at, one)]++;
    }),
    { numRuns: 400 },
  );
  await at.close();
  // Only these say something.
  assert.ok(ends.published > 200, JSON.stringify(ends));
});

test.run();
