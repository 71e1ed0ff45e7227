// What users see when a template is wrong: the place, the macros that led there, the nearest name.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DwhError, type Problem } from '../../src/core/problem.ts';
import { bindMacro, callNow, macrosOf, parseTemplate, renderNow } from '../../src/template/index.ts';
import type { Callable, Host, TemplateValue } from '../../src/template/types.ts';
import { asking, hostFunction, hostOf, parse, problemOf, rendered, shown } from './support.ts';

const test = suite('template: errors');

const problemIn = (text: string, names?: Record<string, TemplateValue>): Problem => problemOf(() => rendered(text, names));

/** A host whose names are macros of several files, each bound to that same host. */
function project(files: Readonly<Record<string, string>>, names: Readonly<Record<string, TemplateValue>> = {}): Host {
  const bound = new Map<string, TemplateValue>(Object.entries(names));
  const host: Host = { resolve: (name) => bound.get(name), names: () => bound.keys() };
  for (const [file, text] of Object.entries(files)) {
    for (const macro of macrosOf(parseTemplate(text, { file, package: 'shop' }))) bound.set(macro.name, bindMacro(macro, host));
  }
  return host;
}

test('an undefined name: its place and the nearest one', () => {
  const problem = problemIn('select 1\n from {{ reff("x") }}', { ref: hostFunction('ref', () => 'x') });
  assert.is(shown(problem), "2:10 undefined-name 'reff' is undefined");
  assert.is(problem.hint, "Did you mean 'ref'?");
  assert.is(problem.at?.file, 'models/a.sql');
});

test('names of scopes around and of the language are suggested, too', () => {
  assert.is(problemIn('{% set total = 1 %}{% for i in [1] %}{{ totl }}{% endfor %}').hint, "Did you mean 'total'?");
  assert.is(problemIn('{{ namspace() }}').hint, "Did you mean 'namespace'?");
});

test('printing and using what is undefined are errors, asking about it is none', () => {
  for (const use of [
    'nope',
    'nope.x',
    'nope["x"]',
    'nope + 1',
    'nope == 1',
    '1 in nope',
    'nope ~ "a"',
    'nope | length',
    'nope | upper',
    'nope()',
    '-nope',
    '[1][nope]',
    '{nope: 1}',
    'nope | join',
    '"%s" % nope',
    '"{}".format(nope)',
    '[nope] | sum',
    'nope is odd',
    'nope is lower',
  ]) {
    assert.is(problemIn(`{{ ${use} }}`).code, 'undefined-name', use);
  }
  assert.is(problemIn('{% for x in nope %}{% endfor %}').code, 'undefined-name');
  assert.is(problemIn('{% set a, b = nope %}').code, 'undefined-name');
  assert.is(
    rendered('{{ nope is defined }}{{ nope is undefined }}{{ nope | default(1) }}{{ 1 if nope else 2 }}{{ not nope }}{{ nope or 3 }}'),
    'FalseTrue12True3',
  );
  assert.is(
    rendered('{% set x = nope %}{{ x is defined }}{{ nope is none }}{{ nope is string }}{{ nope is mapping }}{{ nope is iterable }}'),
    'FalseFalseFalseFalseFalse',
  );
});

test('a member that is not there may be compared and looked for, as in Jinja; a name that nothing sets may not', () => {
  const given = "{% set d = {'a': 1} %}{% set ns = namespace() %}{% macro m(x) %}{{ x == 'y' }}{% endmacro %}";
  const answers: Readonly<Record<string, string>> = {
    "d.b == 'x'": 'False',
    "'x' == d['b']": 'False',
    "d.b != 'x'": 'True',
    'd.b == none': 'False',
    'd.b == d.c': 'True',
    'd.b == {}.b.c': 'undefined-name',
    '[d.b] == [1]': 'False',
    "ns.kind == 'table'": 'False',
    "ns.kind != 'table'": 'True',
    "ns.kind in ['table']": 'False',
    "ns.kind not in ('table', 'view')": 'True',
    'd.b in d': 'False',
    "'x' in d.b": 'False',
    '[1][4] == 1': 'False',
    'm()': 'False',
    "[{}, d] | selectattr('a', 'equalto', 1) | list": "[{'a': 1}]",
    "[{}, d] | rejectattr('a', 'in', [1]) | list": '[{}]',
    "d.b in 'text'": 'undefined-name',
    'd.b < 1': 'undefined-name',
    "'x' in nope": 'undefined-name',
    "nope in ['x']": 'undefined-name',
    'd.b == nope': 'undefined-name',
    'd.b': 'undefined-name',
  };
  for (const [use, answer] of Object.entries(answers)) {
    const source = `${given}{{ ${use} }}`;
    if (answer === 'undefined-name') assert.is(problemIn(source).code, answer, use);
    else assert.is(rendered(source), answer, use);
  }
});

