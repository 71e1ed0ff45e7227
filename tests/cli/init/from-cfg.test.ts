// The files that `dwh init --from-cfg` makes, and what it says. On what becomes of each key, see course-cfg.test.ts.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { repoRoot } from '../../support/shared.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { dwh, type Fake, type Outcome } from '../fake-system.ts';
import { type Filling, filled } from './cfg-texts.ts';

const test = suite('cli: init --from-cfg');

const folderWith = (files: Readonly<Record<string, string | Uint8Array>>): string => {
  const folder = tempDir('course');
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
};
const course = (filling: Filling = {}): string => folderWith({ 'dwh.cfg': filled(filling) });
const init = (cwd: string, words: readonly string[] = [], fake: Fake = {}): Promise<Outcome> =>
  dwh(['init', '--from-cfg', 'dwh.cfg', ...words], { cwd, ...fake });
const yamlOf = (...path: readonly string[]): Readonly<Record<string, unknown>> => parse(readFileSync(join(...path), 'utf8'));

/** Path to text, of all below. */
function contents(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(folder, file)).isFile());
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

test('makes the Sparkify project beside dwh.cfg, and leaves what is there', async () => {
  const cwd = course();
  writeFileSync(join(cwd, 'etl.py'), 'mine');
  const before = contents(cwd);
  const { status, stdout, stderr } = await init(cwd);
  assert.is(status, 0, stdout);
  assert.is(stderr, '');
  const after = contents(cwd);
  for (const [file, text] of Object.entries(before)) assert.is(after[file], text);
  for (const folder of ['models', 'macros', 'seeds', 'analyses', 'data-tests'])
    for (const [file, text] of Object.entries(contents(join(repoRoot, folder)))) assert.is(after[`${folder}/${file}`], text, file);
  assert.match(stdout, 'Made:\n  project.yml\n  profiles.yml\n  .gitignore\n  models/ (11 files)\n');
  assert.match(stdout, '  dwh build --empty ');
  assert.match(after['.gitignore'] ?? '', /^dwh\.cfg$/m);
});

test('what it copies is in the package', async () => {
  const cwd = course();
  await init(cwd);
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: repoRoot,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  const [{ files }] = JSON.parse(packed) as [{ files: readonly { readonly path: string }[] }];
  const names = new Set(files.map(({ path }) => path));
  const made = Object.keys(contents(cwd)).filter((file) => !['dwh.cfg', 'profiles.yml', '.gitignore'].includes(file));
  assert.ok(made.length > 50);
  assert.equal(
    made.filter((file) => !names.has(file)),
    [],
  );
});

