// A plain call answers what its text answers as a template; what is more than a plain call is left to the template language.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callPlainly, type PlainCall, plainCall } from '../../src/engine/nodes/plain-call.ts';
import { parseTemplate, renderNow, text } from '../../src/template/index.ts';
import type { Callable, Host, TemplateValue } from '../../src/template/types.ts';

const test = suite('plain calls');

/** f and g say what they were given; one is a function, one asks and is answered with a text. */
const said = (name: string, args: readonly TemplateValue[]): string => `${name}<${args.map(text).join('|')}>`;
const f: Callable = { kind: 'function', name: 'f', call: (args) => said('f', args) };
const g: Callable = {
  kind: 'function',
  name: 'g',
  *call(args) {
    return said(String(yield 'who'), args);
  },
};
const hostOf = (values: Readonly<Record<string, TemplateValue>>): Host => ({
  resolve: (name) => values[name],
  names: () => Object.keys(values),
});
const place = { at: { file: 'models/a.yml', line: 3, column: 5 }, package: 'shop' };

const word = fc.constantFrom('f', 'g');
const quoted = fc.string({ maxLength: 8 }).filter((one) => !/['"\\\r\n]/.test(one));
const { call: calls } = fc.letrec<{ call: PlainCall; argument: string | PlainCall }>((tie) => ({
  call: fc.record({ name: word, args: fc.array(tie('argument'), { minLength: 1, maxLength: 3 }) }, { noNullPrototype: true }),
  argument: fc.oneof({ maxDepth: 3, withCrossShrink: true }, quoted, tie('call')),
}));
const blank = fc.constantFrom('', ' ', '  ', '\n');

function written(call: PlainCall, gap: string, mark: string): string {
  const args = call.args.map((one) => (typeof one === 'string' ? `${mark}${one}${mark}` : written(one, gap, mark)));
  return `${gap}${call.name}${gap}(${args.map((one) => `${gap}${one}${gap}`).join(',')})${gap}`;
}

/** Questions are answered with 'g'. */
function driven<T>(work: Generator<unknown, T, unknown>): T {
  let step = work.next();
  while (!step.done) step = work.next('g');
  return step.value;
}

test('what is written as a plain call is read as one, and answers what the template answers', () => {
  fc.assert(
    fc.property(calls, blank, fc.constantFrom("'", '"'), (call, gap, mark) => {
      const source = written(call, gap, mark);
      const read = plainCall(source);
      assert.equal(read, call);
      const answered = read && driven(callPlainly(read, hostOf({ f, g }), place));
      // A template's text has what the functions answer; here nothing is to be asked.
      const now = hostOf({ f, g: { kind: 'function', name: 'g', call: (args) => said('g', args) } });
      assert.is(answered?.value, renderNow(parseTemplate(`{{${source}}}`, { file: 'a', package: 'shop' }), now).text);
    }),
    { numRuns: 300 },
  );
});

test('what is more than that is not read', () => {
  for (const source of [
    '',
    'f',
    'f()',
    "f('a'",
    "f('a',)",
    "f('a')) ",
    "f('a') ~ 'b'",
    "f('a')('b')",
    "f(x='a')",
    "f(\"a', 'b')",
    "f('a\\n')",
    "f('a' 'b')",
    "f('a', 1)",
    "a.f('a')",
    "f('a') if true",
    "not f('a')",
  ])
    assert.is(plainCall(source), undefined, source);
});

test('a name that is no function, at any depth, is left to the template language', () => {
  for (const source of ["x('a')", "f(x('a'))", "f('a', f(x('b')))"]) {
    const read = plainCall(source);
    assert.ok(read, source);
    assert.is(driven(callPlainly(read, hostOf({ f, x: 'text' }), place)), undefined, source);
  }
});

test.run();
