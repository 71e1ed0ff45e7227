// CSV files: the format, the header, NULL, line ends, and what is refused.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { convert, type Refusal } from '../../src/loading/convert.ts';
import { rejects } from '../support/rejects.ts';
import { firstBatch, format, readBytes } from './support.ts';

const test = suite('loading: csv records');

const table = 'id:bigint name:varchar(10) price:decimal(6,2)';
const csv = (columns = table, options: Readonly<Record<string, unknown>> = {}) => format(columns, { format: 'csv', options });

test('a header names the columns, in any order and case; missing ones are NULL, others ignored', async () => {
  const { rows, rejects: refused } = await readBytes('\ufeffPRICE,other,Id\r\n1.5,x,7\r\n2,,8', csv());
  assert.equal(refused, []);
  assert.equal(rows, [
    ['7', null, '1.5'],
    ['8', null, '2'],
  ]);
});

test('a header that names no column is an error, not NULLs', async () => {
  await rejects(readBytes('1,ann,2\n', csv()), { code: 'load-header', hint: 'header: false' });
});

test('without a header, columns come in order; ignoreheader passes lines over', async () => {
  assert.equal((await readBytes('1,ann,2.5\n', csv(table, { header: false }))).rows, [['1', 'ann', '2.5']]);
  assert.equal((await readBytes('some title\nmore\n1,ann,2.5\n', csv(table, { ignoreheader: 2 }))).rows, [['1', 'ann', '2.5']]);
});

test('quoted values may hold delimiters, quotes and line ends; lines are those of the file', async () => {
  const text = 'id,name\n1,"a,""b"""\r\n2,"c\nd"\n3,"e\r\nf"\nx,g\n';
  const { rows, rejects: refused } = await readBytes(text, csv('id:bigint name:varchar'), [5]);
  assert.equal(rows, [
    ['1', 'a,"b"'],
    ['2', 'c\nd'],
    ['3', 'e\r\nf'],
  ]);
  assert.equal(
    refused.map(({ line, column, value, reason, raw }) => [line, column, value, reason, raw]),
    [[7, 'id', 'x', 'not a number', 'x,g']],
  );
});

test('an unquoted empty value is NULL and a quoted one a text; null_as names another', async () => {
  assert.equal((await readBytes('id,name\n,\n"",""\n', csv('id:bigint name:varchar'))).rows, [
    [null, null],
    [null, ''],
  ]);
  assert.equal((await readBytes('id,name\n\\N,\\N\n,"\\N"\n', csv('id:bigint name:varchar', { null_as: '\\N' }))).rows, [
    [null, null],
    [null, '\\N'],
  ]);
});

test('delimiter and quote may be other characters', async () => {
  const { rows } = await readBytes("id\tname\n1\t'a\tb'\n", csv('id:bigint name:varchar', { delimiter: '\\t', quote: "'" }));
  assert.equal(rows, [['1', 'a\tb']]);
});

test('too few or too many values, text behind a quote, bytes that are not UTF-8, and NUL are refused', async () => {
  const text = Buffer.from('id,name\n1\n2,a,b\n3,"a"b\n4,\xff\n5,a\0b\n6,fine\n', 'latin1');
  const { rows, rejects: refused } = await readBytes(text, csv('id:bigint name:varchar'));
  assert.equal(rows, [['6', 'fine']]);
  assert.equal(
    refused.map(({ line, reason }) => [line, reason]),
    [
      [2, '1 values, where 2 are expected'],
      [3, '3 values, where 2 are expected'],
      [4, 'malformed CSV'],
      [5, 'invalid UTF-8'],
      [6, 'a NUL character'],
    ],
  );
});

test('a quote that is never closed costs its line alone', async () => {
  const { rows, rejects: refused } = await readBytes('id,name\n1,"oops\n2,b\n3,c\n', csv('id:bigint name:varchar'), [4]);
  assert.equal(rows, [
    ['2', 'b'],
    ['3', 'c'],
  ]);
  assert.equal(
    refused.map(({ line, reason, raw }) => [line, reason, raw]),
    [[2, 'malformed CSV', '1,"oops']],
  );
});

