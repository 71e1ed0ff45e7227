import { mkdirSync, symlinkSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { load, type ProjectFiles } from '../../src/project/index.ts';
import { type Fixture, project, type RequestOptions, request } from '../support/fixture.ts';
import { hasProblem, rejects } from '../support/rejects.ts';

const test = suite('project: load');

const loaded = (fixture: Fixture, options: RequestOptions = {}): Promise<ProjectFiles> => load(request('parse', fixture.dir, options));
const paths = (files: ProjectFiles, kind: keyof ProjectFiles['packages'][0]['files']): string[] =>
  files.packages[0].files[kind].map(({ source }) => source.path);

test('files are found by kind, below the folders that the project names', async () => {
  const shop = await project({
    'dbt_project.yml': 'name: shop\nmodel-paths: [models, more/]\nseed-paths: ["./data"]\n',
    'models/b.sql': 'select 1',
    'models/a/z.sql': 'select 1',
    'models/a/schema.yml': 'version: 2',
    'models/notes.md': '{% docs a %}{% enddocs %}',
    'models/.hidden.sql': 'x',
    'models/#emacs.sql': 'x',
    'models/readme.txt': 'x',
    'more/c.sql': 'select 1',
    'data/a.csv': 'a\n1\n',
    'tests/t.sql': 'select 1',
    'elsewhere/d.sql': 'select 1',
  });
  const files = await loaded(shop);
  assert.equal(paths(files, 'model'), ['models/a/z.sql', 'models/b.sql', 'more/c.sql']);
  assert.equal(paths(files, 'seed'), ['data/a.csv']);
  assert.equal(paths(files, 'properties'), ['models/a/schema.yml']);
  assert.equal(paths(files, 'docs'), ['models/notes.md']);
  assert.equal(paths(files, 'test'), ['tests/t.sql']);
  assert.equal(files.problems, []);
});

test('a .dbtignore that cannot be read is an error: what it leaves out must not come in', async () => {
  const shop = await project({ 'project.yml': 'name: shop\n', '.dbtignore/a.txt': '', 'models/orders.sql': 'select 1 as id' });
  await rejects(loaded(shop), { code: 'unreadable-file', message: /^the file \.dbtignore cannot be read/ });
});

test('.dbtignore leaves out files and folders', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    '.dbtignore': 'drafts/\n*_old.sql\n',
    'models/a.sql': '',
    'models/a_old.sql': '',
    'models/drafts/b.sql': '',
  });
  assert.equal(paths(await loaded(shop), 'model'), ['models/a.sql']);
});

test('links are followed, and a link that leads back to its own folder ends there', async () => {
  const shop = await project({ 'project.yml': 'name: shop\n', 'models/a.sql': '', 'elsewhere/b.sql': '' });
  symlinkSync(shop.path('elsewhere'), shop.path('models/linked'));
  symlinkSync(shop.path('models'), shop.path('models/again'));
  assert.equal(paths(await loaded(shop), 'model'), ['models/a.sql', 'models/linked/b.sql']);
});

test('what cannot be read is a problem at its place, and everything else is still found', async () => {
  const shop = await project({ 'project.yml': 'name: shop\n', 'models/a.sql': '' });
  symlinkSync(shop.path('nowhere.sql'), shop.path('models/broken.sql'));
  mkdirSync(shop.path('models/circle'));
  symlinkSync(shop.path('models/circle/round.sql'), shop.path('models/circle/round.sql'));
  const files = await loaded(shop);
  hasProblem(files.problems, { code: 'unreadable-file', at: 'models/broken.sql', message: 'does not exist', hint: '.dbtignore' });
  hasProblem(files.problems, { code: 'unreadable-file', at: 'models/circle/round.sql', message: 'circle' });
  assert.equal(paths(files, 'model'), ['models/a.sql']);
});

test('an unreadable folder is named', async () => {
  const shop = await project({ 'project.yml': 'name: shop\nmodel-paths: [models]\n', 'models/a.sql': '' });
  symlinkSync(shop.path('models/locked'), shop.path('models/locked'));
  await shop.write('project.yml', 'name: shop\nmodel-paths: [models, models/locked]\n');
  hasProblem((await loaded(shop)).problems, { code: 'unreadable-folder', at: 'models/locked', message: 'the folder models/locked' });
});

test('without a project file there is no project', async () => {
  const nothing = await project({ 'models/a.sql': '' });
  await rejects(loaded(nothing), { code: 'project-missing', message: /project\.yml nor dbt_project\.yml/, hint: 'dwh init' });
});

test('project.yml wins over dbt_project.yml, with a warning', async () => {
  const both = await project({ 'project.yml': 'name: mine\n', 'dbt_project.yml': 'name: theirs\n' });
  const files = await loaded(both);
  assert.is(files.packages[0].name, 'mine');
  hasProblem(files.problems, { code: 'two-project-files', message: 'project.yml is used' });
});

test('a project needs a name that can be part of an id', async () => {
  await rejects(loaded(await project({ 'project.yml': 'version: 1\n' })), { code: 'project-invalid', message: 'no name' });
  await rejects(loaded(await project({ 'project.yml': 'name: my-shop\n' })), {
    code: 'project-invalid',
    message: "'my-shop'",
    at: 'project.yml:1:1',
  });
  await rejects(loaded(await project({ 'project.yml': '# nothing\n' })), { code: 'project-invalid' });
});

