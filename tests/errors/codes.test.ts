import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repoRoot } from '../support/shared.ts';
import { problemCodes } from './problem-codes.ts';

const test = suite('errors: docs/errors.md has every code');

const sources = readdirSync(join(repoRoot, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file: `src/${file}`, text: readFileSync(join(repoRoot, 'src', file), 'utf8') }));
const { codes, others } = problemCodes(sources);

/** The first cells of the tables behind 'All codes'. */
const [, tables = ''] = readFileSync(join(repoRoot, 'docs', 'errors.md'), 'utf8').split('\n## All codes\n');
const onPage = [...tables.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
);

test('every code that the source makes is on the page', () => {
  const missing = [...codes].filter(([code]) => !onPage.includes(code)).map(([code, places]) => `${code} (${places.join(', ')})`);
  assert.equal(missing, []);
});

test('every code of the page is made somewhere', () => {
  assert.equal(
    onPage.filter((code) => !codes.has(code)),
    [],
  );
});

test('no code is on the page twice', () => {
  assert.equal(
    onPage.filter((code, index) => onPage.indexOf(code) !== index),
    [],
  );
});

/** Types, compiled macros, a problem that is handed on, and the verb of a statement, which artifacts call its code. */
const known = /: (?:string|MacroCode\b.*|macroCode\(.*|problem\.code|planned\.verb)$/;

test('every code is written out where it is made', () => {
  assert.equal(
    others.filter((one) => !known.test(one)),
    [],
  );
});

test('the search sees literals, choices, constants and arguments, and neither comments nor other codes', () => {
  const text = [
    "// code: 'in-comment'",
    "const CODE = 'from-constant';",
    "const one = { code: 'plain', message: `code: 'in-text'` };",
    "const two = { message, code: kind === 'no-code' ? 'first-choice' : 'second-choice' };",
    'const three = { code: CODE };',
    "const four = { code: 'Z002', at };",
    'const raises = (name: string, code: string) => five(name);',
    "raises('a-name', 'as-argument');",
    'function make(code: string, message: string): void {}',
    "make(\n  'over-lines',\n  'no-code',\n);",
    'const six = { code: made(up) };',
  ].join('\n');
  const found = problemCodes([{ file: 'a.ts', text }]);
  assert.equal([...found.codes.keys()].sort(), ['as-argument', 'first-choice', 'from-constant', 'over-lines', 'plain', 'second-choice']);
  assert.equal(found.codes.get('over-lines'), ['a.ts:10']);
  assert.equal(found.others, ['a.ts:7: string', 'a.ts:9: string', 'a.ts:14: made(up)']);
});

test.run();
