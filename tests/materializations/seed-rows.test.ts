// A seed's rows and types are those of a naive reading, however the file is written; what needs no other writing is not touched.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DwhError } from '../../src/core/problem.ts';
import { type SeedRows, seedRows } from '../../src/materializations/index.ts';
import { csvRows } from '../loading/support.ts';

const test = suite('materializations: seed rows');

const read = (file: string | Buffer, delimiter = ',', columnTypes: Readonly<Record<string, string>> = {}): SeedRows =>
  seedRows(Buffer.from(file), {
    file: 'seeds/rates.csv',
    delimiter,
    columnTypes: new Map(Object.entries(columnTypes)),
    columnType: (written) => written,
    columnName: (name) => name,
  });

async function bytesOf(rows: SeedRows): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of rows.bytes()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const words: Readonly<Record<string, readonly string[]>> = {
  integer: ['0', '-0', '7', '-12', '123456789', '+3', '2147483647', '-2147483648'],
  bigint: ['2147483648', '-9007199254740993', '123456789012345678', '9223372036854775807', '-9223372036854775808'],
  'double precision': ['0.5', '-1.25', '1e3', '.5', '2.', '9223372036854775808', '12345.678901234567', '-1E-5'],
  date: ['2024-02-29', '1999-12-31', '0000-01-01', '2024-2-9'],
  timestamp: [
    '2024-02-29 10:11:12',
    '1999-12-31T00:00',
    '2020-01-01 23:59:59.123456789',
    '2020-01-01 00:00:00.5',
    '2020-02-04 0:40:51',
    '2024-2-9 1:2:3',
    '2024-01-01T12:00:00.00000Z',
    '2024-01-01T12:00:00+00:00',
    '2024-01-01T12:00:00-0000',
  ],
  boolean: ['true', 'false', 'TRUE', 'False'],
  text: [
    '007',
    '-01.5',
    '2023-02-29',
    '2024-02-30 10:00:00',
    '2024-13-1',
    '2024-01-01T24:00:00',
    '2024-01-01 10:60:00',
    '2024-01-01T12:00:00+02:00',
    '2024-01-01 12:00:00Z',
    '2024-1-1T1:00:00',
    '2024-01-01T12:00Z',
    '1.2.3',
    'yes',
    'a',
    'nul',
    ' ',
    '-',
    'a,b',
    'say "so"',
    'two\nlines',
    'grün\r\n',
    '\\.',
  ],
};
const typeOf = new Map(Object.entries(words).flatMap(([type, texts]) => texts.map((text): [string, string] => [text, type])));
const ladders = [['integer', 'bigint', 'double precision'], ['date', 'timestamp'], ['boolean']];

/** The lowest rung of the one ladder that all values stand on. */
function naiveType(values: readonly string[]): string {
  const types = new Set(values.map((value) => typeOf.get(value)));
  const ladder = ladders.find((rungs) => [...types].every((type) => rungs.includes(type ?? '')));
  return ladder?.findLast((rung) => types.has(rung)) ?? ladder?.[0] ?? 'text';
}

const value = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...Object.keys(words)).chain((type) => fc.constantFrom(...(words[type] ?? []))) },
  { weight: 1, arbitrary: fc.constantFrom(null, 'null', 'NULL', 'Null') },
);
const column = fc.oneof(
  value.map((one) => [one]),
  ...Object.values(words).map((texts) =>
    fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...texts) }, { weight: 1, arbitrary: fc.constantFrom(null, 'null') }), {
      minLength: 1,
      maxLength: 7,
    }),
  ),
  fc.array(value, { minLength: 1, maxLength: 7 }),
);

