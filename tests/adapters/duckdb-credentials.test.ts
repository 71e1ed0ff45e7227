import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { databaseName, duckdbSettings } from '../../src/adapters/duckdb/credentials.ts';
import type { Problem } from '../../src/core/problem.ts';
import { textRows } from '../support/duckdb.ts';
import { hasProblem, throws } from '../support/rejects.ts';
import { tempDir } from '../support/temp-dir.ts';
import { credentialsOf } from './duckdb-target.ts';

const test = suite('duckdb credentials');
const folder = '/projects/shop';

test('a target with nothing but its type is dwh.duckdb in the project folder', () => {
  const { database, schema, threads, shown, settings } = credentialsOf({}, folder);
  assert.equal([database, schema, threads, shown], ['dwh', 'main', 4, { path: 'dwh.duckdb' }]);
  assert.is(settings.path, join(folder, 'dwh.duckdb'));
});

test('paths are relative to the project, and memory stays memory', () => {
  assert.is(duckdbSettings(credentialsOf({ path: 'data/shop.db' }, folder)).path, join(folder, 'data/shop.db'));
  assert.is(duckdbSettings(credentialsOf({ path: '/data/shop.db' }, folder)).path, '/data/shop.db');
  const memory = credentialsOf({ path: ':memory:', schema: 'analytics', threads: 2 }, folder);
  assert.equal([memory.database, memory.schema, memory.threads, memory.settings.path], ['memory', 'analytics', 2, ':memory:']);
  const { settings } = duckdbSettings(credentialsOf({ settings: { temp_directory: 'tmp', memory_limit: '1GB', threads: 2 } }, folder));
  assert.equal(
    settings.map(({ name, value }) => [name, value]),
    [
      ['temp_directory', join(folder, 'tmp')],
      ['memory_limit', '1GB'],
      ['threads', 2],
    ],
  );
});

test('the name of a database is the one that DuckDB gives its file', async () => {
  const folder = tempDir('names');
  const names = ['dwh.duckdb', 'shop.prod.duckdb', 'my shop.db', 'shop', '.hidden.duckdb', '..twice.db', '.db', 'a..b', 'a?b.db'];
  for (const file of [...names, 'main.duckdb', 'Temp.db', 'system.duckdb', 'memory.db', 'ünï-code.db']) {
    const path = join(folder, file);
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    assert.equal(await textRows(connection, 'select current_database()'), [[databaseName(path)]], file);
    connection.closeSync();
    instance.closeSync();
  }
});

test('a database is named by its path, or is an alias of attach', () => {
  assert.is(credentialsOf({ path: 'Shop.db', database: 'shop' }, folder).database, 'Shop');
  const attach = [{ path: 'old.db', alias: 'archive' }, { path: 'other.db' }];
  assert.is(credentialsOf({ database: 'archive', attach }, folder).database, 'archive');
  assert.is(credentialsOf({ database: 'other', attach }, folder).database, 'other');
  throws(() => credentialsOf({ path: 'shop.db', database: 'stock' }, folder), {
    code: 'config-value',
    message: "'stock'",
    hint: "'shop'",
    at: 'profiles.yml:2',
  });
});

test('what cannot be had is refused with the way round, all of it at once', () => {
  const problems: Problem[] = [];
  throws(
    () =>
      credentialsOf(
        {
          path: 'md:shop',
          threads: 0,
          secrets: [{ name: 'lake' }],
          use_credential_provider: 'gcloud',
          filesystems: [{ fs: 's3' }],
          plugins: [{ module: 'excel' }],
          settings: { 'a b': 1, tuned: [1] },
          attach: [{ alias: 'x' }],
        },
        folder,
        problems,
      ),
    {
      code: 'config-value',
      message: 'MotherDuck',
    },
  );
  hasProblem(problems, { message: "'threads'" });
  hasProblem(problems, { code: 'config-missing', message: "'type' is missing" });
  hasProblem(problems, { code: 'config-value', message: "'gcloud'", hint: 'aws' });
  hasProblem(problems, { code: 'config-unsupported', message: "'filesystems'" });
  hasProblem(problems, { code: 'config-unsupported', message: "'plugins'" });
  hasProblem(problems, { message: "'a b'" });
  hasProblem(problems, { message: "'tuned'" });
  hasProblem(problems, { code: 'config-missing', message: "'path'" });
});

test('where files of models go is absolute, or a URL; templates see what is written', () => {
  const filesOf = (external_root?: string): unknown => credentialsOf({ ...(external_root && { external_root }) }, folder).files;
  assert.equal(filesOf(), { project: folder, root: folder });
  assert.equal(filesOf('lake'), { project: folder, root: join(folder, 'lake') });
  assert.equal(filesOf('s3://shop/lake'), { project: folder, root: 's3://shop/lake' });
  assert.is(credentialsOf({ external_root: 'lake' }, folder).shown.external_root, 'lake');
});

test('an unknown key warns with the nearest one', () => {
  const problems: Problem[] = [];
  credentialsOf({ pth: 'shop.db', keep_open: true }, folder, problems);
  assert.is(problems.length, 1);
  hasProblem(problems, { code: 'unknown-key', message: "'pth'", hint: "'path'", at: 'profiles.yml:1' });
});

test('secret settings are never shown', () => {
  const { shown } = credentialsOf({ settings: { s3_secret_access_key: 'hunter2', s3_region: 'us-west-2' } }, folder);
  assert.not.match(JSON.stringify(shown), 'hunter2');
});

test.run();
