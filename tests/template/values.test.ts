// Values of YAML, plain data in and out, and the functions that the host uses on values.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  compare,
  equals,
  fromTemplate,
  getKey,
  iterate,
  jsonText,
  PyFloat,
  recordToTemplate,
  renderValue,
  repr,
  setKey,
  Tuple,
  text,
  toTemplate,
  truth,
  Undefined,
} from '../../src/template/index.ts';
import type { Dict, HostObject, TemplateValue } from '../../src/template/types.ts';
import { asking, hostFunction, hostOf, problemOf, rendered, shown } from './support.ts';

const test = suite('template: values');

const at = { file: 'models/schema.yml', line: 3, column: 14 };
const valueIn = (yaml: string, names: Record<string, TemplateValue> = {}): TemplateValue =>
  renderValue(yaml, { file: at.file, package: 'shop', at }, hostOf(names));

test('a value without a tag is itself; with one it is rendered to text', () => {
  assert.is(valueIn('plain { text } 100%'), 'plain { text } 100%');
  assert.is(valueIn('a\r\nb'), 'a\r\nb');
  assert.is(valueIn('{{ target }}_x', { target: 'dev' }), 'dev_x');
  assert.is(valueIn('{{ 1 + 1 }}'), '2');
  assert.is(valueIn('{{ true }}'), 'True');
  assert.is(valueIn('{{ none }}'), 'None');
  assert.is(valueIn('{% if true %}yes{% endif %}'), 'yes');
  assert.is(valueIn('{# gone #}'), '');
});

test('the last filter of a value that is one expression says its kind', () => {
  assert.is(valueIn("{{ 'true' | as_bool }}"), true);
  assert.is(valueIn("{{ 'False' | as_bool }}"), false);
  assert.is(valueIn("{{ (target == 'prod') | as_bool }}", { target: 'prod' }), true);
  assert.is(valueIn("{{ '12' | as_number }}"), 12);
  assert.equal(valueIn("{{ '1.50' | as_number }}"), new PyFloat(1.5));
  assert.is(valueIn('{{ 7 | as_number }}'), 7);
  assert.equal(valueIn('{{ "[1, \'a\', (2.5, none)]" | as_native }}'), [1, 'a', Tuple.from([new PyFloat(2.5), null])]);
  assert.equal(fromTemplate(valueIn('{{ "{\'a\': -1}" | as_native }}')), { a: -1 });
  assert.is(valueIn("{{ 'select 1' | as_native }}"), 'select 1');
  assert.is(valueIn("{{ 'None' | as_native }}"), null);
  assert.is(valueIn('{{ none | as_native }}'), null);
  assert.is(valueIn('{{ 12 | as_text }}'), '12');
  assert.is(valueIn("x{{ 'true' | as_bool }}"), 'xtrue');
  assert.is(valueIn("{{ '12' | as_number | string }}"), '12');
  assert.is(rendered("{{ '12' | as_number }} {{ 'x' | as_bool }} {{ [1] | as_native }}"), '12 x [1]');
});

test('a list or a dict stays one', () => {
  assert.equal(fromTemplate(valueIn('{{ days }}', { days: toTemplate(['mon', { n: 1.5 }]) })), ['mon', { n: 1.5 }]);
  assert.equal(fromTemplate(valueIn("{{ {'a': [1]} }}")), { a: [1] });
  assert.is(valueIn('{{ days }} ', { days: toTemplate([1]) }), '[1] ');
});

test('what a name says keeps its kind, as in dbt: only what the braces spell out is text', () => {
  const names = { n: 5, yes: true, nothing: null, half: new PyFloat(0.5), word: '5' };
  assert.is(valueIn('{{ n }}', names), 5);
  assert.is(valueIn('{{ yes }}', names), true);
  assert.is(valueIn('{{ nothing }}', names), null);
  assert.equal(valueIn('{{ half }}', names), new PyFloat(0.5));
  assert.is(valueIn('{{ n + 1 }}', names), 6);
  assert.is(valueIn("{{ n not in [1, 2] and 'a' != word }}", names), true);
  assert.is(valueIn('{{ -n if yes else 0 }}', names), -5);
  assert.is(valueIn('{{ f() }}', { f: hostFunction('f', () => 7) }), 7);
  assert.is(valueIn('{{ word }}', names), '5');
  assert.is(valueIn('{{ n | string }}', names), '5');
  assert.is(valueIn('{{ n | as_text }}', names), '5');
  assert.is(valueIn('{{ n }}0', names), '50');
  assert.is(valueIn("{{ 5 if 'a' in 'ab' and not false else -1 }}", names), '5');
  assert.is(valueIn("{{ ['a', 'b'] | length }}", names), '2');
  // The filter is of the text alone.
  assert.is(valueIn("{{ target == 'dev' | as_bool }}", { target: 'dev' }), true);
});

