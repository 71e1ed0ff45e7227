import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cli } from '../support/cli.ts';
import { tempDir } from '../support/temp-dir.ts';

const test = suite('cli: the real binary');

test('--version', async () => {
  const { code, stdout, stderr } = await cli(['--version']);
  assert.is(code, 0);
  assert.match(stdout, /^dwh \d+\.\d+\.\d+\n$/);
  assert.is(stderr, '');
});

test('--help', async () => {
  const { code, stdout } = await cli(['--help']);
  assert.is(code, 0);
  assert.match(stdout, 'dwh build');
});

test('an unknown command exits with 2, and says what was meant', async () => {
  const { code, stdout, stderr } = await cli(['biuld']);
  assert.is(code, 2);
  assert.is(stdout, '');
  assert.is(stderr, "error[usage] there is no command 'biuld'\n  Did you mean: dwh build\n");
});

test('init works from anywhere', async () => {
  const { code, stdout } = await cli(['init', 'shop'], { cwd: tempDir() });
  assert.is(code, 0);
  assert.match(stdout, 'Now:');
});

test.run();
