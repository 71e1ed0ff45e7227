import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isMapping } from '../../src/core/config-reader.ts';
import type { Problem } from '../../src/core/problem.ts';
import { readYaml } from '../../src/project/yaml.ts';
import { throws } from '../support/rejects.ts';

const test = suite('project: yaml');

const meaning = (written: string): unknown => {
  const { value } = readYaml(`a: ${written}`, 'a.yml');
  return isMapping(value) ? value.a : undefined;
};

test('plain values mean what PyYAML makes of them', () => {
  // Right-hand sides are what PyYAML 6 answers; dates stay text.
  const cases: readonly (readonly [string, unknown])[] = [
    ...['yes', 'Yes', 'YES', 'on', 'On', 'true', 'True'].map((word) => [word, true] as const),
    ...['no', 'off', 'Off', 'false', 'FALSE'].map((word) => [word, false] as const),
    ...['yEs', 'y', 'n', 'Y', 'N', 'tRue', '08', '0o14', '1e3', '1.5e3', '_1', '0b', 'v1', '1.2.3'].map((word) => [word, word] as const),
    ...['null', 'Null', '~', ''].map((word) => [word, null] as const),
    ['012', 10],
    ['0x1F', 31],
    ['0b11', 3],
    ['1_000', 1000],
    ['+1', 1],
    ['-0', 0],
    ['1.5e+3', 1500],
    ['.5', 0.5],
    ['12:30:00', 45000],
    ['2024-01-01', '2024-01-01'],
    ['2024-01-01 10:00:00', '2024-01-01 10:00:00'],
    ['9007199254740993', '9007199254740993'],
  ];
  for (const [written, expected] of cases) assert.is(meaning(written), expected, `a: ${written}`);
});

test('a mapping is merged with <<, and its own keys win', () => {
  const { value } = readYaml('base: &base {x: 1, y: 2}\na:\n  <<: *base\n  y: 3\nb:\n  y: 4\n  <<: [*base, {z: 5}]\n', 'a.yml');
  assert.equal(value, { base: { x: 1, y: 2 }, a: { x: 1, y: 3 }, b: { x: 1, y: 4, z: 5 } });
});

test('nothing but comments is no value', () => {
  assert.is(readYaml('', 'a.yml').value, undefined);
  assert.is(readYaml('# later\n', 'a.yml').value, undefined);
});

test('a key like __proto__ is a key', () => {
  const { value } = readYaml('__proto__: {polluted: true}\n', 'a.yml');
  assert.equal(Object.keys(value as object), ['__proto__']);
  assert.is(({} as { polluted?: boolean }).polluted, undefined);
});

test('every value knows its place', () => {
  const yaml = readYaml('models:\n  - name: orders\n    columns:\n      - {name: id, tests: [unique, not_null]}\n', 'm.yml');
  assert.equal(yaml.locate(['models', 0, 'name']), { file: 'm.yml', line: 2, column: 5 });
  assert.equal(yaml.locateValue(['models', 0, 'name']), { file: 'm.yml', line: 2, column: 11 });
  assert.equal(yaml.locate(['models', 0, 'columns', 0, 'tests', 1]), { file: 'm.yml', line: 4, column: 36 });
  assert.equal(yaml.locate(['models', 0, 'columns', 0, 'description']), { file: 'm.yml', line: 4, column: 9 }, 'of the nearest parent');
  assert.is(yaml.written(['models', 0, 'name']), 'orders');
});

test('places are found through aliases and merges', () => {
  const yaml = readYaml('base: &base {x: 1}\na: *base\nb:\n  <<: *base\n  y: 2\n', 'm.yml');
  assert.equal(yaml.locateValue(['a', 'x']), { file: 'm.yml', line: 1, column: 17 });
  assert.equal(yaml.locateValue(['b', 'x']), { file: 'm.yml', line: 1, column: 17 });
  assert.equal(yaml.locateValue(['b', 'y']), { file: 'm.yml', line: 5, column: 6 });
});

test('a tab in the indentation is named as what it is', () => {
  throws(() => readYaml('models:\n\t- name: a\n', 'm.yml'), { code: 'yaml-tab', message: 'line 2', at: 'm.yml:2:1' });
  throws(() => readYaml('models:\n  - name: a\n  \tdescription: b\n', 'm.yml'), { code: 'yaml-tab', message: 'line 3' });
});

