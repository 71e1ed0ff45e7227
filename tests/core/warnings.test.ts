import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judged, NO_POLICY, verdictOf, type WarningPolicy, warningNames } from '../../src/core/warnings.ts';
import { repoRoot } from '../support/shared.ts';

const test = suite('core: warnings by name');

const policy = (some: Partial<WarningPolicy>): WarningPolicy => ({ ...NO_POLICY, ...some });

test('what is named counts more than deprecations, and these more than all', () => {
  assert.is(verdictOf(NO_POLICY, 'tests-twice'), 'warning');
  assert.is(verdictOf(policy({ error: 'all' }), 'tests-twice'), 'error');
  assert.is(verdictOf(policy({ error: 'all', silence: ['Deprecations'] }), 'tests-twice'), 'silent');
  assert.is(verdictOf(policy({ error: ['TestsConfigDeprecation'], silence: ['Deprecations'] }), 'tests-twice'), 'error');
  assert.is(verdictOf(policy({ error: ['Deprecations'] }), 'tests-twice'), 'error');
  assert.is(verdictOf(policy({ error: ['Deprecations'] }), 'raised-warning'), 'warning');
  assert.is(verdictOf(policy({ error: 'all', warn: ['JinjaLogWarning'], silence: ['raised-warning'] }), 'raised-warning'), 'silent');
  assert.is(verdictOf(policy({ error: 'all', warn: ['JinjaLogWarning'] }), 'raised-warning'), 'warning');
});

test('errors and notices are none of its business', () => {
  const problems = (['error', 'notice'] as const).map((severity) => ({ code: 'raised-warning', message: 'as it is', severity }));
  assert.equal(judged(policy({ error: 'all', silence: ['raised-warning'] }), problems), problems);
});

test('every code that the source gives a warning can be named', () => {
  const names = new Set(warningNames());
  const codes = new Set<string>();
  for (const entry of readdirSync(join(repoRoot, 'src'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    for (const [, code = ''] of text.matchAll(/code: '([a-z-]+)',\s*severity: 'warning'/g)) codes.add(code);
    for (const [, code = ''] of text.matchAll(/severity: 'warning',\s*code: '([a-z-]+)'/g)) codes.add(code);
    for (const [, code = ''] of text.matchAll(/\.problem\(\s*'([a-z-]+)',[^;]*'warning'\s*\)/g)) codes.add(code);
  }
  assert.ok(codes.size > 20);
  assert.equal(
    [...codes].filter((code) => !names.has(code)),
    [],
  );
});

test.run();
