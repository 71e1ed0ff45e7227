import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readIni } from '../../../src/cli/init/ini.ts';

const test = suite('cli: ini files');

const values = (text: string): readonly (readonly [string, string, string])[] =>
  readIni(text).entries.map(({ section, key, value }) => [section, key, value]);
const mistakes = (text: string): readonly string[] => readIni(text).mistakes.map(({ line, message }) => `${line}: ${message}`);

const one: readonly (readonly [written: string, value: string])[] = [
  ['HOST=db', 'db'],
  ['HOST = db', 'db'],
  ['\tHOST\t=\tdb\t', 'db'],
  ['HOST: db', 'db'],
  ["HOST='db'", 'db'],
  ['HOST="db"', 'db'],
  ["HOST=' db '", 'db'],
  ['HOST=', ''],
  ["HOST=''", ''],
  ['HOST = # not yet', ''],
  ['HOST=db # the first', 'db'],
  ["HOST='db' ; the first", 'db'],
  ["HOST='a # b'", 'a # b'],
  ['HOST=a#b', 'a#b'],
  ['HOST=a=b:c', 'a=b:c'],
  ["HOST='it\"s'", 'it"s'],
  ['HOST=a b', 'a b'],
];
for (const [written, value] of one) {
  test(`${JSON.stringify(written)} is ${JSON.stringify(value)}`, () => {
    assert.equal(values(`[CLUSTER]\n${written}\n`), [['CLUSTER', written.trim().replace(/\s*[=:].*$/, ''), value]]);
  });
}

test('lines end with LF, CRLF or CR, a byte-order mark is none of the text, and the last line needs no end', () => {
  const wanted = [
    ['A', 'x', '1'],
    ['B', 'y', '2'],
  ];
  for (const end of ['\n', '\r\n', '\r'])
    for (const mark of ['', '\uFEFF']) {
      assert.equal(values(mark + ['[A]', 'x=1', '', '[B]', 'y=2'].join(end)), wanted);
      assert.equal(readIni(mark + ['[A]', 'x=1', '[B]', 'y=2'].join(end)).entries[1]?.line, 4);
    }
});

test('whole lines of comment and blank lines are nothing, wherever they begin', () => {
  assert.equal(values('# a\n; b\n\n  # c=d\n[A]\n#x=1\n  ;x=2\nx=3\n'), [['A', 'x', '3']]);
});

test('a value has its line and column', () => {
  assert.equal(
    readIni("[A]\n  x = 'y'\nlonger=z\n").entries.map(({ line, column }) => [line, column]),
    [
      [2, 7],
      [3, 8],
    ],
  );
});

test('what is none of all that is told with its line, and not repeated', () => {
  assert.equal(mistakes('x=1\n[A]\nhunter2\n=3\na b=4\n[\n[]\ny=5\n'), [
    '1: this line stands before the first [SECTION]',
    ...[3, 4, 5, 6, 7].map((line) => `${line}: this line is neither a [SECTION] nor KEY=value nor a comment`),
  ]);
});

test('a quote that does not end', () => {
  assert.equal(
    readIni("[A]\nx='y\ny=\"z'\nz=it's\n").entries.map(({ unclosed }) => unclosed),
    [true, true, undefined],
  );
});

const word = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/);
const value = fc
  .string({ unit: fc.constantFrom(...'abc019 /:=-_%#;[]é'), maxLength: 12 })
  .map((text) => text.trim())
  .filter((text) => !/['"]/.test(text));
const quoted = fc.constantFrom("'", '"', '');
const blank = fc.constantFrom('', ' ', '\t', '  ');
const written = fc.record({ key: word, value, quote: quoted, before: blank, after: blank, comment: fc.constantFrom('', ' # c', ' ; c=d') });

test('property: a value comes back, however it is written', () => {
  fc.assert(
    fc.property(word, fc.array(written, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), (section, entries, end) => {
      const lines = entries.map(({ key, value: text, quote, before, after, comment }) => {
        // Without quotes a comment would begin there.
        const around = quote === '' && /(?:^|\s)[#;]/.test(text) ? "'" : quote;
        return `${key}${before}=${after}${around}${text}${around}${comment}`;
      });
      assert.equal(
        values([`[${section}]`, '# comment', ...lines].join(end)),
        entries.map(({ key, value: text }) => [section, key, text]),
      );
    }),
    { numRuns: 500 },
  );
});

test('property: any text is read, and each line of it is a section, a key, a mistake, a comment or blank', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'[]=:#;\'" \t\r\nabA_é\0'), maxLength: 60 }), (text) => {
      const { entries, sections, mistakes: wrong } = readIni(text);
      const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
      const plain = lines.filter((line) => line.trim() === '' || /^[#;]/.test(line.trim())).length;
      const taken = [...entries, ...sections, ...wrong].map(({ line }) => line);
      assert.is(new Set(taken).size, taken.length);
      assert.is(taken.length + plain, lines.length);
    }),
    { numRuns: 500 },
  );
});

test.run();
