// Truth and scoping against models that share no code with the evaluator.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTemplate, renderNow, toTemplate } from '../../src/template/index.ts';
import { hostOf, rendered } from './support.ts';

const test = suite('template: properties');
const runs = { numRuns: 300 };

/** A literal of the language and whether Python takes it for true. */
interface Literal {
  readonly text: string;
  readonly truth: boolean;
}
const quoted = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const { literal } = fc.letrec<{ literal: Literal; leaf: Literal }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(
      { text: 'none', truth: false },
      { text: 'false', truth: false },
      { text: 'true', truth: true },
      { text: 'no_such_name', truth: false },
    ),
    fc.integer({ min: -3, max: 3 }).map((value) => ({ text: String(value), truth: value !== 0 })),
    fc.constantFrom('0.0', '0.5', '1e-300', '0e5').map((text) => ({ text, truth: Number(text) !== 0 })),
    fc.string({ maxLength: 3 }).map((value) => ({ text: quoted(value), truth: value.length > 0 })),
  ),
  literal: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc
      .array(tie('literal'), { maxLength: 3 })
      .map((items) => ({ text: `[${items.map((item) => item.text).join(', ')}]`, truth: items.length > 0 })),
    fc
      .array(tie('literal'), { maxLength: 3 })
      .map((items) => ({ text: `(${items.map((item) => `${item.text},`).join(' ')})`, truth: items.length > 0 })),
    fc.array(tie('literal'), { maxLength: 3 }).map((items) => ({
      text: `{${items.map((item, index) => `'k${index}': ${item.text}`).join(', ')}}`,
      truth: items.length > 0,
    })),
    tie('literal').map(({ text, truth }) => ({ text: `(not ${text})`, truth: !truth })),
    fc.tuple(tie('literal'), tie('literal')).map(([a, b]) => ({ text: `(${a.text} and ${b.text})`, truth: a.truth && b.truth })),
    fc.tuple(tie('literal'), tie('literal')).map(([a, b]) => ({ text: `(${a.text} or ${b.text})`, truth: a.truth || b.truth })),
  ),
}));

test('if, inline if, not, and, or, select: one idea of truth, Python’s', () => {
  fc.assert(
    fc.property(literal, ({ text, truth }) => {
      const answer = truth ? 'T' : 'F';
      assert.is(rendered(`{% if ${text} %}T{% else %}F{% endif %}`), answer);
      assert.is(rendered(`{{ 'T' if ${text} else 'F' }}`), answer);
      assert.is(rendered(`{{ 'F' if not ${text} else 'T' }}`), answer);
      assert.is(rendered(`{{ (${text} and 'T') is sameas 'T' }}`), truth ? 'True' : 'False');
      assert.is(rendered(`{% for x in [1] if ${text} %}T{% else %}F{% endfor %}`), answer);
      assert.is(rendered(`{{ [${text}] | select | list | length }}`), truth ? '1' : '0');
    }),
    runs,
  );
});

test('plain data has the truth of its Python counterpart', () => {
  const empty = (value: unknown): boolean =>
    value === null ||
    value === false ||
    value === 0 ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
  fc.assert(
    fc.property(fc.jsonValue(), (plain) => {
      const { text } = renderNow(
        parseTemplate('{{ 1 if value else 0 }}', { file: 'a', package: '' }),
        hostOf({ value: toTemplate(plain) }),
      );
      assert.is(text, empty(plain) || Object.is(plain, -0) ? '0' : '1', JSON.stringify(plain));
    }),
    runs,
  );
});

// A small language of blocks over the names a, b and c, rendered by the model from Jinja2's documented rules: `if` has no scope
// of its own; each turn of a loop, a `with` and a block set have one that ends with them; a macro sees the names of where it
// is defined, as they are when it is called, and its own `set`s stay inside.
type Program = readonly Step[];
type Step =
  | { readonly kind: 'set'; readonly name: string; readonly value: number }
  | { readonly kind: 'copy'; readonly name: string; readonly from: string }
  | { readonly kind: 'print'; readonly name: string }
  | { readonly kind: 'if'; readonly yes: boolean; readonly body: Program }
  | { readonly kind: 'for'; readonly name: string; readonly turns: number; readonly body: Program }
  | { readonly kind: 'with'; readonly name: string; readonly value: number; readonly body: Program }
  | { readonly kind: 'capture'; readonly body: Program }
  | { readonly kind: 'macro'; readonly parameter: string; readonly value: number; readonly body: Program };