test('what cannot be made of it is an error at its place', () => {
  assert.is(
    shown(problemOf(() => valueIn("{{ 'maybe' | as_bool }}"))),
    "3:27 template-value as_bool needs true or false, and got 'maybe' (str)",
  );
  assert.is(problemOf(() => valueIn("{{ 'x' | as_number }}")).code, 'template-value');
  assert.is(shown(problemOf(() => valueIn('{{ nope }}'))), "3:17 undefined-name 'nope' is undefined");
  assert.is(problemOf(() => valueIn('{{ q() }}', { q: asking('q') })).code, 'template-ask');
  assert.is(problemOf(() => valueIn('{{ f() }}', { f: hostFunction('f', () => new Undefined('x')) })).code, 'undefined-name');
});

test('plain data comes back as it went in', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (plain) => {
      assert.equal(fromTemplate(toTemplate(plain)), JSON.parse(JSON.stringify(plain)));
    }),
    { numRuns: 300 },
  );
});

test('what a record does not have prints nothing, at any depth; a list in it is a list like others', () => {
  const names = { node: recordToTemplate({ name: 'orders', config: { tags: ['a'], meta: {} }, group: null }) };
  assert.is(
    rendered("{{ node.access }}|{{ node['alias'] ~ '.' }}|{{ node.config.zone }}|{{ node.config.meta.owner | length }}", names),
    '|.||0',
  );
  assert.is(rendered('{% for one in node.config.meta.owners %}x{% endfor %}{{ node.group }}{{ node.config.tags }}', names), "None['a']");
  assert.is(
    rendered('{{ node.access is defined }}{{ node.access | default("none") }}{{ node.access == "public" }}', names),
    'FalsenoneFalse',
  );
  assert.is(rendered("{{ [node] | map(attribute='access') | join('-') }}{{ node.get('access') }}", names), 'None');
  assert.is(shown(problemOf(() => rendered('{{ node.group.owner }}', names))), "1:15 undefined-name None has no member 'owner'");
  assert.is(problemOf(() => rendered('{{ node.access.level }}', names)).code, 'undefined-name');
  assert.is(problemOf(() => rendered('{{ node.config.tags[3] }}', names)).code, 'undefined-name');
  assert.is(problemOf(() => rendered('{{ copied.access }}', { copied: toTemplate({ name: 'orders' }) })).code, 'undefined-name');
});

test('kinds of plain data', () => {
  assert.is(toTemplate(undefined), null);
  assert.equal(toTemplate(1.5), new PyFloat(1.5));
  assert.is(text(toTemplate(1e21)), '1e+21');
  assert.is(toTemplate(5n), 5);
  assert.is(toTemplate(2n ** 60n), 2n ** 60n);
  assert.is(text(toTemplate(2 ** 60)), '1152921504606846976');
  assert.is(toTemplate(new Date(0)), '1970-01-01T00:00:00.000Z');
  assert.equal(fromTemplate(toTemplate(new Map<unknown, unknown>([[1, 'a']]))), { 1: 'a' });
  assert.is(problemOf(() => toTemplate(() => 1)).code, 'template-type');
  assert.is(problemOf(() => fromTemplate(hostFunction('f', () => 1))).code, 'template-type');
  assert.is(problemOf(() => fromTemplate([new Undefined('x')])).code, 'undefined-name');
  const relation: HostObject = { kind: 'host', typeName: 'relation', get: () => undefined, names: () => [], toText: () => '"s"."t"' };
  assert.is(fromTemplate(relation), '"s"."t"');
  assert.is(toTemplate(relation), relation);
  const views = renderedValue("{{ return([{'a': 1}.items() , range(2), {'a': 1}.keys()]) }}");
  assert.equal(fromTemplate(views), [[['a', 1]], [0, 1], ['a']]);
});

