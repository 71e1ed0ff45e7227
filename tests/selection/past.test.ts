import { execFileSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { perform } from '../../src/engine/index.ts';
import { dwh, type Outcome } from '../cli/fake-system.ts';
import { type Fixture, project } from '../support/fixture.ts';

const test = suite('selection: what it compares with');

const FILES = {
  'dbt_project.yml': 'name: shop\n',
  '.gitignore': 'target\ndwh.duckdb\n',
  'models/a.sql': 'select 1 as id',
  'models/b.sql': "select * from {{ ref('a') }}",
  'models/c.sql': 'select {{ two() }} as id',
  'models/d.sql': 'select 4 as id',
  'models/deep/d.yml': 'models: [{name: d, description: four}]\n',
  'macros/two.sql': '{% macro two() %}2{% endmacro %}',
  'models/sources.yml': 'sources: [{name: raw, tables: [{name: x}, {name: y}, {name: z}]}]\n',
};

const git = (dir: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], { cwd: dir, encoding: 'utf8', stdio: 'pipe' });

const ls = (there: Fixture, ...args: readonly string[]): Promise<Outcome> =>
  dwh(['--quiet', 'ls', '--output', 'name', ...args], {
    cwd: there.dir,
    engine: (request, deps, emit) => perform({ ...request, writeJson: false }, deps, emit as never),
  });
const names = async (there: Fixture, ...args: readonly string[]): Promise<string> =>
  (await ls(there, ...args)).stdout.trim().replaceAll('\n', ' ');

test('git: takes nodes whose file, properties file or macros are not as they were at a commit', async () => {
  const there = await project(FILES);
  git(there.dir, 'init', '--quiet', '--initial-branch=trunk');
  git(there.dir, 'add', '.');
  git(there.dir, 'commit', '--quiet', '-m', 'all');
  assert.is(await names(there, '-s', 'git:trunk'), '');
  await there.write('models/a.sql', 'select 2 as id');
  assert.is(await names(there, '-s', 'git:trunk'), 'a');
  assert.is(await names(there, '-s', 'git:trunk+'), 'a b');
  await there.write('macros/two.sql', '{% macro two() %}1 + 1{% endmacro %}');
  await there.write('models/deep/d.yml', 'models: [{name: d, description: IV}]\n');
  await there.write('models/e.sql', 'select 5 as id');
  assert.is(await names(there, '-s', 'git:HEAD'), 'a c d e', 'what is new counts before git knows it');
  git(there.dir, 'add', '.');
  git(there.dir, 'commit', '--quiet', '-m', 'more');
  assert.is(await names(there, '-s', 'git:HEAD'), '');
  assert.is(await names(there, '-s', 'git:HEAD~1,!e'), 'a c d');
});

test('git: in a folder of a larger repository looks at that folder only', async () => {
  const all = await project(Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`shop/${path}`, text])));
  git(all.dir, 'init', '--quiet', '--initial-branch=trunk');
  git(all.dir, 'add', '.');
  git(all.dir, 'commit', '--quiet', '-m', 'all');
  await all.write('models/b.sql', 'of somebody else');
  await all.write('shop/models/b.sql', 'select 3 as id');
  await all.write('shop/models/a.sql', "select * from {{ ref('d') }}");
  const shop = { ...all, dir: all.path('shop') };
  assert.is(await names(shop, '-s', 'git:trunk'), 'a b');
});

test('git: of what is no commit, and of a project that git does not know, says so', async () => {
  const there = await project(FILES);
  const nowhere = await ls(there, '-s', 'git:trunk');
  assert.is(nowhere.status, 2);
  assert.match(nowhere.stderr, 'selector-git');
  git(there.dir, 'init', '--quiet');
  for (const ref of ['git:trunc', 'git:--output=x']) {
    const unknown = await ls(there, '-s', ref);
    assert.is(unknown.status, 2, ref);
    assert.match(unknown.stderr, 'branch, tag or commit');
  }
});

test('source_status:fresher takes sources with newer rows, and those that were not looked at before', async () => {
  const there = await project(FILES);
  const rows = (times: Readonly<Record<string, string | undefined>>): string =>
    JSON.stringify({
      results: Object.entries(times).map(([table, max_loaded_at]) => ({ unique_id: `source.shop.raw.${table}`, max_loaded_at })),
    });
  await there.write('before/sources.json', rows({ x: '2024-01-01T00:00:00Z', y: '2024-01-01T10:00:00+10:00' }));
  await there.write('target/sources.json', rows({ x: '2024-01-01T00:00:01Z', y: '2024-01-01T00:00:00Z', z: '2024-01-01' }));
  assert.is(await names(there, '-s', 'source_status:fresher', '--state', 'before'), 'raw.x raw.z');
  await there.write('target/sources.json', rows({ x: undefined, y: '2023-01-01', z: undefined }));
  assert.is(await names(there, '-s', 'source_status:fresher', '--state', 'before'), '');
});

