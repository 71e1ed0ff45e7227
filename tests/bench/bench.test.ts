// `npm run bench` in its smallest size: every part runs, is compared and counts what its processes used.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Measured } from '../../bench/comparison.ts';
import { environment } from '../support/cli.ts';
import { repoRoot } from '../support/shared.ts';
import { tempDir } from '../support/temp-dir.ts';

const test = suite('bench');

const bench = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', join('bench', 'main.ts'), ...args], {
    cwd: repoRoot,
    // Without dbt, which would take longer than all the rest.
    env: environment({ PATH: '/usr/bin:/bin' }),
    encoding: 'utf8',
  });

test('--quick measures every part', () => {
  // The bundle as it is: making it anew would take it away from tests that run beside this one.
  const { status, stdout, stderr } = bench('--quick', '--json', '--temp', tempDir(), '--dwh', join(repoRoot, 'dist', 'dwh.cjs'));
  assert.is(status, 0, stderr);
  const { groups } = JSON.parse(stdout) as { readonly groups: readonly Measured[] };
  assert.equal(
    groups.map(({ title, rows }) => [title, rows.map(({ name }) => name)]),
    [
      ['start-up', ['node -e 0', 'dwh --version', 'dwh --help', 'dwh ls, Sparkify']],
      [
        '20 models',
        ['read and hash', 'parse, cold', 'parse, warm', 'parse, after one edit', 'ls, warm', 'ls -s tag:mart, warm', 'compile, warm'],
      ],
      ['lint', ['node -e 0', 'dwh lint, one statement', 'dwh lint, 1000 statements', 'dwh lint, Sparkify']],
      ['run of 10 trivial tables', ['own statements, replayed', 'bare CTAS', 'dwh run', 'dwh run, again']],
      ['load of 1000 events, clean', ['bare read_json', 'dwh load']],
      ['load of 1000 events, one line in a hundred refused', ['bare read_json', 'dwh load']],
      ['seed of 1000 rows into Postgres', ['COPY by hand', 'dwh seed']],
      ['load of 1000 CSV rows of 20 files into Postgres', ['COPY by hand', 'dwh load']],
      ['load of 1000 JSON events into Postgres; by hand they are CSV already', ['COPY by hand', 'JSON.parse + COPY', 'dwh load']],
    ],
  );
  for (const { title, rows } of groups) {
    for (const { name, cpuMs, wallMs, peakMb, against } of rows) {
      const what = `${title}: ${name}`;
      assert.ok(cpuMs > 0 && wallMs > 0 && peakMb > 0, what);
      assert.ok(against.length > 0 && against.every(({ cpu, wall }) => cpu > 0 && wall > 0), what);
    }
  }
});

test('an option that there is not exits with 2 and says which there are', () => {
  const { status, stderr } = bench('--no-such');
  assert.is(status, 2);
  assert.match(stderr, "'--no-such'");
  assert.match(stderr, '--only PARTS');
});

test('a size that is no number is refused', () => {
  const { status, stderr } = bench('--models', '1e3');
  assert.is(status, 2);
  assert.match(stderr, "--models takes whole numbers from 1 up, divided by commas, not '1e3'");
});

test.run();
