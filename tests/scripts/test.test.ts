import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repoRoot } from '../support/shared.ts';

// Inside the repository, so that the files find uvu.
const base = join(repoRoot, '.tmp');
mkdirSync(base, { recursive: true });

function runnerOn(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): { readonly code: number | null; readonly text: string; readonly last: string } {
  const folder = mkdtempSync(join(base, 'runner-'));
  try {
    for (const [name, body] of Object.entries(files)) {
      writeFileSync(join(folder, name), `import { suite } from 'uvu';\nimport * as assert from 'uvu/assert';\n${body}\n`);
    }
    const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', join('scripts', 'test.ts')], {
      cwd: repoRoot,
      encoding: 'utf8',
      env: { ...process.env, ...env, DWH_TEST_FOLDER: relative(repoRoot, folder) },
    });
    return { code: status, text: stdout, last: stdout.trimEnd().split('\n').at(-1) ?? '' };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const passing = `const test = suite('good'); test('one', () => assert.is(1, 1)); test.run();`;
const test = suite('the test runner');

test('sums up files that pass, and exits 0', () => {
  const { code, last } = runnerOn({ 'a.test.ts': passing, 'b.test.ts': passing, 'not-a-test.ts': 'throw new Error()' });
  assert.is(last, '2 passed, 0 failed, 0 skipped');
  assert.is(code, 0);
});

test('shows a failure with its file, test, difference and line, and exits 1', () => {
  const { code, text, last } = runnerOn({
    'a.test.ts': passing,
    'b.test.ts': `const test = suite('sums');\ntest('adds', () => {\n  console.log('said by the test');\n  assert.equal({ sum: 2 }, { sum: 3 });\n});\ntest('is well', () => {});\ntest.run();`,
  });
  assert.is(code, 1);
  assert.is(last, '2 passed, 1 failed, 0 skipped');
  assert.match(text, /FAILED .*b\.test\.ts \(1 passed, 1 failed\)/);
  assert.match(text, /sums.*"adds"/);
  assert.match(text, /sum":·2/);
  assert.match(text, /b\.test\.ts:6:/);
  assert.match(text, / {4}\| said by the test/);
});

test('counts skipped tests and prints their reasons', () => {
  const { code, text, last } = runnerOn({
    'a.test.ts': `import { skipUnless } from '../../tests/support/skip.ts';
      const whole = skipUnless(false, 'there is no moon', suite('night')); whole.before(() => { throw new Error(); }); whole('shines', () => {}); whole.run();
      const test = suite('day'); test('runs', () => {}); skipUnless(0, 'too cloudy', test)('sees far', () => {}); skipUnless(1, 'x', test)('sees near', () => {}); test.run();`,
  });
  assert.is(code, 0);
  assert.is(last, '2 passed, 0 failed, 2 skipped');
  assert.match(text, /skipped, there is no moon:\n.*a\.test\.ts: shines\n/);
  assert.match(text, /skipped, too cloudy:\n.*a\.test\.ts: sees far\n/);
});

test('a file that ends its process, never ends, cannot be loaded, or leaves a rejection, fails and costs the others nothing', () => {
  const { code, text, last } = runnerOn(
    {
      'exits.test.ts': `const test = suite('x'); test('one', () => { process.exit(0); }); test.run();`,
      'hangs.test.ts': `const test = suite('x'); test('one', () => new Promise((resolve) => setTimeout(resolve, 60_000))); test.run();`,
      'never.test.ts': `const test = suite('x'); test('one', () => new Promise(() => {})); test.run();`,
      'throws.test.ts': `throw new Error('bad at once');`,
      'rejects.test.ts': `const test = suite('x'); test('one', () => { Promise.reject(new Error('left alone')); }); test.run();`,
      'good.test.ts': passing,
      'fine.test.ts': passing,
    },
    { DWH_TEST_FILE_LIMIT_MS: '3000' },
  );
  assert.is(code, 1);
  assert.is(last, '2 passed, 5 failed, 0 skipped');
  assert.match(text, /FAILED .*exits\.test\.ts.*\n {2}its process ended before its tests did \(exit 0\)/);
  assert.match(text, /FAILED .*hangs\.test\.ts.*\n {2}it was still running after 3 s/);
  assert.match(text, /FAILED .*never\.test\.ts.*\n {2}its process ended before its tests did/);
  assert.match(text, /FAILED .*throws\.test\.ts.*\n {2}it could not be loaded: Error: bad at once/);
  assert.match(text, /FAILED .*rejects\.test\.ts.*\n.*left alone/);
});

test('a file without tests, a hook that throws, and a thrown text are failures', () => {
  const { code, text, last } = runnerOn({
    'empty.test.ts': `suite('x')('one', () => {});`,
    'hook.test.ts': `const test = suite('x'); test.before(() => { throw new Error('no'); }); test('one', () => {}); test.run();`,
    'text.test.ts': `const test = suite('x'); test('one', () => { throw 'a text'; }); test('two', () => {}); test.run();`,
  });
  assert.is(code, 1);
  assert.is(last, '0 passed, 4 failed, 0 skipped');
  assert.match(text, /it registered no tests \(no suite calls \.run\(\)\)/);
  assert.match(text, /1 of 1 tests gave no result: a hook threw/);
});

test('a pattern that matches nothing is a failure', () => {
  const { code, last } = runnerOn({});
  assert.is(code, 1);
  assert.is(last, '0 passed, 0 failed, 0 skipped');
});

test.run();
