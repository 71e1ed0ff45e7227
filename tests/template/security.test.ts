// Templates never reach JavaScript: members come from lists of allowed names.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromTemplate, renderValue, toTemplate } from '../../src/template/index.ts';
import type { HostObject, TemplateValue } from '../../src/template/types.ts';
import { asking, hostFunction, hostOf, problemOf, rendered, shown } from './support.ts';

const test = suite('template: no way to JavaScript');

const relation: HostObject = {
  kind: 'host',
  typeName: 'relation',
  get: (name) => (name === 'name' ? 'orders' : undefined),
  names: () => ['name'],
};
const names: Record<string, TemplateValue> = {
  ref: hostFunction('ref', () => 'x'),
  q: asking('q'),
  relation,
  config: toTemplate({ a: { b: [1] }, constructor_like: 1 }),
};

/** Values of every kind that a template can hold. */
const VALUES = [
  "'text'",
  '1',
  '1.5',
  '12345678901234567890',
  'true',
  'none',
  '[1]',
  '(1,)',
  "{'a': 1}",
  'range(3)',
  'namespace(a=1)',
  "cycler('a')",
  'joiner()',
  'ref',
  'q',
  'relation',
  'config',
  'range',
  "'a'.upper",
  "{'a': 1}.items()",
  "[1] | map('string')",
  'm',
  'dict',
];
/** What JavaScript's objects and functions have. */
const MEMBERS = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'call_',
  'apply',
  'bind',
  'caller',
  'arguments',
  '__defineGetter__',
  '__lookupGetter__',
  'isPrototypeOf',
  'then',
  'toJSON',
  'charAt',
  'push',
  'at',
  'concat',
  'size',
  'has',
  'set',
  'kind',
  'typeName',
  'get_',
  'values_',
  'code',
  'host',
  'scope',
  'source',
  '#values',
];

test('no member of JavaScript is a member of a value', () => {
  for (const value of VALUES) {
    for (const member of MEMBERS) {
      if (member.startsWith('#')) continue;
      const macro = '{% macro m() %}{% endmacro %}';
      assert.is(rendered(`${macro}{{ (${value}).${member} is defined }}`, names), 'False', `${value}.${member}`);
      assert.is(rendered(`${macro}{{ (${value})['${member}'] is defined }}`, names), 'False', `${value}[${member}]`);
      assert.is(rendered(`${macro}{{ (${value}) | attr('${member}') is defined }}`, names), 'False', `${value}|attr(${member})`);
      assert.is(
        rendered(`${macro}{{ [${value}] | map(attribute='${member}', default='none') | first }}`, names),
        'none',
        `map ${value}.${member}`,
      );
    }
  }
});

const attacks: Readonly<Record<string, string>> = {
  "{{ range.constructor('return process.version')() }}": '1:10 undefined-name',
  "{{ [].constructor.constructor('return process')() }}": '1:7 undefined-name',
  "{{ ''['constructor']['constructor']('return 1')() }}": '1:21 undefined-name',
  '{{ {}.__proto__.polluted }}': '1:7 undefined-name',
  "{% set d = {} %}{% do d.__proto__.update({'polluted': 1}) %}": '1:25 undefined-name',
  "{% set ns = namespace() %}{% set ns.__proto__ = {'polluted': 1} %}{{ ns.polluted }}": '1:73 undefined-name',
  "{{ '{0.constructor}'.format('a') }}": '1:22 undefined-name',
  "{{ '{0[constructor]}'.format('a') }}": '1:23 undefined-name',
  "{{ '{0.__class__}'.format('a') }}": '1:20 undefined-name',
  "{{ '{a.constructor}'.format_map({'a': []}) }}": '1:22 undefined-name',
  "{{ '%(constructor)s' % {} }}": '1:22 template-value',
  "{{ 'a'.__class__.__mro__ }}": '1:8 undefined-name',
  "{{ ref.call('x') }}": '1:8 undefined-name',
  "{{ ref.apply(none, ['x']) }}": '1:8 undefined-name',
  "{{ relation.get('name') }}": '1:13 undefined-name',
  '{{ process }}': '1:4 undefined-name',
  '{{ globalThis }}': '1:4 undefined-name',
  '{{ this }}': '1:4 undefined-name',
  '{{ constructor }}': '1:4 undefined-name',
  '{{ __proto__ }}': '1:4 undefined-name',
  '{{ hasOwnProperty }}': '1:4 undefined-name',
  '{% macro m(__proto__) %}{{ __proto__.x }}{% endmacro %}{{ m({}) }}': '1:38 undefined-name',
  '{{ dict(__proto__=1).polluted }}': '1:22 undefined-name',
  "{{ [{}] | map(attribute='constructor.name') | list }}": '1:11 undefined-name',
  "{{ [{}] | selectattr('__proto__.x') | list }}": '1:11 undefined-name',
  "{{ [{}] | groupby('constructor') }}": '1:4 undefined-name',
};

