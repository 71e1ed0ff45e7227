// Objects go to the disk as they come: memory does not grow with their size.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { environment } from '../support/cli.ts';
import { repoRoot } from '../support/shared.ts';
import { environmentOf, onServer } from './support.ts';

const tests = suite('s3: memory');
const { test } = onServer(tests);

test('an object of 200 MB', async (server) => {
  const event = `{"ts":1,"page":"NextSong","other":"${'x'.repeat(466)}"}\n`;
  server.put('large', 'small/1.json', event.repeat(100));
  server.put('large', 'large/1.json', Buffer.alloc(400_000 * event.length, event));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--import',
      join(repoRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs'),
      join(repoRoot, 'tests', 's3', 'memory-child.ts'),
      's3://large/small',
      's3://large/large',
    ],
    { cwd: repoRoot, env: environment(environmentOf(server)) },
  );
  const { rows, grownMiB } = JSON.parse(stdout) as { rows: number; grownMiB: number };
  assert.is(rows, 400_000);
  assert.ok(grownMiB < 130, `it grew by ${grownMiB} MiB`);
});

tests.run();
