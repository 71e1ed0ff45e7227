// What goes over as bytes is what convert would have written, or another spelling of the same value.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { columnType } from '../../src/loading/column-types.ts';
import { convert } from '../../src/loading/convert.ts';
import { isPlain } from '../../src/loading/plain-values.ts';

const test = suite('loading: plain values');

function plain(type: string, text: string): boolean {
  const parsed = columnType(type);
  if (!parsed) throw new Error(type);
  // Bytes around the value that would make another one of it.
  const bytes = Buffer.from(`1${text}1`);
  const isSo = isPlain(parsed, bytes, 1, bytes.length - 1);
  if (isSo) assert.is(spelling(type, text), spelling(type, String(convert(parsed, 'string', text, false))), `${type}: '${text}'`);
  return isSo;
}

/** Zeros behind a point say nothing, nor does the sign of a zero that is no double. */
function spelling(type: string, text: string): string {
  if (type.startsWith('double')) return Object.is(Number(text), -0) ? '-0' : String(Number(text));
  if (/^(varchar|boolean|date|json)/.test(type)) return text;
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return short === '-0' ? '0' : short;
}

test('every day of the calendar, and none beside it', () => {
  for (const year of ['0000', '0001', '1900', '2000', '2023', '2024', '9999']) {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const isDay = year !== '0000' && new Date(`${text}T00:00Z`).toJSON()?.slice(0, 10) === text;
        assert.is(plain('date', text), isDay, text);
        assert.is(plain('timestamp', `${text} 10:11:12`), isDay, text);
      }
    }
  }
});

const types = [
  ...['smallint', 'integer', 'bigint', 'hugeint', 'double precision', 'real', 'decimal(5,2)', 'decimal(3,3)', 'decimal(9,0)', 'decimal'],
  ...['boolean', 'date', 'time', 'timestamp', 'timestamptz', 'json', 'varchar(3)', 'varchar'],
];

test('what is plain is what convert says of it', () => {
  const likely = [
    /^-?[0-9]{1,20}$/,
    /^[-+]?0?[0-9]{0,4}\.?[0-9]{0,4}(e[0-9])?$/,
    /^[0-9]{4}-[01][0-9]-[0-3][0-9]([ T][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{0,7})?Z?)?$/,
    /^[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{0,7})?$/,
    /^(true|false|TRUE|tru|falsey)$/,
    /^[ aé]{0,4}$/,
  ].map((pattern) => fc.stringMatching(pattern));
  const found = new Set<string>();
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.oneof(...likely), (type, text) => {
      if (plain(type, text)) found.add(type);
    }),
    { numRuns: 20_000 },
  );
  const never = ['real', 'decimal(3,3)', 'decimal', 'timestamptz', 'json'];
  assert.equal(
    types.filter((type) => !found.has(type)),
    never,
  );
});

test('usual values are plain, and those that need a second look are not', () => {
  const usual: Readonly<Record<string, string>> = {
    smallint: '9999',
    integer: '-12345678',
    bigint: '123456789012345678',
    'double precision': '-0.25',
    'decimal(5,2)': '999.99',
    boolean: 'true',
    time: '23:59:59.123456',
    timestamp: '2024-02-29 23:59:59.5',
    'varchar(3)': 'aé',
  };
  for (const [type, text] of Object.entries(usual)) assert.ok(plain(type, text), `${type}: ${text}`);
  const odd: Readonly<Record<string, readonly string[]>> = {
    integer: ['', '-', '007', '1.0', ' 1', '+1', '9999999999'],
    'double precision': ['', '.5', '1.', '1e3', '00.5', '123456789012345678', 'NaN'],
    'decimal(5,2)': ['1000', '1.234', '-', '.'],
    boolean: ['TRUE', 't', 'truth', 'fals'],
    time: ['24:00:00', '10:11', '10:11:12.', '10:11:12.1234567', '10-11-12'],
    timestamp: ['2024-02-29', '2024-02-29T10:11:12', '2024-02-29 10:11', '2024-02-29 10:11:12Z'],
    'varchar(3)': ['aéb'],
  };
  for (const [type, texts] of Object.entries(odd)) for (const text of texts) assert.not(plain(type, text), `${type}: ${text}`);
});

test.run();