for (const [template, expected] of Object.entries(attacks)) {
  test(template, () => {
    assert.ok(shown(problemOf(() => rendered(template, names))).startsWith(expected), shown(problemOf(() => rendered(template, names))));
    assert.is(({} as Record<string, unknown>).polluted, undefined);
  });
}

test('names of JavaScript are keys and variables like any other', () => {
  assert.is(rendered('{% set constructor = 1 %}{% set __proto__ = 2 %}{{ constructor }}{{ __proto__ }}'), '12');
  assert.is(
    rendered(
      "{% set d = {'__proto__': 1, 'constructor': 2, 'toString': 3} %}{{ d['__proto__'] }}{{ d.constructor }}{{ d | length }}{{ d }}",
    ),
    "123{'__proto__': 1, 'constructor': 2, 'toString': 3}",
  );
  assert.is(rendered('{% set ns = namespace(constructor=1) %}{{ ns.constructor }}'), '1');
  assert.is(rendered("{{ {'__proto__': {'x': 1}} | tojson }}"), '{"__proto__": {"x": 1}}');
});

test('a key called __proto__ stays a key on the way in and out', () => {
  const plain = JSON.parse('{"__proto__": {"polluted": 1}, "a": 1}') as unknown;
  const back = fromTemplate(toTemplate(plain)) as object;
  assert.equal(Object.keys(back), ['__proto__', 'a']);
  assert.is(Object.getPrototypeOf(back), Object.prototype);
  const value = renderValue("{{ {'__proto__': {'polluted': 1}} }}", { file: 'a.yml', package: '' }, hostOf());
  assert.equal(Object.keys(fromTemplate(value) as object), ['__proto__']);
  assert.is(({} as Record<string, unknown>).polluted, undefined);
});

test('replacement patterns of JavaScript mean nothing', () => {
  assert.is(
    rendered("{{ 'abc'.replace('b', '$&$1$$') }}{{ 'abc' | replace('b', \"$'\") }}{{ '%s' % '$&' }}{{ '{}'.format('$&') }}"),
    "a$&$1$$ca$'c$&$&",
  );
});

test('any text is refused with a place or rendered, and nothing else happens', () => {
  const bits = fc.constantFrom(
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '-',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    "'",
    '"',
    '\\',
    '|',
    '.',
    ',',
    ':',
    '=',
    '~',
    '*',
    '**',
    '/',
    '//',
    '<',
    '>',
    '!',
    ' ',
    '\n',
    'if',
    'endif',
    'for',
    'in',
    'endfor',
    'set',
    'else',
    'is',
    'not',
    'macro',
    'm',
    'endmacro',
    'x',
    '1',
    '1.5',
    'none',
    'upper',
    'defined',
    'raw',
    'endraw',
    'do',
    'call',
    'endcall',
    'é',
    '😀',
    '\ud800',
    '\0',
    '$',
  );
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 25 }), (parts) => {
      const template = parts.join('');
      try {
        rendered(template, { x: toTemplate([1, { a: 'b' }]) });
      } catch {
        const problem = problemOf(() => rendered(template, { x: toTemplate([1, { a: 'b' }]) }));
        assert.ok(problem.at, `${JSON.stringify(template)}: ${problem.message}`);
        const lines = template.split(/\r\n?|\n/);
        assert.ok(problem.at.line >= 1 && problem.at.line <= lines.length, template);
        assert.ok(problem.at.column >= 1 && problem.at.column <= (lines[problem.at.line - 1]?.length ?? 0) + 1, template);
      }
    }),
    { numRuns: 2000 },
  );
});

test.run();
