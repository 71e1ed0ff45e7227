import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pathMatcher, textMatcher } from '../../src/graph/wildcards.ts';

const test = suite('graph/wildcards');

test('* ? and classes, as in fnmatch; all else means itself', () => {
  const fits: readonly [string, string][] = [
    ['stg_*', 'stg_orders'],
    ['*', ''],
    ['stg-*', 'stg-orders'],
    ['d?m', 'dim'],
    ['[a-c]x', 'bx'],
    ['[!a-c]x', 'dx'],
    ['[]]', ']'],
    ['[!]]', 'a'],
    ['a[b', 'a[b'],
    ['a.b+(c)', 'a.b+(c)'],
    ['*é?', 'caféé'],
    ['[^a]', '^'],
  ];
  const unfit: readonly [string, string][] = [
    ['stg_*', 'x_stg_orders'],
    ['d?m', 'dm'],
    ['[a-c]x', 'dx'],
    ['[!a-c]x', 'bx'],
    ['[z-a]', 'm'],
    ['a.c', 'abc'],
    ['Stg_*', 'stg_orders'],
  ];
  for (const [pattern, text] of fits) assert.ok(textMatcher(pattern)(text), `${pattern} should fit ${text}`);
  for (const [pattern, text] of unfit) assert.not.ok(textMatcher(pattern)(text), `${pattern} should not fit ${text}`);
});

test('in paths a * stays in its folder, and ** goes through any number', () => {
  assert.ok(pathMatcher('models/*.sql').exact('models/a.sql'));
  assert.not.ok(pathMatcher('models/*.sql').exact('models/star/a.sql'));
  for (const file of ['models/a.sql', 'models/star/a.sql', 'models/star/dims/a.sql']) assert.ok(pathMatcher('models/**/*.sql').exact(file));
  assert.ok(pathMatcher('./models//star/').within('models/star/dims/a.sql'));
  assert.not.ok(pathMatcher('models/sta').within('models/star/a.sql'));
  assert.ok(pathMatcher('models/**').within('models/a.sql'));
  assert.ok(pathMatcher('.').within('models/a.sql'));
});

/** The definition of * and ?, letter by letter. */
function fitsNaively(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*') return fitsNaively(pattern.slice(1), text) || (text !== '' && fitsNaively(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && fitsNaively(pattern.slice(1), text.slice(1));
}

test('property: * and ? match what their definition says, among letters that mean something to regular expressions', () => {
  const letters = 'ab.-^$+|(){}\\/!';
  const text = fc.string({ unit: fc.constantFrom(...letters), maxLength: 6 });
  const pattern = fc.string({ unit: fc.constantFrom(...letters, '*', '?'), maxLength: 6 });
  fc.assert(
    fc.property(pattern, text, (one, other) => {
      assert.is(textMatcher(one)(other), fitsNaively(one, other));
      assert.ok(textMatcher(one.replaceAll('?', 'a').replaceAll('*', other))(one.replaceAll('?', 'a').replaceAll('*', other)));
    }),
    { numRuns: 1_000 },
  );
});

test.run();
