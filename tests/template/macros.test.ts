// Blocks of a file, macros bound to a host, return(), and questions asked from anywhere.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  bindMacro,
  callNow,
  callValue,
  type MacroDefinition,
  macrosOf,
  parseTemplate,
  renderNow,
  toTemplate,
} from '../../src/template/index.ts';
import type { CallSite, Host, TemplateValue } from '../../src/template/types.ts';
import { asking, hostFunction, hostOf, parse, problemOf, rendered, renderedWith } from './support.ts';

const test = suite('template: macros and blocks');

const definitions = (text: string, file = 'macros/m.sql'): readonly MacroDefinition[] =>
  macrosOf(parseTemplate(text, { file, package: 'shop' }));
const site: CallSite = { at: { file: 'models/a.sql', line: 1, column: 1 }, package: 'shop', stack: [] };
const none = new Map<string, TemplateValue>();

function bound(text: string, host: Host = hostOf()) {
  const [first] = definitions(text);
  if (!first) throw new Error('no macro');
  return bindMacro(first, host);
}

test('the blocks of a file: kind, name, options, source, inner text, place', () => {
  const text = `{# about #}
{% macro cents(column, scale=2) -%}
  {{ column }} / 100
{%- endmacro %}
{% test positive(model, column_name) %}select 1{% endtest %}
{% data_test even(model) %}select 2{% enddata_test %}
{%- materialization mine, adapter='duckdb', supported_languages=['sql', 'python'] %}m{% endmaterialization -%}
{% materialization yours, default %}y{% endmaterialization %}
{% snapshot orders_snap %}
  select {{ 1 }}
{% endsnapshot %}
{% docs orders %} All *{{ orders }}* {% if %} {% enddocs %}`;
  const { blocks } = parse(text, 'macros/all.sql');
  assert.equal(
    blocks.map(({ kind, name, at }) => `${kind} ${name} ${at.line}:${at.column}`),
    [
      'macro cents 2:1',
      'test test_positive 5:1',
      'test test_even 6:1',
      'materialization materialization_mine_duckdb 7:1',
      'materialization materialization_yours_default 8:1',
      'snapshot orders_snap 9:1',
      'docs orders 12:1',
    ],
  );
  assert.is(blocks[0]?.source, '{% macro cents(column, scale=2) -%}\n  {{ column }} / 100\n{%- endmacro %}');
  assert.is(blocks[0]?.inner, '\n  {{ column }} / 100\n');
  assert.equal(blocks[3]?.options, { adapter: 'duckdb', supported_languages: ['sql', 'python'] });
  assert.equal(blocks[4]?.options, {});
  assert.is(blocks[5]?.inner, '\n  select {{ 1 }}\n');
  assert.is(blocks[6]?.inner, ' All *{{ orders }}* {% if %} ');
  assert.is(renderNow(parse(text), hostOf()).text.trim(), '');
});

test('a definition: parameters with their defaults as written, nested macros left to their outer one', () => {
  const [one, ...more] = definitions("{% macro m(a, b = {'x': [1, 2]} , c=none) %}{% macro inner() %}{% endmacro %}{% endmacro %}");
  assert.is(more.length, 0);
  assert.equal(one?.parameters, [{ name: 'a' }, { name: 'b', default: "{'x': [1, 2]}" }, { name: 'c', default: 'none' }]);
  assert.equal([one?.kind, one?.file, one?.package, one?.at.line], ['macro', 'macros/m.sql', 'shop', 1]);
});

test('a bound macro sees the host and the sets of its file, never the names of its caller', () => {
  const text =
    '{% set unit = "EUR" %}text{{ boom() }}{% macro m(x) %}{{ x }}{{ unit }}{{ target }}{{ local is defined }}{% endmacro %}{% set late = 1 %}';
  const m = bound(text, hostOf({ target: 'dev' }));
  assert.is(rendered('{% set local = 1 %}{% for unit in [7] %}{{ m(unit) }}{% endfor %}', { m }), '7EURdevFalse');
});

