// The project on another warehouse: every relation of it has row for row what DuckDB's has, and the golden questions are
// answered exactly, on the sample and on the real data.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection } from '../../src/adapters/adapter.ts';
import { type Column, statement } from '../../src/core/statement.ts';
import { readable } from '../adapters/conformance.ts';
import { openConnection } from '../conformance/shop.ts';
import { type ConformanceWarehouse, duckdb } from '../conformance/warehouses.ts';
import { fixtureIn, type RequestOptions, results } from '../support/fixture.ts';
import { repoRoot, shared, withoutShared } from '../support/shared.ts';
import { skipUnless } from '../support/skip.ts';
import { tempDir } from '../support/temp-dir.ts';
import { analyses, goldenQuestions, goldenRows, questionSql, songSets, sorted, twoDecimals, varsOf } from './golden.ts';

const SCHEMA = 'analytics';
/** When a file was loaded: of the run, not of the data. */
const OF_THE_RUN = ['loaded_at'];

interface Built {
  readonly connection: Connection;
  readonly folder: string;
  run(command: string, options?: RequestOptions): Promise<ReadonlyMap<string, { readonly status: string; readonly message?: string }>>;
}

async function open(warehouse: ConformanceWarehouse, vars: Readonly<Record<string, string>>): Promise<Built> {
  const folder = tempDir('sparkify');
  const place = warehouse === duckdb ? { path: join(folder, 'sparkify.duckdb') } : {};
  const target = { ...(await warehouse.target()), schema: SCHEMA, threads: 3, ...place };
  writeFileSync(join(folder, 'profiles.yml'), JSON.stringify({ sparkify: { outputs: { other: target } } }));
  const project = fixtureIn(repoRoot);
  const run: Built['run'] = async (command, options = {}) =>
    results(await project.run(command, { profilesDir: folder, target: 'other', targetPath: join(folder, 'target'), vars, ...options }));
  return { connection: await openConnection(warehouse.adapter, target, folder), folder, run };
}

const rowsOf = async (connection: Connection, sql: string): Promise<readonly string[]> =>
  sorted((await connection.run(statement(sql))).rows.map((row) => row.map((value) => (value === null ? null : String(value)))));

/** Of the warehouse, and not of the data: who has it, what it copied, how loads keep each other off. */
const isItsOwn = (identifier: string): boolean => [`lease_${SCHEMA}`, 'load_copies', 'load_locks'].includes(identifier);

/** Names of columns, and rows in one order, of each relation. */
async function contents({ connection }: Built): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  const names = (columns: readonly Column[]): readonly string[] =>
    columns.map(({ name }) => name).filter((name) => !OF_THE_RUN.includes(name));
  for (const { relation, kind } of await connection.list([{ schema: SCHEMA }, { schema: '_dwh' }])) {
    if (isItsOwn(relation.identifier)) continue;
    const columns = names((await connection.columns(relation)) ?? []);
    const place = `${relation.schema}.${relation.identifier}`;
    found[`${place} (${kind})`] = [
      columns.join(', '),
      ...(await rowsOf(connection, `select ${columns.map((name) => `"${name}"`).join(', ')} from ${place}`)),
    ];
  }
  return found;
}

export interface Telling {
  /** Statements before the golden questions. */
  readonly prepare?: readonly string[];
  /** Says for each set of files where they are loaded from, by the vars that name them on this machine. */
  readonly place?: (vars: Vars) => Vars;
  /** Around each test. */
  readonly within?: <T>(work: () => Promise<T>) => Promise<T>;
  readonly title?: string;
}
export type Vars = Readonly<Record<'log_data' | 'log_jsonpath' | 'song_data', string>>;

const SAMPLE: Vars = {
  log_data: join(repoRoot, 'sample/log-data'),
  log_jsonpath: join(repoRoot, 'sample/log_json_path.json'),
  song_data: join(repoRoot, 'sample/song-data'),
};