test('what is not there, or is no artifact, is named; nothing is read that no selector asks for', async () => {
  const there = await project(FILES);
  const refused = async (said: string, ...args: readonly string[]): Promise<void> => {
    const { status, stderr } = await ls(there, ...args);
    assert.is(status, 2);
    assert.match(stderr.replaceAll(/\s+/g, ' '), said);
  };
  await refused('Name the folder with --state', '-s', 'state:new');
  await refused('run_results.json', '-s', 'result:error', '--state', 'earlier');
  await there.write('earlier/manifest.json', '[1]');
  await refused('is no artifact', '-s', 'state:new', '--state', 'earlier');
  await there.write('earlier/manifest.json', '{"nodes": ');
  await refused('is no artifact', '-s', 'state:new', '--state', 'earlier');
  await there.write('earlier/sources.json', '{}');
  await refused('dwh source freshness', '-s', 'source_status:fresher', '--state', 'earlier');
  assert.is(await names(there, '-s', 'a', '--state', 'earlier'), 'a');
});

test('what counts as a change of a model: its text, its configs, where it is, its contract; not its tags', async () => {
  const there = await project({
    ...FILES,
    'models/deep/d.yml': 'models: [{name: d, config: {contract: {enforced: true}}, columns: [{name: id, data_type: integer}]}]\n',
    'models/c.sql': 'select {% if execute %}{{ two() }}{% else %}{{ two() }}{% endif %} as id',
    'macros/two.sql': '{% macro two() %}{% if execute %}{{ one() }}{% endif %}{% endmacro %}',
    'macros/one.sql': '{% macro one() %}1{% endmacro %}',
  });
  await there.run('parse');
  await there.write('before/manifest.json', await there.read('target/manifest.json'));
  const modified = (part = ''): Promise<string> => names(there, '-s', `state:modified${part}`, '--state', 'before');
  assert.is(await modified(), '');
  await there.write('models/a.sql', '\n select 1 as id\n');
  assert.is(await modified(), '', 'blanks around the text are none of it');
  await there.write('models/a.sql', "{{ config(tags=['x'], meta={'y': 1}) }}select 1 as id");
  assert.is(await modified('.configs'), '');
  assert.is(await modified('.body'), 'a');
  await there.write('models/a.sql', 'select 1 as id');
  await there.write('models/b.sql', "select * from {{ ref('a') }}");
  await there.write('models/b.yml', 'models: [{name: b, config: {materialized: table, schema: other}}]\n');
  assert.is(await modified('.configs'), 'b');
  assert.is(await modified('.relation'), 'b');
  await there.write(
    'models/deep/d.yml',
    'models: [{name: d, config: {contract: {enforced: true}}, columns: [{name: id, data_type: bigint}]}]\n',
  );
  assert.is(await modified('.contract'), 'd');
  await there.write('macros/one.sql', '{% macro one() %}1.0{% endmacro %}');
  assert.is(await modified('.macros'), 'c', 'also by a macro that is called only while running');
  assert.is(await modified(), 'b c d');
});

test('a config that is one template in the project file is the same for another target', async () => {
  const file = (schema: string): string =>
    `name: shop\nmodels: {shop: {+schema: "${schema}", +materialized: "{{ var('kind', 'view') }}"}}\ndata_tests: {+severity: "{{ var('how', 'warn') }}"}\n`;
  const there = await project({
    ...FILES,
    'dbt_project.yml': file("{{ 'own' if var('kind', '') else 'all' }}"),
    'models/b.sql': "{{ config(materialized=var('kind', 'view')) }}select * from {{ ref('a') }}",
    'models/deep/d.yml': 'models: [{name: d, columns: [{name: id, data_tests: [unique]}]}]\n',
  });
  await there.run('parse');
  await there.write('before/manifest.json', await there.read('target/manifest.json'));
  const modified = (...vars: readonly string[]): Promise<string> =>
    names(there, '-s', 'state:modified', '--indirect-selection', 'empty', '--state', 'before', ...vars);
  assert.is(await modified('--vars', '{how: error}'), '');
  assert.is(await modified('--vars', '{kind: table}'), 'b', 'what a model’s own text says counts as it comes out');
  await there.write('dbt_project.yml', file("{{ 'own' if var('kind', '') else 'nobodys' }}"));
  assert.is(await modified(), 'a b c d');
});

test.run();