test('a missing member names the kind and the nearest member', () => {
  const problem = problemIn("{% set d = {'orders': 1} %}\n{{ d.order }}");
  assert.is(shown(problem), "2:6 undefined-name this dict has no member 'order'");
  assert.is(problem.hint, "Did you mean 'orders'?");
  assert.is(problemIn("{{ 'a'.uper() }}").hint, "Did you mean 'upper'?");
  assert.is(shown(problemIn('{{ [1, 2][5] }}')), '1:10 undefined-name this list has 2 item(s), and no item 5');
  assert.is(shown(problemIn('{{ none.x }}')), "1:9 undefined-name None has no member 'x'");
});

test('kinds that do not fit say which values met', () => {
  assert.is(shown(problemIn("{{ 'total: ' + 5 }}")), "1:14 template-type '+' does not work between 'total: ' (str) and 5 (int)");
  assert.is(problemIn("{{ 'total: ' + 5 }}").hint, 'Use ~ to join values as text.');
  assert.is(shown(problemIn('a\n{{ 1 / (2 - 2) }}')), '2:6 template-value division by zero');
  assert.is(problemIn('{% set d = {} %}{% set d.x = 1 %}').hint, "A dict is changed by: {% do d.update({'x': …}) %}");
  assert.is(problemIn('{{ [1] | map("string") | length }}').hint, 'Make it a list first: x | list | length');
});

test('arguments of macros, methods and filters', () => {
  const macro = '{% macro m(first, second=2) %}{{ first }}{% endmacro %}';
  assert.is(shown(problemIn(`${macro}{{ m(1, 2, 3) }}`)), "1:59 template-arguments macro 'm' takes at most 2 arguments, and got 3");
  const misspelt = problemIn(`${macro}{{ m(1, secnd=3) }}`);
  assert.is(misspelt.message, "macro 'm' takes no argument 'secnd'");
  assert.is(misspelt.hint, "Did you mean 'second'?");
  // Printed it is nothing.
  const used = '{% macro m(first) %}{{ first + 1 }}{% endmacro %}{{ m() }}';
  assert.is(shown(problemIn(used)), "1:30 undefined-name the parameter 'first' was not given");
  assert.is(problemIn("{{ 'a' | replace('b') }}").message, "replace() needs the argument 'new'");
  assert.is(problemIn("{{ 'a'.split(sepp=',') }}").hint, "Did you mean 'sep'?");
});

test('a parameter that was not given has no items, and none to ask for', () => {
  const macro = (body: string): string => `{% macro m(list) %}${body}{% endmacro %}{{ m() }}`;
  assert.is(rendered(macro('{% for x in list %}{{ x }}{% else %}none{% endfor %}')), 'none');
  assert.is(rendered(macro("[{{ list | join(',') }}] {{ list | length }} {{ list | list }}")), '[] 0 []');
  assert.is(rendered(macro("{{ (list | join(',') ~ ',') if list }}")), '');
  assert.is(shown(problemIn(macro('{{ list[0] }}'))), "1:27 undefined-name the parameter 'list' was not given");
  assert.is(problemIn('{% for x in names %}{% endfor %}').message, "'names' is undefined");
});