export function givesWhatDuckdbGives(
  warehouse: ConformanceWarehouse,
  { prepare = [], place: placed = (vars) => vars, within: around = (work) => work(), title = '' }: Telling = {},
): void {
  const within = (work: () => Promise<void>): Promise<void> => readable(around(work));
  const test = suite(`sparkify on ${warehouse.name}${title}`);
  const opened: Connection[] = [];
  test.after.each(async () => {
    for (const connection of opened.splice(0)) await connection.close();
  });
  const place = async (on: ConformanceWarehouse, vars: Readonly<Record<string, string>>): Promise<Built> => {
    const made = await open(on, vars);
    opened.push(made.connection);
    return made;
  };
  const built = async (on: ConformanceWarehouse, vars: Readonly<Record<string, string>>): Promise<Built> => {
    const made = await place(on, vars);
    const failed = [...(await made.run('build')).values()].filter(({ status }) => status !== 'success' && status !== 'pass');
    assert.equal(failed, []);
    return made;
  };

  const same = async (ours: Built, theirs: Built): Promise<void> => {
    const [found, wanted] = [await contents(ours), await contents(theirs)];
    assert.equal(Object.keys(found).sort(), Object.keys(wanted).sort());
    assert.ok(Object.keys(found).length >= 12, Object.keys(found).join(', '));
    for (const [relation, rows] of Object.entries(wanted)) {
      const [has, needs] = [new Set(found[relation]), new Set(rows)];
      const differing = [
        rows.filter((row) => !has.has(row)).slice(0, 3),
        (found[relation] ?? []).filter((row) => !needs.has(row)).slice(0, 3),
      ];
      assert.equal(differing, [[], []], relation);
      assert.is(found[relation]?.length, rows.length, relation);
    }
  };

  test('the sample: row for row what DuckDB gives, and a second build changes nothing', () =>
    within(async () => {
      const ours = await built(warehouse, placed(SAMPLE));
      const theirs = await built(duckdb, placed(SAMPLE));
      await same(ours, theirs);
      const again = await ours.run('build');
      assert.match(again.get('source.sparkify.sparkify.staging_events')?.message ?? '', /^no new files/);
      await same(ours, theirs);
    }));

  test('--empty makes every relation that a build makes, without a row, and reads no file: there is none', () =>
    within(async () => {
      const ours = await place(warehouse, { log_data: 'no/log-data', log_jsonpath: 'no/paths.json', song_data: 's3://no/song-data' });
      const said = new Set([...(await ours.run('build', { empty: true })).values()].map(({ status }) => status));
      assert.equal([...said].sort(), ['pass', 'success', 'warn']);
      const found = Object.entries(await contents(ours)).filter(([name]) => !/weekdays|subscription_levels/.test(name));
      assert.ok(found.length >= 8, found.map(([name]) => name).join(', '));
      assert.equal(
        found.filter(([name, rows]) => rows.length > 1 || name.startsWith('_dwh')),
        [],
      );
    }));

  const withData = skipUnless(shared('data'), withoutShared, test);
  for (const [set, songFolder] of songSets) {
    withData(`${set}: row for row what DuckDB gives, and every golden question is answered exactly`, () =>
      within(async () => {
        const vars = placed(varsOf(songFolder));
        const ours = await built(warehouse, vars);
        await same(ours, await built(duckdb, vars));
        for (const sql of prepare) await ours.connection.run(statement(sql));
        for (const question of goldenQuestions())
          assert.equal(await rowsOf(ours.connection, questionSql(question)), sorted(goldenRows(set, question)), question);
        await ours.run('compile', { selection: { resourceTypes: ['analysis'] } });
        for (const [question, [analysis, sql]] of Object.entries(analyses)) {
          const compiled = await fixtureIn(ours.folder).read(`target/compiled/sparkify/analyses/${analysis}.sql`);
          const wanted = goldenRows(set, question).map((row) => row.map(twoDecimals));
          // Redshift takes no WITH within a WITH.
          await ours.connection.run(statement(`drop table if exists answer; create temporary table answer as ${compiled}`));
          assert.equal(await rowsOf(ours.connection, sql), sorted(wanted), question);
        }
      }),
    );
  }

  test.run();
}