const name = fc.constantFrom('a', 'b', 'c');
const value = fc.integer({ min: 0, max: 9 });
const { program } = fc.letrec<{ program: Program; step: Step }>((tie) => ({
  program: fc.array(tie('step'), { maxLength: 5 }),
  step: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.record({ kind: fc.constant('print' as const), name }),
    fc.record({ kind: fc.constant('set' as const), name, value }),
    fc.record({ kind: fc.constant('copy' as const), name, from: name }),
    fc.record({ kind: fc.constant('if' as const), yes: fc.boolean(), body: tie('program') }),
    fc.record({ kind: fc.constant('for' as const), name, turns: fc.integer({ min: 0, max: 3 }), body: tie('program') }),
    fc.record({ kind: fc.constant('with' as const), name, value, body: tie('program') }),
    fc.record({ kind: fc.constant('capture' as const), body: tie('program') }),
    fc.record({ kind: fc.constant('macro' as const), parameter: name, value, body: tie('program') }),
  ),
}));

let macros = 0;
function source(steps: Program): string {
  return steps
    .map((step) => {
      switch (step.kind) {
        case 'set':
          return `{% set ${step.name} = ${step.value} %}`;
        case 'copy':
          return `{% set ${step.name} = ${step.from} | default('-') %}`;
        case 'print':
          return `{{ ${step.name} | default('-') }};`;
        case 'if':
          return `{% if ${step.yes} %}${source(step.body)}{% endif %}`;
        case 'for':
          return `{% for ${step.name} in range(${step.turns}) %}${source(step.body)}{% endfor %}`;
        case 'with':
          return `{% with ${step.name} = ${step.value} %}${source(step.body)}{% endwith %}`;
        case 'capture':
          return `{% set text %}${source(step.body)}{% endset %}[{{ text }}]`;
        default: {
          const macro = `m${macros++}`;
          return `{% macro ${macro}(${step.parameter}) %}${source(step.body)}{% endmacro %}{{ ${macro}(${step.value}) }}`;
        }
      }
    })
    .join('');
}

type Names = { readonly own: Record<string, string>; readonly outer: Names | undefined };
const find = (names: Names | undefined, wanted: string): string =>
  names === undefined ? '-' : (names.own[wanted] ?? find(names.outer, wanted));

function model(steps: Program, names: Names): string {
  let out = '';
  for (const step of steps) {
    const within = (own: Record<string, string>): string => ('body' in step ? model(step.body, { own, outer: names }) : '');
    if (step.kind === 'set') names.own[step.name] = String(step.value);
    else if (step.kind === 'copy') names.own[step.name] = find(names, step.from);
    else if (step.kind === 'print') out += `${find(names, step.name)};`;
    else if (step.kind === 'if') out += step.yes ? model(step.body, names) : '';
    else if (step.kind === 'for') for (let turn = 0; turn < step.turns; turn++) out += within({ [step.name]: String(turn) });
    else if (step.kind === 'with') out += within({ [step.name]: String(step.value) });
    else if (step.kind === 'capture') out += `[${within({})}]`;
    else out += within({ [step.parameter]: String(step.value) });
  }
  return out;
}

test('set, if, for, with, block set and macros: names live where Jinja2 lets them live', () => {
  fc.assert(
    fc.property(program, (steps) => {
      assert.is(rendered(source(steps)), model(steps, { own: {}, outer: undefined }));
    }),
    { numRuns: 500 },
  );
});

test('a text printed as a literal comes out as it went in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.is(rendered('{{ value }}', { value: text }), text);
      assert.is(rendered(`{{ ${quoted(text)} }}`), text.replaceAll('\r\n', '\n').replaceAll('\r', '\n'));
    }),
    runs,
  );
});

test('whole numbers of any size: + - * // % agree with exact arithmetic', () => {
  const big = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });
  const floor = (a: bigint, b: bigint): bigint => (a % b !== 0n && a < 0n !== b < 0n ? a / b - 1n : a / b);
  fc.assert(
    fc.property(fc.oneof(big, fc.bigInt({ min: -20n, max: 20n })), fc.oneof(big, fc.bigInt({ min: 1n, max: 20n })), (a, b) => {
      fc.pre(b !== 0n);
      const wanted = [a + b, a - b, a * b, floor(a, b), a - floor(a, b) * b];
      assert.is(
        rendered(`{{ [(${a}) + (${b}), (${a}) - (${b}), (${a}) * (${b}), (${a}) // (${b}), (${a}) % (${b})] | join(' ') }}`),
        wanted.join(' '),
      );
    }),
    runs,
  );
});

test.run();
