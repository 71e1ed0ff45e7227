import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { page } from '../../scripts/lint-page.ts';
import { listedRules } from '../../src/engine/lint/rules.ts';
import { repoRoot } from '../support/shared.ts';

const test = suite('docs/lint.md');

test('is what the rules say of themselves', () => {
  assert.fixture(readFileSync(join(repoRoot, 'docs', 'lint.md'), 'utf8'), page, 'run: node --import tsx scripts/lint-page.ts');
});

test('has every rule once', () => {
  for (const { rule } of listedRules()) assert.is(page.split(`| [${rule}](`).length, 2, rule);
});

test.run();