test('the macro stack, innermost first, across files', () => {
  const host = project({
    'macros/a.sql': '\n{% macro a() %}\n  {{ b() }}\n{% endmacro %}',
    'macros/b.sql': '{% macro b() %}{{ 1 }}\n{{ quantity }}{% endmacro %}',
  });
  const problem = problemOf(() => renderNow(parse('select\n\n    {{ a() }}'), host));
  assert.is(shown(problem), "2:4 undefined-name 'quantity' is undefined");
  assert.is(problem.at?.file, 'macros/b.sql');
  assert.equal(problem.detail, [
    'macro b (macros/b.sql:1), called at macros/a.sql:3:6',
    'macro a (macros/a.sql:2), called at models/a.sql:3:8',
  ]);
});

test('an error in a call block stands where the block is written, and tells who ran it', () => {
  const host = project({ 'macros/w.sql': '{% macro wrap() %}[{{ caller() }}]{% endmacro %}' });
  const problem = problemOf(() => renderNow(parse('{% call wrap() %}\n{{ nope }}{% endcall %}'), host));
  assert.is(`${problem.at?.file}:${problem.at?.line}:${problem.at?.column}`, 'models/a.sql:2:4');
  assert.equal(problem.detail, [
    'macro caller (models/a.sql:1), called at macros/w.sql:1:23',
    'macro wrap (macros/w.sql:1), called at models/a.sql:1:9',
  ]);
});

test('a host’s error without a place gets the call’s; one with a place keeps it', () => {
  const fails = (problem: Problem): Callable =>
    hostFunction('ref', () => {
      throw new DwhError([problem]);
    });
  const host = project(
    { 'macros/m.sql': '{% macro m() %}\n {{ ref("x") }}{% endmacro %}' },
    { ref: fails({ code: 'ref-not-found', message: 'no x', detail: ['searched'] }) },
  );
  const problem = problemOf(() => renderNow(parse('{{ m() }}'), host));
  assert.is(shown(problem), '2:5 ref-not-found no x');
  assert.equal(problem.detail, ['searched', 'macro m (macros/m.sql:1), called at models/a.sql:1:4']);
  const at = { file: 'seeds/s.csv', line: 9, column: 9 };
  assert.equal(
    problemOf(() => rendered('{{ ref("x") }}', { ref: fails({ code: 'c', message: 'm', at }) })),
    { code: 'c', message: 'm', at },
  );
});

test('what a host throws that is no DwhError passes through untouched', () => {
  const bug = new TypeError('a bug');
  const broken = hostFunction('broken', () => {
    throw bug;
  });
  let caught: unknown;
  try {
    rendered('{% macro m() %}{{ broken() }}{% endmacro %}{{ m() }}', { broken });
  } catch (error) {
    caught = error;
  }
  assert.is(caught, bug);
});

test('a call site knows its place, its package and its macros', () => {
  const sites: string[] = [];
  const here = hostFunction('here', (_, site) => {
    sites.push(`${site.package} ${site.at.file}:${site.at.line}:${site.at.column} ${site.stack.map((frame) => frame.macro).join('<')}`);
    return '';
  });
  const host = project(
    { 'macros/m.sql': '{% macro inner() %}{{ here() }}{% endmacro %}{% macro outer() %}{{ inner() }}{% endmacro %}' },
    { here },
  );
  renderNow(parse('{{ here() }}\n{{ outer() }}'), host);
  assert.equal(sites, ['shop models/a.sql:1:4 ', 'shop macros/m.sql:1:23 inner<outer']);
});

test('a question where none can be asked is an error at the call', () => {
  const problem = problemIn('a\n{% macro m() %}{{ run_query("select 1") }}{% endmacro %}{{ m() }}', { run_query: asking('run_query') });
  assert.is(shown(problem), '2:19 template-ask this asks the warehouse, which is not possible here');
  assert.equal(problem.detail, ['macro m (models/a.sql:2), called at models/a.sql:2:60']);
  const at = { file: 'x', line: 1, column: 1 };
  assert.is(problemOf(() => callNow(asking('q'), [], new Map(), { at, package: '', stack: [] })).code, 'template-ask');
});