test('a name of a bound macro is the host’s first, then a macro of its own file', () => {
  const text = '{% macro m() %}{{ helper() }}{% endmacro %}{% macro helper() %}mine{% endmacro %}';
  assert.is(callNow(bound(text), [], none, site), 'mine');
  assert.is(callNow(bound(text, hostOf({ helper: hostFunction('helper', () => 'theirs') })), [], none, site), 'theirs');
  assert.is(callNow(bound('{% macro m(n) %}{{ n }}{% if n %}{{ m(n - 1) }}{% endif %}{% endmacro %}'), [3], none, site), '3210');
});

test('the host is asked in the package in which a name is written', () => {
  const asked: string[] = [];
  const host: Host = {
    resolve: (name, from) => {
      asked.push(`${name} from ${from}`);
      return name === 'm' ? macro : name === 'x' ? 1 : undefined;
    },
    names: () => [],
  };
  const macro = bindMacro(
    macrosOf(parseTemplate('{% macro m() %}{{ x }}{% endmacro %}', { file: 'm.sql', package: 'utils' }))[0] as MacroDefinition,
    host,
  );
  renderNow(parse('{{ x }}{{ m() }}'), host);
  assert.equal(asked, ['x from shop', 'm from shop', 'x from utils']);
});

test('return gives any value, from any depth, and stops the macro', () => {
  const m = (body: string): TemplateValue => callNow(bound(`{% macro m() %}${body}{% endmacro %}`), [], none, site);
  assert.equal(m('printed {{ return([1, none]) }} never'), [1, null]);
  assert.is(m('{% do return(none) %}'), null);
  assert.is(m('{{ return(0) }}'), 0);
  assert.is(m('{% for i in [1, 2] %}{% if i == 2 %}{% do return(i) %}{% endif %}{% endfor %}'), 2);
  assert.is(m('{% set x %}{{ return("in a block") }}{% endset %}'), 'in a block');
  assert.is(m('only text'), 'only text');
  assert.is(rendered("{% macro f() %}{{ return({'k': [1, 2]}) }}{% endmacro %}{{ f().k[1] }}{{ f()['k'] | length }}"), '22');
  assert.is(rendered('{% macro f() %}{{ return(namespace(n=1)) }}{% endmacro %}{% set ns = f() %}{% set ns.n = 5 %}{{ ns.n }}'), '5');
  assert.is(
    rendered('{% macro g() %}{{ return(2) }}{% endmacro %}{% macro f() %}{{ g() }}{{ return(g() + 1) }}{% endmacro %}{{ f() }}'),
    '3',
  );
});

test('return in a call block leaves the macro that calls the block', () => {
  assert.is(rendered('{% macro m() %}a{{ caller() }}b{% endmacro %}[{% call m() %}{{ return("left") }}{% endcall %}]'), '[left]');
});

test('a host function gets the caller of a call block, named and positional arguments', () => {
  const seen: string[] = [];
  const statement = {
    kind: 'function' as const,
    name: 'statement',
    *call(args: readonly TemplateValue[], kwargs: ReadonlyMap<string, TemplateValue>, at: CallSite) {
      const caller = kwargs.get('caller');
      if (typeof caller === 'object' && caller !== null && 'kind' in caller && caller.kind === 'function') {
        seen.push(`${args[0]}/${kwargs.get('fetch_result')}: ${yield* callValue(caller, [], none, at)}`);
      }
      return '';
    },
  };
  rendered("{% call statement('main', fetch_result=true) %}select {{ 1 }}{% endcall %}", { statement });
  assert.equal(seen, ['main/true: select 1']);
});

