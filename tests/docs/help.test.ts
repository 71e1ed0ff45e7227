import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readmeWithHelp } from '../../scripts/help.ts';
import { repoRoot } from '../support/shared.ts';

const test = suite('docs: help in README.md');

test('is what the command line prints', async () => {
  const readme = readFileSync(join(repoRoot, 'README.md'), 'utf8');
  assert.fixture(readme, await readmeWithHelp(readme), 'run: npm run help');
});

test('is not written where the markers are missing', async () => {
  const outcome = await readmeWithHelp('# dwh\n').then(
    () => 'written',
    (error: Error) => error.message,
  );
  assert.match(outcome, 'README.md should have the lines');
});

test.run();
