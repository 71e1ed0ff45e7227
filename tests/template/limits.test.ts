// Templates that would take all memory or the whole stack are refused with an error that has a place.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Problem } from '../../src/core/problem.ts';
import { problemOf, rendered } from './support.ts';

const test = suite('template: limits');

const huge = [
  "'a' * 10**9",
  "10**9 * 'ab'",
  "'a' * 10**30",
  '[0] * 10**9',
  '(1, 2) * 10**12',
  'range(10**9) | list',
  "'a'.ljust(10**10)",
  "'a'.rjust(10**10)",
  "'a'.center(10**10)",
  "'a'.zfill(10**10)",
  "'a' | center(10**10)",
  "'{:1000000000000}'.format(1)",
  "'{:.1000000000000f}'.format(1.5)",
  "'{:{}}'.format('a', 10**12)",
  "'%1000000000000d' % 1",
  "'%*d' % (10**12, 1)",
  "'%.1000000000000f' % 1.5",
  "('a' * 10**6).replace('a', 'b' * 10**6)",
  "('a' * 10**6) | replace('a', 'b' * 10**6)",
  "('x' * 10**6).replace('', 'y' * 10**6)",
  "('b' * 10**6).join(['a'] * 10**6)",
  "(['a'] * 10**6) | join('b' * 10**6)",
  "('a\\n' * 10**4) | indent(10**6)",
  "'a' | indent(10**12)",
  "'\\t'.expandtabs(10**12)",
  '10 ** (10 ** 10)',
  '2 ** (2 ** 40)',
  '(10**9999)**99999',
  "[1] | batch(10**12, 'x') | list",
  '[1] | slice(10**12) | list',
  "[0] | map('string') | list * 10**9",
];

for (const expression of huge) {
  test(`{{ ${expression} }}`, () => {
    const problem: Problem = problemOf(() => rendered(`{{ ${expression} }}`));
    assert.ok(['template-limit', 'template-type'].includes(problem.code), `${problem.code}: ${problem.message}`);
    assert.is(problem.at?.line, 1);
  });
}

test('growth by loops is bounded, too', () => {
  const loops = [
    "{% set ns = namespace(s='abcdefgh') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    "{% set ns = namespace(s='abcdefgh') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
    '{% set ns = namespace(l=[1]) %}{% for i in range(100) %}{% set ns.l = ns.l + ns.l %}{% endfor %}',
    '{% set l = [1] %}{% for i in range(100) %}{% do l.extend(l) %}{% endfor %}',
    '{% set ns = namespace(n=10**90) %}{% for i in range(100) %}{% set ns.n = ns.n * ns.n %}{% endfor %}',
    "{% set x = 'a' * 10**7 %}{% for i in range(1000) %}{{ x }}{% endfor %}",
    '{% set l = [1] %}{% for x in l %}{% do l.append(1) %}{% endfor %}',
  ];
  for (const template of loops) assert.is(problemOf(() => rendered(template)).code, 'template-limit', template);
  assert.is(
    problemOf(() => rendered('{% set d = {1: 1} %}{% for k in d %}{% do d.update({k + 1: 1}) %}{% endfor %}')).code,
    'template-type',
  );
});

test('deep nesting of every kind is refused, not overflowed', () => {
  const deep = 20_000;
  const nested: Readonly<Record<string, string>> = {
    parentheses: `{{ ${'('.repeat(deep)}1${')'.repeat(deep)} }}`,
    lists: `{{ ${'['.repeat(deep)}${']'.repeat(deep)} }}`,
    dicts: `{{ ${"{'a':".repeat(deep)}1${'}'.repeat(deep)} }}`,
    minus: `{{ ${'-'.repeat(deep)}1 }}`,
    not: `{{ ${'not '.repeat(deep)}1 }}`,
    calls: `{{ ${'f('.repeat(deep)}${')'.repeat(deep)} }}`,
    subscripts: `{{ ${'x['.repeat(deep)}1${']'.repeat(deep)} }}`,
    ifs: '{% if 1 %}'.repeat(deep) + '{% endif %}'.repeat(deep),
    loops: '{% for i in [1] %}'.repeat(deep) + '{% endfor %}'.repeat(deep),
    inline: `{{ ${'1 if x else '.repeat(deep)}2 }}`,
    open: '{% if 1 %}'.repeat(deep),
    elifs: `{% if 0 %}${'{% elif 0 %}'.repeat(deep)}{% endif %}`,
    sum: `{{ ${'1 + '.repeat(deep)}1 }}`,
    or: `{{ ${'0 or '.repeat(deep)}1 }}`,
    members: `{{ x${'.a'.repeat(deep)} }}`,
    filters: `{{ 1${' | string'.repeat(deep)} }}`,
    calling: `{{ x${'()'.repeat(deep)} }}`,
  };
  for (const [kind, template] of Object.entries(nested)) {
    const problem = problemOf(() => rendered(template, { x: 1 }));
    assert.ok(
      ['template-limit', 'template-syntax', 'undefined-name', 'template-type'].includes(problem.code),
      `${kind}: ${problem.code} ${problem.message}`,
    );
    assert.ok(problem.at, kind);
  }
});

test('what is large and reasonable works', () => {
  assert.is(rendered(`{{ ${'1 + '.repeat(500)}1 }}`), '501');
  assert.is(rendered(`{{ ${"'a' ~ ".repeat(5000)}'a' }}`).length, 5001);
  assert.is(rendered(`{{ [${'1, '.repeat(20_000)}] | length }}`), '20000');
  assert.is(rendered('{% for i in range(100000) %}x{% endfor %}').length, 100_000);
  assert.is(rendered(`${'{% if 1 %}'.repeat(50)}x${'{% endif %}'.repeat(50)}`), 'x');
  assert.is(rendered(`{% if 0 %}${'{% elif 0 %}'.repeat(300)}{% else %}e{% endif %}`), 'e');
  assert.is(rendered('{{ (2 ** 1000) % 1000 }}'), '376');
  assert.is(rendered("{{ ('ab' * 1000000) | length }}"), '2000000');
  assert.is(rendered('x'.repeat(3_000_000)).length, 3_000_000);
  assert.is(rendered(`{# ${'c'.repeat(1_000_000)} #}{{ 1 }}`), '1');
});

test.run();