test('values that do not fit are refused with their column', async () => {
  const { rejects: refused } = await readBytes('id,name,price\n1,a name too long,1\n2,b,12345\n', csv());
  assert.equal(
    refused.map(({ column, value, reason }) => [column, value, reason]),
    [
      ['name', 'a name too long', 'too long for varchar(10)'],
      ['price', '12345', 'out of range for decimal(6,2)'],
    ],
  );
});

test('a json column takes JSON alone', async () => {
  const { rows, rejects: refused } = await readBytes('a\n"{""x"": 1}"\nnope\n', csv('a:json'));
  assert.equal([rows, refused.length], [[['{"x": 1}']], 1]);
});

test('any table written as RFC 4180 has it reads back, wherever the chunks end', async () => {
  const value = fc.oneof(
    fc.constant(null),
    fc
      .array(fc.constantFrom('a', ',', '"', '\n', '\r\n', '\r', ' ', 'é', '😀', "'", '\\', '.'), { maxLength: 6 })
      .map((parts) => parts.join('')),
  );
  const write = (cell: string | null): string =>
    cell === null ? '' : cell === '' || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(value, value, value), { maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }),
      async (rows, end, lastEnd, chunkSizes) => {
        const lines = [['a', 'b', 'c'], ...rows].map((row) => row.map(write).join(','));
        const text = lines.join(end) + (lastEnd ? end : '');
        const read = await readBytes(text, csv('a:varchar b:varchar c:varchar'), chunkSizes);
        assert.equal(read.rejects, []);
        assert.equal(read.rows, rows);
      },
    ),
    { numRuns: 400 },
  );
});

test('rows and rejects are those that convert gives value by value, whatever of a record could go over as it is', async () => {
  const types =
    'smallint integer bigint decimal(5,2) double_precision real boolean date time timestamp timestamptz varchar(4) varchar json';
  const table = types.split(' ').map((type, index) => `c${index}:${type}`);
  const converted = csv(table.join(' ')).types.map((type) => (text: string) => convert(type, 'string', text, false));
  const likely = ['1', '-7', '00', '1.5', '2147483648', '-0', '1e2', 'true', 'False', '2024-02-29', '12:30:00.5', '2024-02-29 12:30:00'];
  const odd = [
    '',
    ' ',
    '2023-02-29',
    '24:00:00',
    '2024-02-29T12:30:00.1234567',
    '1.',
    '.5',
    '99999.99',
    '"a',
    'a"b',
    "'a",
    "a'b",
    'a\rb',
    '\\.',
    'grün',
    '{"a": 1}',
  ];
  const cell = fc.record({
    text: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...likely) }, { weight: 1, arbitrary: fc.constantFrom(...odd) }),
    quoted: fc.boolean(),
  });
  // Each column gets mostly what it can take, so that whole records pass.
  const fitting = (index: number) =>
    fc.oneof(
      { weight: 60, arbitrary: cell.filter(({ text }) => text !== '' && typeof converted[index]?.(text) === 'string') },
      { weight: 10, arbitrary: fc.constant({ text: '', quoted: false }) },
      { weight: 1, arbitrary: cell },
    );
  let wholeRecords = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(...table.map((_, index) => fitting(index))), { minLength: 1, maxLength: 6 }),
      fc.record({
        delimiter: fc.constantFrom(',', ',', ';'),
        quote: fc.constantFrom('"', '"', "'"),
        null_as: fc.constantFrom('', '', '7', '\\N'),
      }),
      fc.record({ end: fc.constantFrom('\n', '\n', '\r\n'), lastEnd: fc.boolean(), turned: fc.boolean() }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
      async (records, options, { end, lastEnd, turned }, chunkSizes) => {
        const { delimiter, quote, null_as } = options;
        const isBare = ({ text, quoted }: { text: string; quoted: boolean }): boolean =>
          !quoted && !text.startsWith(quote) && !text.includes(delimiter);
        const written = (one: { text: string; quoted: boolean }): string =>
          isBare(one) ? one.text : `${quote}${one.text.replaceAll(quote, quote + quote)}${quote}`;
        const rows: (string | null)[][] = [];
        const refusals: unknown[] = [];
        for (const [line, record] of records.entries()) {
          const values = record.map((one, index) => (isBare(one) && one.text === null_as ? null : converted[index]?.(one.text)));
          const at = values.findIndex((value) => typeof value === 'object' && value !== null);
          if (at < 0) rows.push(values.map((value) => (typeof value === 'string' ? value : null)));
          else refusals.push([line + 2, `c${at}`, record[at]?.text, (values[at] as Refusal).reason]);
        }
        wholeRecords += rows.length;
        const lines = [table.map((column) => column.replace(/:.*/, '')), ...records.map((record) => record.map(written))];
        const file = lines.map((fields) => (turned ? [...fields].reverse() : fields).join(delimiter)).join(end) + (lastEnd ? end : '');
        const read = await readBytes(file, csv(table.join(' '), options), chunkSizes);
        assert.equal(
          read.rejects.map(({ line, column, value, reason }) => [line, column, value, reason]),
          refusals,
        );
        // '1.50' and '1.5' are one number: both sides as convert writes it.
        assert.equal(
          read.rows.map((row) => row.map((value, index) => (value === null ? null : converted[index]?.(value)))),
          rows,
        );
      },
    ),
    { numRuns: 1000 },
  );
  assert.ok(wholeRecords > 600, `only ${wholeRecords} records passed`);
});