test('questions can be asked from everywhere, and the answers land where they belong', () => {
  const q = asking('q');
  const echo = (ask: unknown): unknown => (ask as TemplateValue[])[1];
  const places: Readonly<Record<string, string>> = {
    '{{ q(1) }}-{{ q(2) }}': '1-2',
    '{{ q(1) + q(2) * q(3) }}': '7',
    '{{ [q(1), q(2)] }}{{ {q("a"): q("b")} }}{{ (q(1), 2) }}': "[1, 2]{'a': 'b'}(1, 2)",
    '{{ "x" if q(true) else q(1) }}{{ q(0) or q(3) }}{{ q(1) and q(4) }}{{ not q(0) }}': 'x34True',
    '{{ q([1, 2, 3])[q(1)] }}{{ q([1, 2, 3])[q(1):] }}{{ q({"k": 5}).k }}{{ q("ab").upper() }}': '2[2, 3]5AB',
    '{{ 1 < q(2) < 3 }}{{ q(1) in [q(1)] }}{{ q(2) is odd }}{{ -q(3) }}{{ q(1) ~ q(2) }}': 'TrueTrueFalse-312',
    '{{ q("b") | default(q("c")) | upper }}{{ "a" | replace("a", q("z")) }}': 'Bz',
    '{% for i in q([1, 2]) %}{{ q(i) }}{{ loop.last }}{% else %}{{ q("e") }}{% endfor %}': '1False2True',
    '{% for i in [] %}{% else %}{{ q("e") }}{% endfor %}': 'e',
    '{% for i in [1, 2, 3] if q(i) != 2 %}{{ i }}{{ loop.length }}{% endfor %}': '1232',
    '{% for i in [1, 2, 3] %}{% if q(i) == 2 %}{% continue %}{% endif %}{{ i }}{% if q(i) == 3 %}{% break %}{% endif %}{% endfor %}': '13',
    '{% set a, b = q([1, 2]) %}{{ a }}{{ b }}{% set x %}<{{ q(1) }}>{% endset %}{{ x }}': '12<1>',
    '{% set ns = namespace() %}{% set ns.v = q(3) %}{{ ns.v }}{% do q(1) %}{% with w = q(4) %}{{ w }}{% endwith %}': '34',
    '{% macro m(a, b=q(2)) %}{{ a }}{{ b }}{{ q(3) }}{% endmacro %}{{ m(q(1)) }}{{ m(1, b=q(9)) }}{{ m(*q([5]), **q({"b": 6})) }}':
      '123193563',
    '{% macro m() %}{{ return(q([1])) }}{% endmacro %}{{ m()[0] + 1 }}': '2',
    '{% macro w() %}[{{ caller(q(1)) }}]{% endmacro %}{% call(x) w() %}{{ x }}{{ q(2) }}{% endcall %}': '[12]',
    '{% filter upper %}{{ q("f") }}{% endfilter %}{% if q(0) %}a{% elif q(1) %}{{ q("b") }}{% endif %}': 'Fb',
    '{% for x in [[1], [2]] recursive %}{% if x is iterable %}({{ loop(x) }}){% else %}{{ q(x) }}{% endif %}{% endfor %}': '(1)(2)',
  };
  for (const [template, expected] of Object.entries(places)) {
    assert.is(renderedWith(template, { q }, echo).text, expected, template);
    assert.is(rendered(template, { q: hostFunction('q', ([value]) => value ?? null) }), expected, `without waiting: ${template}`);
  }
});

test('ten thousand questions in one loop', () => {
  let asked = 0;
  const { text } = renderedWith('{% for i in range(10000) %}{% if q(i) %}{% endif %}{% endfor %}done', { q: asking('q') }, () => ++asked);
  assert.equal([text, asked], ['done', 10000]);
});

test('two renderings of one template do not meet', () => {
  const template = parse(
    '{% set x = 0 %}{% macro m(l=[]) %}{% do l.append(1) %}{{ l | length }}{% endmacro %}{{ m() }}{{ m() }}{{ seen }}',
  );
  assert.is(renderNow(template, hostOf({ seen: 'a' })).text, '11a');
  assert.is(renderNow(template, hostOf({ seen: 'b' })).text, '11b');
});

test('a macro that calls itself without an end is stopped', () => {
  const problem = problemOf(() => rendered('{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}'));
  assert.is(problem.code, 'template-limit');
  assert.is(problem.message, 'macros call one another more than 400 deep');
  assert.is(problem.at?.line, 1);
  assert.is(problem.detail?.length, 21);
  assert.is(rendered('{% macro m(n) %}{% if n %}{{ m(n - 1) }}{% else %}end{% endif %}{% endmacro %}{{ m(390) }}'), 'end');
  const data = toTemplate([]);
  assert.is(
    problemOf(() => rendered('{% do xs.append(xs) %}{% for x in xs recursive %}{{ loop(x) }}{% endfor %}', { xs: data })).code,
    'template-limit',
  );
});

test.run();
