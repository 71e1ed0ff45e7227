import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOnly, importsOf } from './source-code.ts';

const test = suite('source code without comments and literals');
const squeezed = (text: string): string => codeOnly(text).replaceAll(/ +/g, ' ').trim();

test('blanks comments, strings, templates and regular expressions', () => {
  assert.is(squeezed(`a(); // process.exit\nb(/* x */ 'it\\'s', "y");`), 'a(); \nb( , );');
  assert.is(squeezed('const t = `a $' + '{one(`b $' + '{two({ x: 1 })}`)} c`; three();'), 'const t = one( two({ x: 1 }) ) ; three();');
  assert.is(squeezed('x = a / b / c; y = /[/"]\\//.test(z);'), 'x = a / b / c; y = .test(z);');
});

test('keeps lines', () => {
  assert.is(codeOnly('/*\n\n*/\nx').split('\n').length, 4);
});

test('finds every kind of import', () => {
  const text = `import a from './a.ts';\nimport type { B } from "./b.ts";\nexport * from './c.ts';\nimport './d.ts';\nconst e = await import('./e.ts');\nlet f: import('./f.ts').F;\n// from './g.ts'\nconst h = "from './h.ts'";\nimport {\n  i,\n} from './i.ts';`;
  assert.equal(importsOf(text), ['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './i.ts']);
});

test.run();