test('syntax: each mistake has its place', () => {
  const wrong: Readonly<Record<string, string>> = {
    'a\n  {% if x %}b': "2:3 template-syntax '{% if %}' is never closed: '{% endif %}' is missing",
    '{% for a in b %}\n{% if c %}{% endif %}': "1:1 template-syntax '{% for %}' is never closed: '{% endfor %}' is missing",
    'x\n{% macro m() %}y{% macro n() %}{% endmacro %}': "2:1 template-syntax '{% macro %}' is never closed: '{% endmacro %}' is missing",
    '{% if a %}\n{% endfor %}':
      "2:1 template-syntax found '{% endfor %}' where '{% endif %}' is expected: the '{% if %}' of line 1 is open",
    '{{ a\n': "1:1 template-syntax this tag is never closed: '}}' is missing",
    "{{ 'a }}": '1:4 template-syntax this text is never closed: the second quote is missing',
    '{{ f(a }}': "1:5 template-syntax '(' is never closed: ')' is missing",
    '{% if (a %}x{% endif %}': "1:7 template-syntax '(' is never closed: ')' is missing",
    '{% set x = [1, 2 %}': "1:12 template-syntax '[' is never closed: ']' is missing",
    '{# a': "1:1 template-syntax this comment is never closed: '#}' is missing",
    '\n{% raw %}': "2:1 template-syntax '{% raw %}' is never closed: '{% endraw %}' is missing",
    '{{ 1 + }}': "1:8 template-syntax expected a value, and found the end of the tag, '}}'",
    '{{ a b }}': "1:6 template-syntax expected '}}', and found 'b'",
    '{{ a && b }}': "1:6 template-syntax unexpected character '&'",
    '{{ f(a=1, 2) }}': '1:11 template-syntax an argument by position cannot follow one by name',
    '{% break %}': "1:4 template-syntax 'break' stands outside of a loop",
    '{% macro m(a, a) %}{% endmacro %}': "1:15 template-syntax two parameters are called 'a'",
    '{% include "x.sql" %}': "1:1 template-syntax '{% include %}' is not supported",
    '{% extends "x.sql" %}': "1:1 template-syntax '{% extends %}' is not supported",
    '{% import "x.sql" as x %}': "1:1 template-syntax '{% import %}' is not supported",
    '{% from "x.sql" import x %}': "1:1 template-syntax '{% from %}' is not supported",
    '{% if a %}{% test t(model) %}{% endtest %}{% endif %}': "1:11 template-syntax '{% test %}' stands inside of another block",
    '{% docs d %}text': "1:1 template-syntax '{% docs %}' is never closed: '{% enddocs %}' is missing",
  };
  for (const [template, expected] of Object.entries(wrong)) assert.is(shown(problemOf(() => parse(template))), expected, template);
});

test('syntax: the nearest tag, filter and test', () => {
  assert.is(problemOf(() => parse('{% marco m() %}{% endmacro %}')).hint, "Did you mean 'macro'?");
  assert.is(problemOf(() => parse('{{ a | lenght }}')).hint, "Did you mean 'length'?");
  assert.is(problemOf(() => parse('{{ a is defind }}')).hint, "Did you mean 'defined'?");
  assert.is(problemOf(() => parse('{{ a && b }}')).hint, "Use 'and'.");
  assert.match(problemOf(() => parse('{% include "x" %}')).hint ?? '', 'macro');
});

test('a mistake of a text inside a file is placed in that file', () => {
  const at = { file: 'project.yml', line: 12, column: 9 };
  const place = { file: 'project.yml', package: 'shop', at };
  assert.equal(problemOf(() => parseTemplate('{{ var( }}', place)).at, { file: 'project.yml', line: 12, column: 15 });
  assert.equal(problemOf(() => renderNow(parseTemplate('x {{ nope }}', place), hostOf())).at, {
    file: 'project.yml',
    line: 12,
    column: 14,
  });
});

test('return outside of a macro', () => {
  assert.is(shown(problemIn('x\n{{ return(1) }}')), '2:4 template-value return() stands outside of a macro');
});

test.run();
