import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { page } from '../../scripts/data-tests-page.ts';
import { duckdbDialect } from '../../src/adapters/duckdb/dialect.ts';
import { dataTests } from '../../src/data-tests/index.ts';
import { repoRoot } from '../support/shared.ts';

const test = suite('docs/data-tests.md');

test('is what the data tests say of themselves', () => {
  assert.fixture(readFileSync(join(repoRoot, 'docs', 'data-tests.md'), 'utf8'), page, 'run: node --import tsx scripts/data-tests-page.ts');
});

test('has every test, with an example that works', () => {
  for (const one of dataTests.values()) {
    assert.ok(page.includes(`**${one.name}**`), one.name);
    const task = { model: 'm', arguments: one.example, ...(one.on === 'column' && { column: 'c' }) };
    assert.type(one.sql(task, duckdbDialect), 'string');
  }
});

test.run();
