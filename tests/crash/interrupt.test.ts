// Ctrl-C in the middle of a statement, of a test and of a load, and a second process on the same database meanwhile.
import type { ChildProcess } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CliResult, ended, startCli } from '../support/cli.ts';
import { type Fixture, project } from '../support/fixture.ts';

const test = suite('Ctrl-C');

/** Ends at once with the default, and never with a size of ten million. */
const endless = "select count(*) as n from range({{ var('size', 3) }}) as a(x), range({{ var('size', 3) }}) as b(y) where x * y % 7 = 8";
const forever = ['--vars', '{size: 10000000, round: 2}'];

interface Running {
  readonly child: ChildProcess;
  readonly end: Promise<CliResult>;
}

/** Started, and so far that it has printed this; throws when it ends without having done so. */
async function runningUntil(printed: string, args: readonly string[], { dir }: Fixture): Promise<Running> {
  const child = startCli(args, { cwd: dir });
  const end = ended(child);
  await new Promise<void>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes(printed)) resolve();
    });
    end.then(({ stdout, stderr }) => reject(new Error(`It ended without printing '${printed}':\n${stdout}${stderr}`)), reject);
  });
  return { child, end };
}

async function interrupted({ child, end }: Running): Promise<CliResult> {
  child.kill('SIGINT');
  return end;
}

/** Unique_id to status and message, as run_results.json has them. */
async function resultsOf(made: Fixture): Promise<Record<string, string>> {
  const { results } = JSON.parse(await made.read('target/run_results.json')) as {
    results: { unique_id: string; status: string; message: string | null }[];
  };
  const short = (id: string): string => id.split('.').slice(0, 3).join('.').replace('.station', '');
  return Object.fromEntries(results.map(({ unique_id, status, message }) => [short(unique_id), `${status}: ${message}`]));
}

const relations = (made: Fixture): Promise<unknown> =>
  made.query(
    "select schema_name || '.' || table_name from duckdb_tables() union all select schema_name || '.' || view_name from duckdb_views() where not internal order by 1",
  );

test('what runs is cancelled, the rest is skipped, and what was published before stays; meanwhile another process is told who has the file', async () => {
  const station = await project({
    'project.yml': 'name: station\nmodels: {+materialized: table}\n',
    'models/slow.sql': `select {{ var('round', 1) }} as round, n from (${endless})`,
    'models/behind.sql': "select * from {{ ref('slow') }}",
    'models/one.sql': "select {{ var('round', 1) }} as round",
    'models/another.sql': "select {{ var('round', 1) }} as round",
  });
  assert.is((await station.cli(['run'])).code, 0);
  // The last run's times would be weights: without them, the longest path comes first.
  await station.remove('target/run_results.json');
  const run = await runningUntil('START table model main.slow', ['run', '--threads', '1', ...forever], station);

  const second = await station.cli(['run']);
  assert.is(second.code, 2);
  assert.match(second.stdout + second.stderr, `(PID ${run.child.pid})`);
  assert.match(second.stdout + second.stderr, 'error[database-locked] dwh.duckdb is in use by another process');

  const { code, stdout } = await interrupted(run);
  assert.is(code, 130, stdout);
  assert.match(stdout, 'Interrupted: cancelling what is running');
  const { 'model.slow': slow, 'model.behind': behind, 'model.one': one, 'model.another': another } = await resultsOf(station);
  assert.is(slow, 'error: cancelled');
  assert.is(behind, 'skipped: waits for model.station.slow, which was not published');
  // Of those that wait for nothing, one may have been first to take the only thread.
  assert.ok([one, another].includes('skipped: interrupted'), stdout);
  assert.equal(await relations(station), [['main.another'], ['main.behind'], ['main.one'], ['main.slow']]);
  const rounds = 'select one.round, another.round, slow.round, behind.round from one, another, slow, behind';
  const now = (result: string | undefined): string => (result?.startsWith('success') ? '2' : '1');
  assert.equal(await station.query(rounds), [[now(one), now(another), '1', '1']]);

  assert.is((await station.cli(['run', '--vars', '{round: 2}'])).code, 0);
  assert.equal(await station.query(rounds), [['2', '2', '2', '2']]);
});

test('in a build, a model whose test is cut off is not published, and nothing stays beside it', async () => {
  const station = await project({
    'project.yml': 'name: station\ntest-paths: [data-tests]\n',
    'models/plays.sql':
      "{{ config(materialized='incremental', unique_key='id') }}\nselect range as id, {{ var('round', 1) }} as round from range(5)",
    'models/behind.sql': "select * from {{ ref('plays') }}",
    'data-tests/slow.sql': `select * from (${endless}), {{ ref('plays') }} where n > 0`,
  });
  assert.is((await station.cli(['build'])).code, 0);
  const { code, stdout } = await interrupted(await runningUntil('START test slow', ['build', ...forever], station));
  assert.is(code, 130, stdout);
  assert.equal(await resultsOf(station), {
    'test.slow': 'error: cancelled',
    'model.plays': 'skipped: not published: test.station.slow could not run (cancelled); what was published before stays as it was',
    'model.behind': 'skipped: waits for model.station.plays, which was not published',
  });
  assert.equal(await relations(station), [['main.behind'], ['main.plays']]);
  assert.equal(await station.query('select distinct round from behind'), [['1']]);

  assert.is((await station.cli(['build', '--vars', '{round: 2}'])).code, 0);
  assert.equal(await station.query('select distinct round from behind'), [['2']]);
});

test('a load that is cut off has loaded nothing, and the next one loads all', async () => {
  const rows = 300_000;
  const station = await project({
    'project.yml': 'name: station\n',
    'models/sources.yml': `sources:
  - name: desk
    schema: main
    tables:
      - name: calls
        load: {from: data, format: json, on_error: reject}
        columns: [{name: id, data_type: integer}, {name: said, data_type: varchar(20)}]
`,
    // The first line is refused, so the file is read record by record, which takes a while.
    'data/calls.json': ['{"id": "x"}', ...Array.from({ length: rows }, (_, id) => `{"id": ${id}, "said": "hello"}`)].join('\n'),
  });
  const { code, stdout } = await interrupted(await runningUntil('START load of desk.calls', ['load'], station));
  assert.is(code, 130, stdout);
  assert.equal(await resultsOf(station), { 'source.desk': 'error: cancelled' });
  const counts = 'select (select count(*) from _dwh.load_files), (select count(*) from _dwh.load_rejects)';
  assert.equal(await relations(station), [['_dwh.load_files'], ['_dwh.load_locks'], ['_dwh.load_rejects']]);
  assert.equal(await station.query(counts), [['0', '0']]);

  assert.is((await station.cli(['load'])).code, 0);
  assert.equal(await station.query(counts), [['1', '1']]);
  assert.equal(await station.query('select count(*), count(distinct id) from calls'), [[String(rows), String(rows)]]);
});

test.run();
