// The one golden mechanism: tests/goldens/<file> holds the expected text; UPDATE_GOLDENS=1 rewrites it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { repoRoot } from './shared.ts';

/** `file` is relative to tests/goldens. */
export function golden(file: string, text: string): void {
  const path = join(repoRoot, 'tests', 'goldens', file);
  const actual = text.endsWith('\n') ? text : `${text}\n`;
  if (process.env.UPDATE_GOLDENS) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  assert.ok(existsSync(path), `tests/goldens/${file} is missing: make it with UPDATE_GOLDENS=1, and review it`);
  assert.fixture(actual, readFileSync(path, 'utf8'), `differs from tests/goldens/${file} (UPDATE_GOLDENS=1 rewrites it)`);
}