test('types and rows are those of a naive reading, with any delimiter, quotes and line ends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(column, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 8 }),
      fc.record({
        delimiter: fc.constantFrom(',', ',', ';', '\t', '||'),
        end: fc.constantFrom('\n', '\n', '\r\n', '\r'),
        quoting: fc.constantFrom('where needed', 'all', 'by turns'),
        mark: fc.boolean(),
        lastEnd: fc.boolean(),
        blankLines: fc.boolean(),
      }),
      async (given, rowCount, { delimiter, end, quoting, mark, lastEnd, blankLines }) => {
        const rows = Array.from({ length: rowCount }, (_, row) => given.map((cells) => cells[row % cells.length] ?? null));
        // A line that has nothing on it is no row.
        const one = given.length === 1;
        const field = (text: string | null, at: number): string =>
          quoting === 'all' ||
          (quoting === 'by turns' && at % 2 === 0) ||
          (one && text === null) ||
          /["\r\n]/.test(text ?? '') ||
          text?.includes(delimiter[0] ?? '')
            ? `"${(text ?? '').replaceAll('"', '""')}"`
            : (text ?? '');
        const names = given.map((_, index) => `column ${index}`);
        const lines = [names, ...rows].map((row, line) => row.map((cell, at) => field(cell, line + at)).join(delimiter));
        const file = `${mark ? '\ufeff' : ''}${lines.join(blankLines ? end + end : end)}${lastEnd ? end : ''}`;
        const seed = read(file, delimiter);
        const isNull = (cell: string | null): boolean => cell === null || cell.toLowerCase() === 'null';
        assert.equal(
          seed.columns,
          names.map((name, index) => {
            const values = rows.map((row) => row[index] ?? null).filter((cell): cell is string => !isNull(cell));
            return { name, type: values.length === 0 ? 'integer' : naiveType(values) };
          }),
        );
        assert.is(seed.rowCount, rowCount);
        assert.equal(
          csvRows(await bytesOf(seed)),
          rows.map((row) => row.map((cell) => (isNull(cell) ? null : cell))),
        );
      },
    ),
    { numRuns: 600 },
  );
});

test('rows that are what COPY takes are not written anew, others between them are', async () => {
  const plain = '1,"a ""b"""\n2,\n';
  assert.is(await bytesOf(read(`id,name\n${plain}3,null\n${plain}\n4,""\n5,x`)), `${plain}"3",\n${plain}"4",\n"5","x"\n`);
});

test('a large file comes in pieces, in order, whatever has to be written anew in it', async () => {
  const rows = Array.from({ length: 150_000 }, (_, id) => `${id},${id % 60_000 === 7 ? 'NULL' : `some text of row ${id}`}`);
  const seed = read(`id,name\n${rows.join('\n')}\n`);
  let chunks = 0;
  for await (const chunk of seed.bytes()) chunks += chunk.length > 0 ? 1 : 0;
  assert.ok(chunks > 2, String(chunks));
  assert.equal(
    csvRows(await bytesOf(seed)),
    rows.map((row) => row.split(',').map((cell) => (cell === 'NULL' ? null : cell))),
  );
});

test('a column whose type is given is not looked at', () => {
  assert.equal(read('a,B\n1,2\nx,y\n', ',', { a: 'varchar(3)', b: 'integer' }).columns, [
    { name: 'a', type: 'varchar(3)' },
    { name: 'B', type: 'integer' },
  ]);
});

test('bytes that are not UTF-8 are shown as such', async () => {
  assert.is(await bytesOf(read(Buffer.from('a\ngr\xfcn\n', 'latin1'))), '"gr\ufffdn"\n');
});

test('a quote within a value that has none around it is a character', async () => {
  assert.is(await bytesOf(read('a,b\n1,x"y\n')), '"1","x""y"\n');
});

test('what csv-parse refuses is refused in its words', () => {
  for (const [file, message] of [
    ['a,b\n1,2\n3\n', /Invalid Record Length.* line 3/],
    ['a,b\n1,"x"y\n', /Invalid Closing Quote/],
    ['a,b\n1,"x\n', /Quote Not Closed/],
  ] as const) {
    let thrown: unknown;
    try {
      read(file);
    } catch (error) {
      thrown = error;
    }
    assert.instance(thrown, DwhError);
    assert.match(String(thrown), message);
  }
});

test.run();
