// The binary on S3: the project on its sample there, Ctrl-C and kill in the middle of a fetch, and secrets, which nothing shows.
import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CliResult, cli, ended, startCli } from '../support/cli.ts';
import { type Fixture, fixtureIn } from '../support/fixture.ts';
import type { S3Server } from '../support/s3-server.ts';
import { repoRoot } from '../support/shared.ts';
import { tempDir } from '../support/temp-dir.ts';
import { ACCESS_KEY, environmentOf, loadingFrom, onServer, putRows, row, SECRET_KEY, SESSION_TOKEN } from './support.ts';

const tests = suite('s3: the binary');
const { test } = onServer(tests);

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(folder, file)).isFile());

/** The Sparkify project in a folder of its own. */
function sparkify(): Fixture {
  const dir = tempDir('sparkify');
  for (const part of ['project.yml', 'models', 'macros', 'seeds', 'analyses', 'data-tests'])
    cpSync(join(repoRoot, part), join(dir, part), { recursive: true });
  return fixtureIn(dir);
}

const TABLES = ['staging_events', 'staging_songs', 'fact_songplays', 'dim_users', 'dim_songs', 'dim_artists', 'dim_time'];
const contents = (made: Fixture): Promise<unknown> =>
  Promise.all(TABLES.map((table) => made.query(`select count(*), bit_xor(hash(t)) from main.${table} as t`)));

test('Sparkify from S3 has the rows that it has from files, and a second run finds nothing new', async (server) => {
  const sample = join(repoRoot, 'sample');
  for (const file of filesIn(sample)) server.put('sparkify', file, readFileSync(join(sample, file)));
  putRows(server, 'sparkify', ['song-data-71/not-a-song.json']);
  const remote = sparkify();
  const vars = {
    log_data: 's3://sparkify/log-data',
    log_jsonpath: 's3://sparkify/log_json_path.json',
    song_data: 's3://sparkify/song-data/',
  };
  const run = (command: string) => cli([command, '--vars', JSON.stringify(vars)], { cwd: remote.dir, env: environmentOf(server) });
  const first = await run('run');
  assert.is(first.code, 0, first.stdout + first.stderr);
  assert.match(first.stdout, 'WARN=0 ERROR=0 SKIP=0');

  const local = sparkify();
  const here = { log_data: `${sample}/log-data`, log_jsonpath: `${sample}/log_json_path.json`, song_data: `${sample}/song-data` };
  assert.is((await local.cli(['run', '--vars', JSON.stringify(here)])).code, 0);
  assert.equal(await contents(remote), await contents(local));

  server.requests.length = 0;
  const second = await run('load');
  assert.match(second.stdout, 'no new files (19 loaded before)');
  assert.match(second.stdout, 'no new files (64 loaded before)');
  assert.equal(
    Object.keys(server.asked()).filter((what) => !what.startsWith('LIST')),
    ['GET log_json_path.json'],
  );
  assert.equal([first.stderr, second.stderr], ['', '']);
});

/** Started, and so far that the server has been asked for this object, which it never gives. */
async function stuck(
  server: S3Server,
  made: Fixture,
  temporary: string,
): Promise<{ child: ReturnType<typeof startCli>; end: Promise<CliResult> }> {
  let asked = false;
  server.fault = ({ method, key }) => {
    if (method !== 'GET' || key !== 'e/2.json') return undefined;
    asked = true;
    return { never: true };
  };
  const child = startCli(['load'], { cwd: made.dir, env: { ...environmentOf(server), TMPDIR: temporary } });
  const end = ended(child);
  while (!asked && child.exitCode === null) await wait(20);
  return { child, end };
}

/** What runs the sources keeps a folder there, too. */
const fetchedIn = (folder: string): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('dwh-'));

test('Ctrl-C stops a fetch, and leaves nothing behind', async (server) => {
  putRows(server, 'stopped', ['e/1.json', 'e/2.json', 'e/3.json']);
  const shop = await loadingFrom('s3://stopped/e');
  const temporary = tempDir('tmpdir');
  const { child, end } = await stuck(server, shop, temporary);
  assert.is(fetchedIn(temporary).length, 1);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await end;
  assert.is(code, 130, stdout + stderr);
  assert.match(stdout, 'cancelled');
  assert.equal(fetchedIn(temporary), []);
});

test('a killed load has loaded nothing, and the next one loads all', async (server) => {
  putRows(server, 'killed', ['e/1.json', 'e/2.json', 'e/3.json']);
  const shop = await loadingFrom('s3://killed/e');
  const { child, end } = await stuck(server, shop, tempDir('tmpdir'));
  child.kill('SIGKILL');
  await end;
  server.fault = () => undefined;
  const again = await shop.cli(['load'], environmentOf(server));
  assert.match(again.stdout, 'LOAD (3 rows of 3 files)');
});

test('no secret is in any output, log or artifact, whatever S3 answers', async (server) => {
  putRows(server, 'secret', ['e/1.json']);
  const shop = await loadingFrom('s3://secret/e');
  const env = environmentOf(server, { AWS_SESSION_TOKEN: SESSION_TOKEN });
  const printed: string[] = [];
  const load = async (format: 'text' | 'json'): Promise<void> => {
    const { stdout, stderr } = await shop.cli(['load', '--log-level', 'debug', '--log-format', format], env);
    printed.push(stdout, stderr);
  };
  await load('text');
  server.put('secret', 'e/2.json', `${row(2)}oops\n`);
  await load('json');
  server.accessKeys = [];
  await load('json');
  server.accessKeys = undefined;
  server.fault = () => ({ status: 400, code: 'Odd', message: `${ACCESS_KEY} ${SECRET_KEY} ${SESSION_TOKEN}` });
  await load('text');
  server.fault = () => ({ status: 403, code: 'SignatureDoesNotMatch', message: `${ACCESS_KEY} ${SECRET_KEY} ${SESSION_TOKEN}` });
  await load('text');
  assert.match(printed.join(''), 'the secret access key does not belong');
  assert.match(printed.join(''), 'Odd: ***** ***** *****');
  const artifacts = filesIn(shop.path('target')).map((file) => readFileSync(shop.path(join('target', file)), 'utf8'));
  assert.ok(artifacts.length > 2);
  const where = [...printed, ...artifacts].filter((text) =>
    [ACCESS_KEY, SECRET_KEY, SESSION_TOKEN].some((secret) => text.includes(secret)),
  );
  assert.equal(where, []);
});

test('credentials that a load hands on to COPY are not in the manifest', async () => {
  const options = { access_key_id: ACCESS_KEY, SECRET_ACCESS_KEY: SECRET_KEY, session_token: SESSION_TOKEN, credentials: SECRET_KEY };
  const shop = await loadingFrom('s3://secret/e', { ...options, region: 'eu-west-1' });
  await shop.run('parse');
  const { sources } = JSON.parse(await shop.read('target/manifest.json')) as {
    sources: Record<string, { dwh_load: { options: unknown } }>;
  };
  const hidden = Object.fromEntries(Object.keys(options).map((key) => [key.toLowerCase(), '*****']));
  assert.equal(sources['source.shop.raw.events']?.dwh_load.options, { ...hidden, region: 'eu-west-1' });
});

tests.run();