/** What a macro of that body returns. */
function renderedValue(body: string): TemplateValue {
  let value: TemplateValue = null;
  const keep = hostFunction('keep', ([given]) => {
    value = given ?? null;
    return '';
  });
  rendered(`{% macro m() %}${body}{% endmacro %}{{ keep(m()) }}`, { keep });
  return value;
}

test('one idea of equal keys: 1, 1.0 and true', () => {
  const dict: Dict = new Map();
  setKey(dict, 1, 'a');
  setKey(dict, new PyFloat(1), 'b');
  setKey(dict, true, 'c');
  setKey(dict, Tuple.from([1, 'x']), 't');
  assert.equal([...dict.keys()].length, 2);
  assert.is(getKey(dict, new PyFloat(1)), 'c');
  assert.is(getKey(dict, Tuple.from([true, 'x'])), 't');
  assert.is(getKey(dict, '1'), undefined);
  assert.is(problemOf(() => setKey(dict, [1], 1)).code, 'template-type');
});

test('order is total on numbers and texts, and equality goes with it', () => {
  const value = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true }).map((number) => new PyFloat(number)),
    fc.bigInt().map((whole) => toTemplate(whole)),
  );
  fc.assert(
    fc.property(value, value, value, (a, b, c) => {
      assert.is(Math.sign(compare(a, b)), 0 - Math.sign(compare(b, a)));
      assert.is(equals(a, b), compare(a, b) === 0);
      if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0);
    }),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      const points = (text: string): number[] => Array.from(text, (char) => char.codePointAt(0) ?? 0);
      const [x, y] = [points(a), points(b)];
      const at = x.findIndex((point, index) => point !== y[index]);
      const wanted = at < 0 ? x.length - y.length : (x[at] ?? 0) - (y[at] ?? -1);
      assert.is(Math.sign(compare(a, b)), Math.sign(wanted));
    }),
    { numRuns: 300 },
  );
});

test('jsonText reads back, and is ASCII', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (plain) => {
      const json = jsonText(toTemplate(plain), { sortKeys: false });
      assert.equal(JSON.parse(json), JSON.parse(JSON.stringify(plain)));
      assert.ok(/^[\n -~\x7f]*$/.test(json), json);
      assert.equal(JSON.parse(jsonText(toTemplate(plain), { sortKeys: false, indent: 2 })), JSON.parse(JSON.stringify(plain)));
    }),
    { numRuns: 300 },
  );
});

test('host objects are what they say: text, truth, length, items, equality, call', () => {
  const box: HostObject = {
    kind: 'host',
    typeName: 'box',
    get: (name) => (name === 'size' ? 2 : undefined),
    names: () => ['size'],
    items: () => ['a', 'b'],
    length: () => 2,
    item: (key) => (key === 0 ? 'a' : undefined),
    truth: () => false,
    equals: (other) => other === 'box',
    toText: () => 'the box',
    call: (args) => `called with ${args.length}`,
  };
  const names = { box, bare: { kind: 'host', typeName: 'bare', get: () => undefined, names: () => [] } satisfies HostObject };
  assert.is(
    rendered(
      "{{ box }}|{{ box ~ '' }}|{{ [box] }}|{{ box | length }}|{{ box | join('-') }}|{{ box[0] }}|{{ box.size }}|{{ box['size'] }}",
      names,
    ),
    'the box|the box|[the box]|2|a-b|a|2|2',
  );
  assert.is(
    rendered(
      "{{ 'T' if box else 'F' }}{{ box == 'box' }}{{ 'box' == box }}{{ box == 'x' }}{{ box(1, 2) }}{{ box is callable }}{{ 'a' in box }}",
      names,
    ),
    'FTrueTrueFalsecalled with 2TrueTrue',
  );
  assert.is(
    rendered("{{ bare }}{{ 'T' if bare }}{{ bare is iterable }}{{ bare is callable }}{{ bare.x is defined }}", names),
    '<bare>TFalseFalseFalse',
  );
  assert.is(problemOf(() => rendered('{{ bare() }}', names)).message, 'this bare cannot be called');
  assert.is(problemOf(() => rendered('{{ box.sise }}', names)).hint, "Did you mean 'size'?");
  assert.equal([...(iterate(box) ?? [])], ['a', 'b']);
  assert.is(iterate(5), undefined);
  assert.equal([truth(box), truth(names.bare), repr(box)], [false, true, 'the box']);
});

test.run();
