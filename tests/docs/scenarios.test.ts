// docs/scenarios.md: each test that it names is there, under that title, in that file, and titles of scenarios are unique.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { themes } from '../conformance/conforms.ts';
import { materializedViews } from '../conformance/materialized-views.ts';
import { duckdb, postgres, redshift } from '../conformance/warehouses.ts';
import { repoRoot } from '../support/shared.ts';

const test = suite('docs: scenarios');

const read = (file: string): string => readFileSync(join(repoRoot, file), 'utf8');
/** The last cell of each row. */
const named = [...read('docs/scenarios.md').matchAll(/^\|.*\| \[[^\]]+\]\(\.\.\/(\S+)\): (.*) \|$/gm)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

/** As they are registered, for each warehouse. */
const registered = [duckdb, postgres, redshift].map((warehouse) =>
  [...Object.values(themes), materializedViews].flatMap((tell) => {
    const titles: string[] = [];
    tell((title) => void titles.push(title), warehouse);
    return titles;
  }),
);

test('no two scenarios of a warehouse have one title', () => {
  for (const titles of registered)
    assert.equal(
      titles.filter((title, index) => titles.indexOf(title) !== index),
      [],
    );
});

test('each test that is named is in its file', () => {
  assert.ok(named.length > 80, `${named.length}`);
  const known = new Set(registered.flat());
  const wrong = named.filter(({ file, title }) => {
    const text = read(file).replaceAll("\\'", "'");
    if (!file.startsWith('tests/conformance/')) return !text.includes(`test('${title}'`) && !text.includes(`test("${title}"`);
    // What stands before a colon may come from a list.
    return !known.has(title) || !(text.includes(title) || text.includes(title.replace(/^[^:]*: /, '')));
  });
  assert.equal(wrong, []);
});

test.run();
