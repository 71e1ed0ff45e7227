// The patterns that let a line pass without being parsed take nothing that the parser and the test of parsed values refuse.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { columnType } from '../../src/loading/column-types.ts';
import { JsonParser, kinds } from '../../src/loading/json-parser.ts';
import { anyScalar, forms, provableForm, provablePattern } from '../../src/loading/provable.ts';
import { looseString, numberToken, stringToken } from './awkward-files.ts';

const test = suite('loading: provable values');

const types = [
  ...[
    'varchar(1)',
    'varchar(3)',
    'varchar(8)',
    'varchar(19)',
    'varchar(40)',
    'varchar',
    'tinyint',
    'smallint',
    'integer',
    'bigint',
    'hugeint',
  ],
  ...['double precision', 'real', 'decimal(4,2)', 'decimal(9,3)', 'decimal(18,0)', 'decimal(3,3)', 'decimal(38,10)', 'decimal', 'boolean'],
  ...['date', 'time', 'timestamp', 'timestamp with time zone', 'json'],
];

/** What the parser and `provableForm` say of one token, which stands in Latin-1, a character a byte. */
function formOf(token: string, type: string): number | undefined {
  const bytes = Buffer.from(`{"x":${token}}\0`, 'latin1');
  const parser = new JsonParser([{ name: 'x', type, path: ['x'] }], false);
  parser.look(bytes);
  if (parser.parse(0) !== bytes.length - 1 || parser.fault !== undefined) return undefined;
  const kind = parser.kind[0] ?? kinds.missing;
  const parsed = columnType(type);
  return parsed && provableForm(parsed, kind, parser.text(kind, parser.start[0] ?? 0, parser.end[0] ?? 0));
}

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);

for (const type of types) {
  for (const [name, form] of Object.entries(forms)) {
    const parsed = columnType(type);
    const pattern = parsed && form !== forms.none ? provablePattern(parsed, form) : undefined;
    if (pattern === undefined) continue;

    test(`${type} as ${name}: what the pattern takes is provable`, () => {
      const isText = parsed?.kind === 'text' && form === forms.string;
      // Patterns of text look ahead, from which no generator can be made.
      const likely = isText ? looseString : fc.stringMatching(whole(pattern));
      const regex = whole(pattern);
      let taken = 0;
      fc.assert(
        fc.property(
          fc.oneof({ weight: 8, arbitrary: likely }, { weight: 1, arbitrary: numberToken }, { weight: 1, arbitrary: stringToken }),
          (token) => {
            if (!regex.test(token)) return;
            taken++;
            const found = formOf(token, type);
            assert.ok(found === form || token === 'null', `${JSON.stringify(token)} is taken, and is ${found}`);
          },
        ),
        { numRuns: isText ? 2000 : 400 },
      );
      assert.ok(taken > 100, `the pattern took only ${taken}`);
    });
  }
}

test('for a key that no column wants, the pattern takes only well-formed scalars', () => {
  const regex = whole(anyScalar);
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(looseString, numberToken, stringToken), (token) => {
      if (!regex.test(token)) return;
      taken++;
      const bytes = Buffer.from(`{"x":${token}}\0`, 'latin1');
      const parser = new JsonParser([], false);
      parser.look(bytes);
      assert.is(parser.parse(0), bytes.length - 1);
      assert.is(parser.fault, undefined);
    }),
    { numRuns: 2000 },
  );
  assert.ok(taken > 500);
});

test('common values have a pattern that takes them', () => {
  const common: readonly (readonly [string, number, string])[] = [
    ['varchar(256)', forms.string, '"\\"Mozilla\\/5.0 (X11; Linux x86_64)\\""'],
    ['varchar(256)', forms.string, '"Bj\\u00f6rk"'],
    ['varchar(256)', forms.integer, '112'],
    ['bigint', forms.integer, '1541105830796'],
    ['bigint', forms.decimal, '1541077528796.0'],
    ['integer', forms.string, '"39"'],
    ['integer', forms.string, '""'],
    ['double precision', forms.decimal, '166.94812'],
    ['double precision', forms.decimal, '-118.24368'],
    ['decimal(18,2)', forms.decimal, '-1234.50'],
    ['date', forms.string, '"2018-11-28"'],
    ['timestamp', forms.string, '"2018-11-01T20:57:10.796Z"'],
    ['boolean', forms.word, 'false'],
  ];
  for (const [type, form, token] of common) {
    const parsed = columnType(type);
    const pattern = parsed && provablePattern(parsed, form);
    assert.ok(pattern && whole(pattern).test(token), `${token} for ${type}`);
  }
});

test.run();
