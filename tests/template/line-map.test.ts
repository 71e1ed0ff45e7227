// Every place of the output leads back to the template.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bindMacro, macrosOf, parseTemplate, renderNow } from '../../src/template/index.ts';
import { hostOf, parse } from './support.ts';

const test = suite('template: line map');

/** 'line:column' of the first place in the output where `wanted` stands. */
function placeOf(template: string, wanted: string, names = {}): string {
  const { text, map } = renderNow(parse(template), hostOf(names));
  const { line, column } = map.locate(text.indexOf(wanted));
  return `${line}:${column}`;
}

test('text maps to itself, an expression to where it is written', () => {
  const template = "select a,\n  {{ 'x' ~ 'y' }},\n  b\nfrom t";
  assert.is(placeOf(template, 'select'), '1:1');
  assert.is(placeOf(template, 'a,'), '1:8');
  assert.is(placeOf(template, 'xy'), '2:6');
  assert.is(placeOf(template, 'y,'), '2:6');
  assert.is(placeOf(template, 'b\n'), '3:3');
  assert.is(placeOf(template, 't'), '1:6');
  assert.is(placeOf(template, 'from'), '4:1');
});

test('white space control, comments and raw blocks shift nothing', () => {
  const template =
    "{%- set x = 1 -%}\n\n  first\n  {#- gone\n gone -#}\n  second {{- 'v' -}}\n  third {% raw -%}\n  {{ raw }}\n{%- endraw %} last\r\nend";
  assert.is(placeOf(template, 'first'), '3:3');
  assert.is(placeOf(template, 'second'), '6:3');
  assert.is(placeOf(template, 'third'), '7:3');
  assert.is(placeOf(template, '{{ raw'), '8:3');
  assert.is(placeOf(template, 'last'), '9:15');
  assert.is(placeOf(template, 'end'), '10:1');
});

test('what a macro prints maps to its call in the outermost template', () => {
  const [helper] = macrosOf(
    parseTemplate('{% macro helper() %}\n\n\none{{ "two" }}{% endmacro %}', { file: 'macros/h.sql', package: 'shop' }),
  );
  assert.ok(helper);
  const names = { helper: helper ? bindMacro(helper, hostOf()) : null };
  assert.is(placeOf('a\n  {{ helper() }}', 'one', names), '2:6');
  assert.is(placeOf('a\n  {{ helper() }}', 'two', names), '2:6');
  assert.is(placeOf('a\n{% macro own() %}deep{% endmacro %}\n {{ own() | upper }}', 'DEEP'), '3:5');
  assert.is(placeOf('a\n{% set x %}b\nc{% endset %}\n{{ x }}', 'c'), '4:4');
});

test('each turn of a loop maps to the body', () => {
  const { text, map } = renderNow(parse('{% for i in [1, 2] %}\nrow {{ i }}{% endfor %}'), hostOf());
  for (const offset of [text.indexOf('row'), text.lastIndexOf('row')]) assert.is(map.locate(offset).line, 2);
  assert.is(map.locate(text.lastIndexOf('2')).column, 8);
});

test('a template that starts in the middle of a file counts from there; past the end is the end', () => {
  const template = parseTemplate('ab\ncd', {
    file: 'models/schema.yml',
    package: 'shop',
    at: { file: 'models/schema.yml', line: 7, column: 5 },
  });
  const { map } = renderNow(template, hostOf());
  assert.equal(map.locate(1), { file: 'models/schema.yml', line: 7, column: 6 });
  assert.equal(map.locate(4), { file: 'models/schema.yml', line: 8, column: 2 });
  assert.equal(map.locate(99), { file: 'models/schema.yml', line: 8, column: 3 });
  assert.equal(renderNow(parse(''), hostOf()).map.locate(0), { file: 'models/a.sql', line: 1, column: 1 });
});

test('any mixture: each literal character maps to the same character of the template', () => {
  const piece = fc.oneof(
    fc.stringMatching(/^[a-z \n]{0,8}$/),
    fc.constantFrom(
      '{{ 7 }}',
      '{{- 7 -}}',
      '{# x #}',
      '{#- x\n -#}',
      '{% set q = 1 %}',
      '{%- set q = 1 -%}',
      '{% if 1 %}',
      '{% for i in [1, 2] -%}',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const closers = pieces.map((one) => (one.startsWith('{% if') ? '{% endif %}' : one.startsWith('{% for') ? '{% endfor %}' : ''));
      const template = pieces.join('') + closers.reverse().join('');
      const lines = template.split('\n');
      const { text, map } = renderNow(parse(template), hostOf());
      for (let offset = 0; offset < text.length; offset++) {
        const { line, column } = map.locate(offset);
        const there = `${lines[line - 1]}\n`[column - 1];
        assert.is(there, text[offset], `offset ${offset} of ${JSON.stringify(template)}`);
      }
    }),
    { numRuns: 400 },
  );
});

test.run();
