// dbt itself beside dwh on the six projects: exit statuses, artifacts and tables differ in nothing but what is listed. dbt comes
// by pip into an environment below .tmp, made once; where there is neither python nor pip the test is skipped, but never in CI.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ENGINES, PROJECTS } from '../dbt-projects/steps.ts';
import { repoRoot } from '../support/shared.ts';
import { skipUnless } from '../support/skip.ts';
import { differences } from './compare.ts';
import { compareAll, report } from './comparison.ts';
import type { Recorded } from './sides.ts';

const test = suite('dbt: beside dwh');

const folder = join(repoRoot, '.tmp', 'dbt');
const PACKAGES = ['dbt-core<1.12', 'dbt-duckdb', 'dbt-postgres'];

/** The interpreter of an environment with dbt; a text: why there is none. */
function environment(): { readonly python: string } | { readonly missing: string } {
  const given = process.env.DWH_DBT_PYTHON;
  if (given) return { python: given };
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return { python };
  const run = (program: string, args: readonly string[]): void => {
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 500_000 });
  };
  const making = `${folder}.${process.pid}`;
  try {
    mkdirSync(join(repoRoot, '.tmp'), { recursive: true });
    run('python3', ['-m', 'venv', making]);
    run(join(making, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES]);
    rmSync(folder, { recursive: true, force: true });
    // Programs of an environment name its folder, its python does not.
    renameSync(making, folder);
    return { python };
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

const found = environment();
const missing = 'missing' in found ? found.missing : '';

// In CI it fails instead.
skipUnless(
  'python' in found || process.env.CI,
  `dbt cannot be installed here: ${missing.split('\n')[0]}`,
  test,
)('exit statuses, artifacts and tables differ in nothing but what is listed', async () => {
  assert.ok('python' in found, `dbt cannot be installed: ${missing}`);
  const compared = await compareAll(found.python, { engines: ENGINES, projects: Object.keys(PROJECTS), record: false });
  const { text, failed } = report(compared);
  assert.not.ok(failed, text);
});

const record = (rows: Recorded['tables'][string]['rows'], status = 'success'): Recorded => ({
  steps: [
    {
      args: ['run'],
      exit: 0,
      error: '',
      artifacts: { 'run_results.json': { results: [{ unique_id: 'model.shop.orders', status, compiled_code: 'select  1' }] } },
    },
  ],
  tables: { 'main.orders (BASE TABLE)': { columns: [['id', 'INTEGER']], rows } },
});

test('a cell, a status, a type and a missing table are differences; the order of rows and blanks are none', () => {
  const dbt = record([['1'], ['2']]);
  assert.equal(differences('shop', 'duckdb', dbt, record([['2'], ['1']])), []);
  const paths = (dwh: Recorded): readonly string[] => differences('shop', 'duckdb', dbt, dwh).map(({ path }) => path);
  assert.equal(paths(record([['1'], ['3']])), ['table main.orders (BASE TABLE) rows']);
  assert.equal(paths(record([['1'], ['2'], ['2']])), ['table main.orders (BASE TABLE) rows']);
  assert.equal(paths(record([['1'], ['2']], 'error')), ['run_results.json results.model.shop.orders.status']);
  assert.equal(paths({ ...dbt, tables: {} }), ['table main.orders (BASE TABLE)']);
  const bigint = { 'main.orders (BASE TABLE)': { columns: [['id', 'BIGINT']], rows: [['1'], ['2']] } };
  assert.equal(paths({ ...dbt, tables: bigint }), ['table main.orders (BASE TABLE) columns']);
  const [step] = dbt.steps;
  assert.ok(step);
  assert.equal(paths({ ...dbt, steps: [{ ...step, exit: 1 }] }), ['exit']);
});

test.run();