test('unquoted Jinja is answered with the quotes it needs', () => {
  const hint = `Quote your Jinja: "{{ var('x') }}"`;
  throws(() => readYaml(`a: {{ var('x') }}\n`, 'm.yml'), { code: 'yaml-jinja-quotes', at: 'm.yml:1:4', hint });
  throws(() => readYaml(`a:\n  - b\n  - {{ var('x') }}\n`, 'm.yml'), { code: 'yaml-jinja-quotes', at: 'm.yml:3:5', hint });
  throws(() => readYaml(`models:\n  - name: a\n    schema: {{ var('x') }}\n    more: 1\n`, 'm.yml'), {
    code: 'yaml-jinja-quotes',
    at: 'm.yml:3:13',
    hint,
  });
  throws(() => readYaml(`a: {{ x }} and more\n`, 'm.yml'), { code: 'yaml-jinja-quotes', at: 'm.yml:1:4' });
  throws(() => readYaml(`a: {% if x %}b{% endif %}\n`, 'm.yml'), { code: 'yaml-jinja-quotes', at: 'm.yml:1:4' });
});

test('a key that stands twice is an error with both places', () => {
  throws(() => readYaml('a: 1\nb: 2\na: 3\n', 'm.yml'), {
    code: 'yaml-duplicate-key',
    message: /'a'.*first on line 1, again on line 3/,
    at: 'm.yml:3:1',
  });
  throws(() => readYaml('x:\n  - {a: 1, b: {a: 2}}\n  - "c": 1\n    d: 2\n    c: 3\n', 'm.yml'), {
    code: 'yaml-duplicate-key',
    message: /'c'.*first on line 3, again on line 5/,
  });
});

test('where there is a place for warnings, a key that stands twice is one, and the last one counts', () => {
  const problems: Problem[] = [];
  const { value, locate } = readYaml('x:\n  - {a: 1, b: {a: 2}}\n  - "c": 1\n    d: 2\n    c: 3\nx: {c: 4}\n', 'm.yml', problems);
  assert.equal(value, { x: { c: 4 } });
  assert.equal(locate(['x', 'c']), { file: 'm.yml', line: 6, column: 5 });
  assert.equal(
    problems.map(({ code, severity, at }) => [code, severity, at?.line]),
    [
      ['yaml-duplicate-key', 'warning', 5],
      ['yaml-duplicate-key', 'warning', 6],
    ],
  );
  const merged: Problem[] = [];
  readYaml('a: &a {x: 1}\nb: &b {x: 2}\nc: {<<: *a, x: 3}\n', 'm.yml', merged);
  assert.equal(merged, []);
});

test('lines within brackets and quotes may stand anywhere, and places are those of the text as it is written', () => {
  const text = [
    'paths: [',
    "  'a',",
    'b,',
    ']',
    'deep:',
    '  - name: one',
    '    tests: [',
    '      unique,',
    '      {accepted: {values: [1,',
    ' 2]}}',
    '    ]',
    '    text: "two',
    '  words"',
    '    block: |',
    '      ]',
    '      [x',
  ];
  const { value, locate } = readYaml(`${text.join('\n')}\nlast: {\n}\n`, 'm.yml');
  assert.equal(value, {
    paths: ['a', 'b'],
    deep: [{ name: 'one', tests: ['unique', { accepted: { values: [1, 2] } }], text: 'two words', block: ']\n[x\n' }],
    last: {},
  });
  assert.equal(locate(['paths', 1]), { file: 'm.yml', line: 3, column: 1 });
  assert.equal(locate(['deep', 0, 'tests', 1, 'accepted', 'values', 1]), { file: 'm.yml', line: 10, column: 2 });
  assert.equal(locate(['last']), { file: 'm.yml', line: 17, column: 1 });
  // What never ends is told of at the place where it was noticed.
  throws(() => readYaml('a: [1,\nb: 2\n', 'm.yml'), { code: 'yaml-syntax', at: 'm.yml:2:1' });
  throws(() => readYaml(`a: "b\n${'c: d\n'.repeat(300)}`, 'm.yml'), { code: 'yaml-syntax', at: 'm.yml:2:1' });
});

test('other mistakes say where', () => {
  throws(() => readYaml('a: b: c\n', 'm.yml'), { code: 'yaml-syntax', at: 'm.yml:1:5' });
  throws(() => readYaml('a: "b\n', 'm.yml'), { code: 'yaml-syntax' });
  throws(() => readYaml('a: 1\n---\na: 2\n', 'm.yml'), { code: 'yaml-syntax', message: 'several YAML documents' });
});

test.run();