test('project.yml is the one that ships, but for profile, vars and cluster', async () => {
  const cwd = course();
  await init(cwd);
  const { profile, vars, cluster, ...rest } = yamlOf(cwd, 'project.yml');
  const { vars: _, ...shipped } = yamlOf(repoRoot, 'project.yml');
  assert.equal(rest, shipped);
  assert.is(profile, 'sparkify');
  assert.equal(vars, { log_data: 's3://library/log', log_jsonpath: 's3://library/paths.json', song_data: 's3://library/songs' });
  assert.equal(cluster, {
    identifier: 'readers',
    region: 'eu-west-1',
    node_type: 'ra3.xlplus',
    nodes: 2,
    database: 'library',
    user: 'ann',
    port: 5440,
    role: 'S3Reader',
  });
  const text = readFileSync(join(cwd, 'project.yml'), 'utf8');
  assert.match(text, /^# Sparkify: .*\n# Where it is built is in profiles\.yml\.\nname: sparkify\nprofile: sparkify\n/);
  assert.match(text, '\n\n# What dwh cluster makes, when it is asked to.\ncluster:\n');
  assert.match(text, "\n# What is loaded. For other data: dwh build --vars '");
});

test('profiles.yml has the cluster first, and DuckDB beside it', async () => {
  const cwd = course();
  await init(cwd);
  const { target, outputs } = yamlOf(cwd, 'profiles.yml').sparkify as Readonly<Record<string, Record<string, unknown>>>;
  assert.is(target, 'redshift');
  assert.equal(outputs?.redshift, {
    type: 'redshift',
    host: 'readers.c0ffee.eu-west-1.redshift.amazonaws.com',
    port: 5440,
    user: 'ann',
    password: "{{ env_var('DWH_ENV_SECRET_REDSHIFT_PASSWORD') }}",
    dbname: 'library',
    schema: 'analytics',
    region: 'eu-west-1',
    iam_role: 'arn:aws:iam::123456789012:role/readers/S3Reader',
    sslmode: 'verify-full',
    threads: 4,
  });
  assert.equal(outputs?.duckdb, { type: 'duckdb', path: 'dwh.duckdb', schema: 'main', threads: 3 });
});

test('names that YAML would take for something else stay names', async () => {
  for (const name of ['123', '0x1f', 'true', 'no', 'null', '1e3', '12.50']) {
    const cwd = course({ DB_NAME: name, DB_USER: name });
    await init(cwd);
    const { outputs } = yamlOf(cwd, 'profiles.yml').sparkify as { outputs: { redshift: Record<string, unknown> } };
    assert.equal([outputs.redshift.dbname, outputs.redshift.user], [name, name]);
    assert.equal((yamlOf(cwd, 'project.yml').cluster as Record<string, unknown>).database, name);
  }
});

test('with a name it is a folder of that name, and the project is called so', async () => {
  const cwd = course();
  const { status, stdout } = await init(cwd, ['readers']);
  assert.is(status, 0, stdout);
  assert.match(stdout, '  readers/project.yml\n');
  assert.match(stdout, 'Now:\n  cd readers\n');
  const { name, profile, models, seeds } = yamlOf(cwd, 'readers/project.yml');
  assert.equal([name, profile], ['readers', 'readers']);
  assert.equal(Object.keys(models as object), ['readers']);
  assert.equal(Object.keys(seeds as object), ['readers']);
  assert.equal(Object.keys(yamlOf(cwd, 'readers/profiles.yml')), ['readers']);
  assert.equal(readdirSync(cwd).sort(), ['dwh.cfg', 'readers']);
});

test('--project-dir says where, and the file is found from where one is', async () => {
  const cwd = course();
  mkdirSync(join(cwd, 'below'));
  const { status, stdout } = await init(cwd, ['--project-dir', 'below']);
  assert.is(status, 0, stdout);
  assert.ok(existsSync(join(cwd, 'below/project.yml')));
});

test('nothing that is secret is printed or written', async () => {
  const cwd = course();
  const { stdout, stderr } = await init(cwd, ['--debug']);
  const { 'dwh.cfg': _, ...made } = contents(cwd);
  assert.not.match(stdout + stderr + JSON.stringify(made), /planted|PLANTED/);
});

test('a password that stands elsewhere, too, is masked there', async () => {
  const { stdout } = await init(course({ DB_PASSWORD: 'library-of-ann', LOG_DATA: 's3://library-of-ann/log' }));
  assert.match(stdout, 'var log_data: s3://*****/log');
});

test('a second run changes nothing, and says what is there', async () => {
  const cwd = course();
  await init(cwd);
  const before = contents(cwd);
  const { status, stdout } = await init(cwd);
  assert.is(status, 0);
  assert.match(stdout, 'There already:\n  project.yml\n  profiles.yml\n  .gitignore\n  models/ (11 files)\n');
  assert.not.match(stdout, 'Made:');
  assert.equal(contents(cwd), before);
});

test('what is missing is made by the next run, as after one that was killed', async () => {
  const cwd = course();
  await init(cwd);
  const before = contents(cwd);
  rmSync(join(cwd, 'models/star'), { recursive: true });
  rmSync(join(cwd, 'profiles.yml'));
  const { status, stdout } = await init(cwd);
  assert.is(status, 0);
  assert.match(stdout, 'Made:\n  profiles.yml\n  models/ (6 files)\n');
  assert.equal(contents(cwd), before);
});

test('files with the ends of lines of another system are the same', async () => {
  const cwd = course();
  await init(cwd);
  const file = join(cwd, 'models/star/dim_users.sql');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
  assert.is((await init(cwd)).status, 0);
});

const inTheWay: readonly (readonly [what: string, file: string, put: (path: string) => void])[] = [
  ['another project.yml', 'project.yml', (path) => writeFileSync(path, 'name: mine\n')],
  ['a project of dbt', 'dbt_project.yml', (path) => writeFileSync(path, 'name: mine\n')],
  ['a profiles.yml', 'profiles.yml', (path) => writeFileSync(path, 'mine: {}\n')],
  ['an empty file', 'project.yml', (path) => writeFileSync(path, '')],
  ['a folder', 'profiles.yml', (path) => mkdirSync(path)],
  ['a folder called .gitignore', '.gitignore', (path) => mkdirSync(path)],
];
for (const [what, file, put] of inTheWay) {
  test(`${what} stays as it is, and then nothing is made`, async () => {
    const cwd = course();
    put(join(cwd, file));
    const before = contents(cwd);
    const { status, stdout } = await init(cwd);
    assert.is(status, 2);
    assert.match(stdout, `error[file-in-place] a file is in the way in ${cwd}: nothing was made\n    ${file}\n`);
    assert.match(stdout, 'Move them away, or make the project in a folder of its own: dwh init sparkify --from-cfg dwh.cfg');
    assert.equal(contents(cwd), before);
    assert.is(existsSync(join(cwd, 'models')), false);
  });
}

test('all that is in the way is named', async () => {
  const cwd = course();
  writeFileSync(join(cwd, 'project.yml'), 'mine');
  mkdirSync(join(cwd, 'macros'));
  writeFileSync(join(cwd, 'macros/values.sql'), 'mine');
  const { stdout } = await init(cwd);
  assert.match(stdout, `2 files are in the way in ${cwd}: nothing was made\n    project.yml\n    macros/values.sql\n`);
});

test('a .gitignore stays, and what it lacks is told', async () => {
  const cwd = course();
  writeFileSync(join(cwd, '.gitignore'), 'target/\r\n__pycache__/\r\n');
  const { status, stdout } = await init(cwd);
  assert.is(status, 0);
  assert.match(stdout, '\nYour .gitignore stays as it is. What it lacks: dwh.cfg, *.duckdb, *.duckdb.wal\n');
  assert.is(readFileSync(join(cwd, '.gitignore'), 'utf8'), 'target/\r\n__pycache__/\r\n');
});

test('--dry-run says all of it, and makes nothing', async () => {
  const cwd = course();
  const { status, stdout } = await init(cwd, ['--dry-run', 'readers']);
  assert.is(status, 0);
  for (const said of ['host of the target: readers.', 'project.yml is:', 'profile: readers', 'profiles.yml is:', 'type: redshift'])
    assert.match(stdout, said);
  assert.match(stdout, 'Would make:\n  readers/project.yml\n');
  assert.not.match(stdout, 'planted');
  assert.equal(readdirSync(cwd), ['dwh.cfg']);
  assert.match((await dwh(['init', 'shop', '--dry-run'], { cwd })).stdout, 'Would make:\n  shop/project.yml\n');
  assert.equal(readdirSync(cwd), ['dwh.cfg']);
});

test('mistakes stop it, each with its line and what to do', async () => {
  const cwd = course({ HOST: 'a b', DB_PORT: 'x' });
  const { status, stdout } = await init(cwd);
  assert.is(status, 2);
  assert.match(stdout, "dwh.cfg:2:6 error[cfg-value] HOST is not the name of a host\n  Write the cluster's endpoint, or leave it empty.\n");
  assert.match(stdout, 'dwh.cfg:6:9 error[cfg-value] DB_PORT is not a port\n');
  assert.equal(readdirSync(cwd), ['dwh.cfg']);
});

test('warnings are told, and with --warn-error they stop it', async () => {
  const cwd = course({ DWH_NODE_TYPE: 'dc2.large' });
  const strict = await init(cwd, ['--warn-error']);
  assert.is(strict.status, 2);
  assert.equal(readdirSync(cwd), ['dwh.cfg']);
  const { status, stdout } = await init(cwd);
  assert.is(status, 0);
  assert.match(stdout, 'dwh.cfg:10:15 warning[cfg-value] AWS makes no more nodes of the type dc2.large: node_type is ra3.large');
});

const unread: readonly (readonly [what: string, put: (path: string) => void, message: string])[] = [
  ['none', () => undefined, 'error[cfg-unreadable] there is no dwh.cfg\n  Name the dwh.cfg of a course project'],
  ['a folder', (path) => mkdirSync(path), 'error[cfg-unreadable] dwh.cfg could not be read: EISDIR'],
  ['a link that leads nowhere', (path) => symlinkSync('nowhere', path), 'error[cfg-unreadable] there is no dwh.cfg\n'],
  ['UTF-16', (path) => writeFileSync(path, Buffer.from('\uFEFF[CLUSTER]\n', 'utf16le')), 'error[cfg-invalid] dwh.cfg is not text in UTF-8'],
  [
    'an image',
    (path) => writeFileSync(path, Buffer.from('89504e470d0a1a0a00ff', 'hex')),
    'error[cfg-invalid] dwh.cfg is not text in UTF-8',
  ],
  ['no ini file', (path) => writeFileSync(path, '{}'), 'dwh.cfg:1:1 error[cfg-invalid] dwh.cfg is not a dwh.cfg: there is no [SECTION]'],
];
for (const [what, put, message] of unread) {
  test(`a dwh.cfg that is ${what}`, async () => {
    const cwd = tempDir('course');
    put(join(cwd, 'dwh.cfg'));
    const { status, stdout } = await init(cwd);
    assert.is(status, 2);
    assert.match(stdout, message);
    assert.is(existsSync(join(cwd, 'project.yml')), false);
  });
}

test('a file where a folder would be stops it', async () => {
  const cwd = course();
  writeFileSync(join(cwd, 'sparkify'), 'a file');
  const named = await init(cwd, ['sparkify']);
  assert.is(named.status, 2);
  assert.match(named.stdout, `error[folder-in-use] ${join(cwd, 'sparkify')} is there already, and is no folder`);
  writeFileSync(join(cwd, 'models'), 'a file');
  const { status, stdout } = await init(cwd);
  assert.is(status, 2);
  assert.match(stdout, '11 files are in the way');
  assert.match(stdout, '    models/star/fact_songplays.sql\n    …\n');
  assert.equal(readdirSync(cwd).sort(), ['dwh.cfg', 'models', 'sparkify']);
});

test('a name that no project can have is refused', async () => {
  const cwd = course();
  const { status, stderr } = await init(cwd, ['my-course']);
  assert.is(status, 2);
  assert.match(stderr, 'Try: dwh init my_course');
});

test.run();
