// The test that runs dbt and dwh side by side on one engine: each engine has a file, so that the runner has them at the same time.
import { suite, type Test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Engine, PROJECTS } from '../dbt-projects/steps.ts';
import { skipUnless } from '../support/skip.ts';
import { compareAll, report } from './comparison.ts';
import { dbtEnvironment } from './environment.ts';

/** A suite to be run. Where there is neither python nor pip its test is skipped; in CI it fails instead. */
export async function besideDbt(engine: Engine): Promise<Test> {
  const test = suite(`dbt: beside dwh on ${engine}`);
  const found = await dbtEnvironment();
  const missing = 'missing' in found ? `dbt cannot be installed here: ${found.missing}` : '';
  const reason = missing.split('\n')[0] ?? '';
  skipUnless(
    'python' in found || process.env.CI,
    reason,
    test,
  )('exit statuses, artifacts and tables differ in nothing but what is listed', async () => {
    assert.ok('python' in found, missing);
    const compared = await compareAll(found.python, { engines: [engine], projects: Object.keys(PROJECTS), record: false });
    const { text, failed } = report(compared);
    assert.not.ok(failed, text);
  });
  return test;
}
