// The project of this repository, unchanged, on the stand-in: the same rows as on DuckDB, and what dwh said on the way.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { redshift } from '../../src/adapters/redshift/index.ts';
import { statement } from '../../src/core/statement.ts';
import { all, check, type Statement } from '../../src/lint/redshift/index.ts';
import { duckdbAdapter } from '../adapters/duckdb-target.ts';
import { openConnection } from '../conformance/shop.ts';
import { cli } from '../support/cli.ts';
import { tempDir } from '../support/temp-dir.ts';
import { StandIn } from './stand-in.ts';

const SCHEMA = 'analytics';
interface Context {
  readonly standIn: StandIn;
  readonly targets: Readonly<Record<'redshift' | 'duckdb', Readonly<Record<string, unknown>>>>;
  readonly dir: string;
}
const test = suite<Context>('sparkify on the stand-in');
const build = async ({ dir }: Context, target: string): Promise<string> => {
  const { code, stdout, stderr } = await cli(['build', '--profiles-dir', dir, '--target', target, '--target-path', join(dir, 'target')]);
  assert.is(code, 0, stdout + stderr);
  return stdout;
};

test.before(async (context) => {
  const standIn = await StandIn.start();
  const dir = tempDir('sparkify');
  const targets = {
    redshift: { ...standIn.target(SCHEMA), threads: 2 },
    duckdb: { type: 'duckdb', path: join(dir, 'sparkify.duckdb'), schema: SCHEMA },
  };
  writeFileSync(join(dir, 'profiles.yml'), JSON.stringify({ sparkify: { outputs: targets } }));
  Object.assign(context, { standIn, targets, dir });
});
test.after(({ standIn }) => standIn.close());

/** Columns whose text is made of doubles, which servers print in their own ways: the keys are other ones. */
const KEYS = new Set(['play_id', 'songplay_id', 'event_id']);
const VIEWS = new Set(['stg_events', 'stg_songs']);
const TABLES = [
  'staging_events',
  'staging_songs',
  'weekdays',
  'subscription_levels',
  'stg_events',
  'stg_songs',
  'stg_plays',
  'dim_artists',
  'dim_songs',
  'dim_users',
  'dim_time',
  'fact_songplays',
];

async function tables({ targets, dir }: Context, name: 'redshift' | 'duckdb'): Promise<Readonly<Record<string, readonly string[]>>> {
  const connection = await openConnection(name === 'redshift' ? redshift : duckdbAdapter(), targets[name], dir);
  try {
    const found: Record<string, readonly string[]> = {};
    for (const table of TABLES) {
      const { columns, rows } = await connection.run(statement(`select * from ${SCHEMA}.${table}`));
      const kept = columns.flatMap(({ name: column }, index) => (KEYS.has(column) ? [] : [index]));
      found[table] = [
        columns.map((column) => column.name).join(' '),
        ...rows.map((row) => JSON.stringify(kept.map((index) => String(row[index] ?? null)))).sort(),
      ];
    }
    return found;
  } finally {
    await connection.close();
  }
}

test('it builds, and every table has the rows that it has on DuckDB', async (context) => {
  assert.match(await build(context, 'redshift'), /\nDone\. PASS=\d+ WARN=0 ERROR=0 SKIP=0 /);
  await build(context, 'duckdb');
  const [there, here] = [await tables(context, 'redshift'), await tables(context, 'duckdb')];
  for (const table of TABLES) {
    assert.ok((here[table]?.length ?? 0) > 1, table);
    assert.equal(there[table], here[table], table);
  }
});

test('a second build changes tables in place: none is dropped, replaced or truncated under its readers, nothing cascades', async (context) => {
  const { standIn } = context;
  const before = await tables(context, 'redshift');
  const from = standIn.transcript.length;
  await build(context, 'redshift');
  assert.equal(await tables(context, 'redshift'), before);
  const said = standIn.transcript.slice(from);
  assert.equal(
    said.filter(({ outcome }) => outcome !== 'done'),
    [],
  );
  const published = new Set(TABLES.filter((table) => !VIEWS.has(table)));
  for (const { sql } of said) {
    const tree = check(sql)[0]?.tree as Statement;
    const touched = all(tree, 'qualified-name').map(({ parts }) => parts.at(-1)?.value ?? '');
    const renamed = tree.kind === 'alter-table' ? tree.actions.flatMap((one) => (one.what === 'rename to' ? [one.to.value] : [])) : [];
    const dropped = tree.kind === 'command' && ['drop table', 'truncate'].includes(tree.command) ? touched : [];
    assert.equal(
      [...dropped, ...renamed].filter((name) => published.has(name)),
      [],
      sql,
    );
    assert.not(tree.kind === 'command' && tree.slots.some(({ node }) => node.kind === 'word' && node.value === 'cascade'), sql);
  }
});

test.run();