test('packages below dbt_packages are read as projects of their own', async () => {
  const shop = await project({
    'dbt_project.yml': 'name: shop\n',
    'dbt_packages/tools/dbt_project.yml': 'name: tools\nmacro-paths: [m]\n',
    'dbt_packages/tools/m/a.sql': '{% macro a() %}{% endmacro %}',
    'dbt_packages/readme.md': 'x',
    'dbt_packages/junk/x.sql': 'x',
  });
  const files = await loaded(shop);
  assert.equal(
    files.packages.map(({ name }) => name),
    ['shop', 'tools'],
  );
  assert.equal(
    files.packages[1]?.files.macro.map(({ source }) => source.file),
    ['dbt_packages/tools/m/a.sql'],
  );
});

test('without a profile the embedded DuckDB is used, whatever ~/.dbt holds', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'no-home/.dbt/profiles.yml': 'shop: {target: dev, outputs: {dev: {type: postgres}}}\n',
  });
  const { target } = await loaded(shop);
  assert.is(target.type, 'duckdb');
  assert.is(target.embedded, true);
  assert.is(target.config.string('path'), 'dwh.duckdb');
});

const PROFILES = `
shop:
  target: "{{ env_var('SHOP_TARGET', 'dev') }}"
  outputs:
    dev: {type: duckdb, path: dev.duckdb}
    prod:
      type: postgres
      host: "{{ env_var('SHOP_HOST', 'localhost') }}"
      port: "{{ env_var('SHOP_PORT', '5432') | as_number }}"
      password: "{{ env_var('DBT_ENV_SECRET_PASSWORD', '') }}"
    braces: {type: postgres, password: 'a{{b'}
`;

test('--target looks in the profile with the project’s name', async () => {
  const shop = await project({ 'project.yml': 'name: shop\n', 'profiles.yml': PROFILES });
  const { target } = await loaded(shop, { target: 'prod', env: { DBT_ENV_SECRET_PASSWORD: 'hush', SHOP_PORT: '5433' } });
  assert.equal([target.profileName, target.targetName, target.type, target.embedded], ['shop', 'prod', 'postgres', false]);
  assert.is(target.config.string('host'), 'localhost');
  assert.is(target.config.raw('port'), 5433);
  assert.is(target.config.string('password'), 'hush');
  assert.equal(target.secrets, ['hush']);
});

test('a project that names its profile uses the profile’s own target', async () => {
  const shop = await project({ 'project.yml': 'name: x\nprofile: shop\n', 'profiles.yml': PROFILES });
  assert.is((await loaded(shop)).target.config.string('path'), 'dev.duckdb');
  assert.is((await loaded(shop, { env: { SHOP_TARGET: 'prod' } })).target.type, 'postgres');
  assert.is((await loaded(shop, { target: 'braces' })).target.config.string('password'), 'a{{b', 'braces that are no Jinja');
});

test('profiles are searched in dbt’s order', async () => {
  const profile = (path: string): string => `shop: {target: dev, outputs: {dev: {type: duckdb, path: ${path}}}}\n`;
  const shop = await project({
    'project.yml': 'name: shop\nprofile: shop\n',
    'no-home/.dbt/profiles.yml': profile('home'),
    'option/profiles.yml': profile('option'),
    'environment/profiles.yml': profile('environment'),
  });
  const path = async (options: RequestOptions): Promise<string | undefined> => (await loaded(shop, options)).target.config.string('path');
  assert.is(await path({}), 'home');
  await shop.write('profiles.yml', profile('project'));
  assert.is(await path({}), 'project');
  const env = { DBT_PROFILES_DIR: 'environment' };
  assert.is(await path({ env }), 'environment');
  assert.is(await path({ env, profilesDir: 'option' }), 'option');
  assert.is(await path({ env: { ...env, DWH_PROFILES_DIR: 'option' } }), 'option');
});

test('a profile or target that is not there lists the files searched', async () => {
  const shop = await project({ 'project.yml': 'name: shop\nprofile: shpo\n' });
  const lists = async (options: RequestOptions, wanted: Parameters<typeof rejects>[1], file: string): Promise<void> => {
    const error = await rejects(loaded(shop, options), wanted);
    const detail = ('problems' in error ? (error.problems as { detail?: string[] }[])[0]?.detail : undefined) ?? [];
    assert.ok(
      detail.some((line) => line.includes(file)),
      detail.join('\n'),
    );
  };
  await lists(
    {},
    { code: 'profiles-missing', message: "the project names the profile 'shpo'", at: 'project.yml' },
    'no-home/.dbt/profiles.yml',
  );
  await shop.write('profiles.yml', PROFILES);
  await lists({}, { code: 'profile-missing', message: 'no profile of that name', hint: "'shop'", at: 'project.yml' }, 'profiles.yml');
  await lists(
    { profile: 'shop', target: 'pord' },
    { code: 'target-missing', message: "'pord'", hint: "'prod'", at: 'profiles.yml' },
    'profiles.yml',
  );
  await lists({ profilesDir: 'empty' }, { code: 'profiles-missing', message: '--profiles-dir is empty' }, 'empty/profiles.yml');
});

test('a tab in profiles.yml is named', async () => {
  const shop = await project({ 'project.yml': 'name: shop\nprofile: shop\n', 'profiles.yml': 'shop:\n\ttarget: dev\n' });
  await rejects(loaded(shop), { code: 'yaml-tab', at: 'profiles.yml:2' });
});

test('the target folder: --target-path, then the environment, then the project', async () => {
  const shop = await project({ 'project.yml': `name: shop\ntarget-path: "{{ env_var('T', 'out') }}"\n` });
  assert.is((await loaded(shop)).targetPath, shop.path('out'));
  assert.is((await loaded(shop, { env: { T: 'x' } })).targetPath, shop.path('x'));
  assert.is((await loaded(shop, { env: { DBT_TARGET_PATH: 'e' } })).targetPath, shop.path('e'));
  assert.is((await loaded(shop, { targetPath: 'o', env: { DBT_TARGET_PATH: 'e' } })).targetPath, shop.path('o'));
});

test.run();
