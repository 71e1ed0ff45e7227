import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { project } from '../support/fixture.ts';

const test = suite('cli: --warn-error-options and flags of the project file');

const FILES = {
  'project.yml': 'name: shop\n',
  'models/orders.sql': 'select 1 as id union all select 1',
  'models/orders.yml':
    'version: 2\nmodels:\n  - name: orders\n    columns: [{name: id, data_tests: [{unique: {config: {severity: warn}}}]}]\n  - name: nothing\n',
};

test('a warning is an error, or not said, by its name; the line comes before the environment, and this before the file', async () => {
  const shop = await project(FILES);
  const parse = async (
    options: string | undefined,
    env: Readonly<Record<string, string>> = {},
  ): Promise<readonly [number | null, string]> => {
    const { code, stdout, stderr } = await shop.cli(['parse', ...(options === undefined ? [] : ['--warn-error-options', options])], env);
    return [code, /(\w+)\[describes-nothing\]/.exec(stdout + stderr)?.[1] ?? 'nothing'];
  };
  assert.equal(await parse(undefined), [0, 'warning']);
  assert.equal(await parse('{error: [NoNodeForYamlKey]}'), [2, 'error']);
  assert.equal(await parse('{error: all, warn: [describes-nothing]}'), [0, 'warning']);
  await shop.write('project.yml', 'name: shop\nflags:\n  warn_error_options: {include: all}\n');
  assert.equal(await parse(undefined), [2, 'error']);
  assert.equal(await parse(undefined, { DBT_ENGINE_WARN_ERROR_OPTIONS: '{"silence": ["NoNodeForYamlKey"]}' }), [0, 'nothing']);
  assert.equal(await parse('{silence: []}', { DBT_WARN_ERROR_OPTIONS: '{"error": "all"}' }), [0, 'warning']);
});

test('a test that warns fails by its own name, and holds its node back', async () => {
  const shop = await project(FILES);
  assert.is((await shop.cli(['build'])).code, 0);
  const strict = await shop.cli(['build', '--warn-error-options', '{error: [LogTestResult]}']);
  assert.is(strict.code, 1);
  assert.match(strict.stdout, 'Done. PASS=0 WARN=0 ERROR=2 SKIP=0 NO-OP=0 TOTAL=2');
});

test('other flags of the project file are options, and what is none is a warning with its place', async () => {
  const shop = await project({
    ...FILES,
    'project.yml': 'name: shop\nflags:\n  fail_fast: true\n  write_json: false\n  fail_fst: true\n  state_modified_compare_vars: true\n',
    'models/a.sql': 'select no_such, {{ flags.FAIL_FAST }} as f',
    'models/b.sql': "select '{{ flags.STATE_MODIFIED_COMPARE_VARS }}' as v",
  });
  const run = await shop.cli(['run', '--threads', '1', '-s', 'a', 'b']);
  assert.is(run.code, 1);
  assert.match(
    run.stdout,
    "project.yml:5:3 warning[unknown-key] 'fail_fst' is not a flag, and only templates see it\n  Did you mean 'fail_fast'?",
  );
  assert.match(run.stdout, 'Done. PASS=0 WARN=0 ERROR=1 SKIP=1');
  assert.not.ok(await shop.read('target/run_results.json').catch(() => ''));
  const slow = await shop.cli(['run', '--no-fail-fast', '--write-json', '-s', 'a', 'b']);
  assert.match(slow.stdout, 'Done. PASS=1 WARN=0 ERROR=1 SKIP=0');
  assert.ok(await shop.read('target/run_results.json'));
  await shop.write('project.yml', 'name: shop\nflags:\n  fail_fast: sometimes\n');
  const wrong = await shop.cli(['parse']);
  assert.is(wrong.code, 2);
  assert.match(wrong.stderr, 'project.yml:3:3 error[option-value] \'fail_fast\' is "sometimes", and should be true or false');
});

test('what dbt does not take from the project file has no effect there: no table is made anew that a project counts on', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nflags: {full_refresh: true, target_path: elsewhere}\n',
    'models/a.sql': "{{ config(materialized='incremental') }} select {{ flags.FULL_REFRESH }} as refreshed",
  });
  for (let run = 0; run < 2; run++) {
    const said = await shop.cli(['run']);
    assert.match(said.stdout, "project.yml:2:9 warning[unknown-key] 'full_refresh' has no effect under 'flags:'");
  }
  assert.equal(await shop.query('from a'), [['false'], ['false']]);
  assert.ok(await shop.read('target/run_results.json'));
});

test('an old project has its flags in profiles.yml', async () => {
  const shop = await project({
    ...FILES,
    'project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': 'config: {warn_error: true}\nshop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb}}}\n',
  });
  assert.is((await shop.cli(['parse'])).code, 2);
  await shop.write('project.yml', 'name: shop\nprofile: shop\nflags: {warn_error: false}\n');
  assert.is((await shop.cli(['parse'])).code, 0);
});

test('names and keys that are none exit with 2, and say what was meant', async () => {
  const shop = await project(FILES);
  for (const [options, said] of [
    ['{error: [NoNodeForYamlKy]}', 'Did you mean NoNodeForYamlKey?'],
    ['{errors: all}', "--warn-error-options has no 'errors'"],
    ['{error: all, include: all}', "has 'error' twice"],
    ['{silence: all}', "'silence' of --warn-error-options should be a list of names"],
  ] as const) {
    const { code, stderr } = await shop.cli(['parse', '--warn-error-options', options]);
    assert.is(code, 2, options);
    assert.match(stderr, said);
  }
});

test.run();
