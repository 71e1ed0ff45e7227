// CHANGELOG.md has the form of https://keepachangelog.com/en/1.1.0/.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repoRoot } from '../support/shared.ts';

const test = suite('docs: CHANGELOG.md');

const lines = readFileSync(join(repoRoot, 'CHANGELOG.md'), 'utf8').split('\n');
const headings = (level: string): readonly string[] =>
  lines.flatMap((line) => (line.startsWith(`${level} `) ? [line.slice(level.length + 1)] : []));

test('what is not released comes first, then each version with its date, newest first', () => {
  assert.equal(headings('#'), ['Changelog']);
  const [first, ...versions] = headings('##');
  assert.is(first, '[Unreleased]');
  for (const version of versions) assert.match(version, /^\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$/);
  const dates = versions.map((version) => version.slice(-10));
  assert.equal(dates, [...dates].sort().reverse());
});

test('changes are grouped by kind, and each group has some', () => {
  const kinds = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
  assert.equal(
    headings('###').filter((kind) => !kinds.includes(kind)),
    [],
  );
  for (const [index, line] of lines.entries()) if (line.startsWith('### ')) assert.match(lines[index + 1] ?? '', /^- \S/);
});

test('the newest version is the one of package.json; before the first there is none', () => {
  const { version } = JSON.parse(readFileSync(join(repoRoot, 'package.json'), 'utf8')) as { version: string };
  const [, newest] = headings('##');
  assert.ok(newest === undefined || newest.startsWith(`[${version}]`), `${newest} in CHANGELOG.md, ${version} in package.json`);
});

test.run();
