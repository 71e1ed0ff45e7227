// Records that a warehouse refused of objects that it copied by itself: what is read again of them, and what is not.
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packing } from '../../src/adapters/redshift/copy-into.ts';
import type { CopySpec } from '../../src/core/node.ts';
import { type RecordShape, withRecords } from '../../src/engine/nodes/copy-rejects.ts';
import { csvFormat, placeOf, refusedRecord } from '../../src/loading/index.ts';
import { environmentOf, inEnvironment } from '../s3/support.ts';
import { hasProblem } from '../support/rejects.ts';
import { S3Server } from '../support/s3-server.ts';

const test = suite<{ s3: S3Server }>('engine: refused records of objects');
test.before(async (context) => {
  context.s3 = await S3Server.start();
});
test.after(({ s3 }) => s3.close());

const spec = (options: CopySpec['options'] = {}): CopySpec => ({
  from: 's3://logs/in',
  format: 'csv',
  jsonpaths: 'auto',
  mode: 'append',
  on_error: 'reject',
  on_change: 'error',
  truncate_columns: false,
  allow_empty: false,
  options,
  at: { file: 'models/sources.yml', line: 1, column: 1 },
});

/** [file, record, value] of the second line of each object. */
async function secondLines(s3: S3Server, objects: Readonly<Record<string, string | Uint8Array>>, options?: CopySpec['options']) {
  s3.bucket('logs');
  for (const [key, content] of Object.entries(objects)) s3.put('logs', `in/${key}`, content);
  const read = spec(options);
  const shape: RecordShape = { spec: read, packing, columns: [{ name: 'id', type: 'bigint' }], csv: csvFormat(read).csv };
  const signal = new AbortController().signal;
  return inEnvironment(environmentOf(s3), async () => {
    const place = placeOf(read, '/');
    try {
      const files = await place.list(signal);
      const refused = files.map(({ key }) => ({ file: key, line: 2, column: 'id', reason: 'no number' }));
      const found = await withRecords(refused, files, place, shape, signal);
      return found.map(({ file, raw, value }) => [file.replace('s3://logs/in/', ''), raw, value]);
    } finally {
      await place.close();
    }
  });
}

test('records are those of plain and of gzip objects; what is packed otherwise has no lines here', async ({ s3 }) => {
  const text = 'id\nx\n';
  assert.equal(
    await secondLines(s3, { 'a.csv': text, 'b.csv.gz': gzipSync(text), 'c.csv.bz2': 'BZh9\0\nx\n', 'd.csv.zst': '(\u00b5/\nx\n' }),
    [
      ['a.csv', 'x', 'x'],
      ['b.csv.gz', 'x', 'x'],
      ['c.csv.bz2', '', undefined],
      ['d.csv.zst', '', undefined],
    ],
  );
});

test('nor has what is not UTF-8', async ({ s3 }) => {
  for (const key of s3.keys('logs', '') ?? []) s3.remove('logs', key);
  assert.equal(await secondLines(s3, { 'a.csv': Buffer.from('id\nx\n', 'utf16le') }, { encoding: 'utf16le' }), [['a.csv', '', undefined]]);
});

test('where the warehouse counts no further, nobody is told to raise max_errors', () => {
  const reject = { file: 's3://logs/a.csv', line: 2, column: 'id', value: 'x', reason: 'no number', raw: 'x' };
  hasProblem([refusedRecord(reject, 10, 99_999)], { message: 'max_errors is 10, and this is reject 11', hint: 'raise max_errors' });
  const { message, hint } = refusedRecord(reject, 99_999, 99_999);
  assert.match(message, 'the warehouse counts no further, and this is reject 100000');
  assert.is(hint, 'Mend the files.');
});

test.run();