test('plain records go over byte by byte, and what is written otherwise in between does not stop them', async () => {
  const plain = '1,"a ""b"", c",2.50\n-2,"two\nlines",\n,,\n';
  const { csv: bytes } = await firstBatch(`${plain} 3 ,x,1e1\n${plain}`, csv(table, { header: false }));
  assert.is(Buffer.from(bytes).toString(), `${plain}"3","x","10"\n${plain}`);
});

test('blank lines are nothing, with CRLF and at the seams of chunks too; a lone CR at the end of the file is a line end', async () => {
  const { rows, rejects: refused } = await readBytes('\r\n\n\r\nid,name\r\n\r\n1,a\r\n\n"2","b"\r', csv('id:bigint name:varchar'), [1]);
  assert.equal(refused, []);
  assert.equal(rows, [
    ['1', 'a'],
    ['2', 'b'],
  ]);
});

test('a record beyond 16 MiB is refused, and reading goes on behind its line', async () => {
  const long = 'x'.repeat(17 * 1024 * 1024);
  for (const [text, chunk] of [
    [`id,name\n1,${long}\n2,b\n`, 1 << 20],
    [`id,name\n1,${long}\n2,b\n`, 1 << 26],
    [`id,name\n1,"${long}"\n2,b\n`, 1 << 22],
  ] as const) {
    const { rows, rejects: refused } = await readBytes(text, csv('id:bigint name:varchar'), [chunk]);
    assert.equal(rows, [['2', 'b']]);
    assert.equal(
      refused.map(({ line, reason, raw }) => [line, reason, raw.length]),
      [[2, 'larger than 16 MiB', 65_536]],
    );
  }
});

test('a value is kept with its reject, a long one in part', async () => {
  const { rejects: refused } = await readBytes(`id\n"${'9'.repeat(5000)}"\n`, csv('id:bigint'));
  assert.equal(
    refused.map(({ value, raw }) => [value, raw.length]),
    [[`${'9'.repeat(1000)}…`, 5002]],
  );
});

test('many records and many rejects come in batches, with their lines', async () => {
  const text = `id\n${Array.from({ length: 5000 }, (_, index) => (index % 2 ? index : `no ${index}`)).join('\n')}`;
  const { rows, rejects: refused, done } = await readBytes(text, csv('id:bigint'), [777]);
  assert.equal([rows.length, refused.length, done[0]], [2500, 2500, { key: 'log.json', rows: 2500, rejects: 2500 }]);
  assert.ok(refused.every(({ line, value }) => value === `no ${line - 2}`));
});

test('the nearest column is named where the header misses all', async () => {
  await rejects(readBytes('nmae\nx\n', csv('name:varchar')), { code: 'load-header', hint: "Did you mean 'name'?", at: 'log.json:1:1' });
});

test.run();
