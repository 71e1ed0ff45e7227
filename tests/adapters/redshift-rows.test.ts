// Many rows of the client into Redshift by way of S3: seeds, and what dwh's own reader reads. On the stand-in.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { markedParts } from '../../src/adapters/redshift/marked-rows.ts';
import { type Context, copies, loading, onStandIn, ROLE, spec } from '../loads/redshift-project.ts';
import { environmentOf, inEnvironment } from '../s3/support.ts';
import { results } from '../support/fixture.ts';

const test = suite<Context>('redshift: rows by COPY');
onStandIn(test);
test.before.each(async ({ client }) => {
  await client.rows('drop schema if exists analytics cascade');
});

const field = (value: string | null): string => (value === null ? '' : `"${value.replaceAll('"', '""')}"`);

test('NULL becomes the mark wherever chunks are cut, nothing else changes, and parts hold whole rows', async () => {
  const value = fc.option(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'ü'), maxLength: 4 }), { nil: null });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }).chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { maxLength: 8 })),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 20 }),
      async (table, step, size) => {
        const bytes = Buffer.from(table.map((row) => `${row.map(field).join(',')}\n`).join(''));
        const chunks = async function* (): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
        };
        const parts: string[] = [];
        let rows = 0;
        for await (const part of markedParts(chunks(), 'NIL', size)) {
          parts.push(Buffer.from(part.bytes).toString());
          rows += part.rows;
          assert.ok(part.rows > 0 && part.bytes.length > 0);
        }
        const marked = table.map((row) => `${row.map((one) => (one === null ? 'NIL' : field(one))).join(',')}\n`);
        assert.equal([parts.join(''), rows], [marked.join(''), table.length]);
        assert.ok(parts.every((part) => part.endsWith('\n')));
      },
    ),
    { numRuns: 300 },
  );
});

const csv = (rows: number, cell: (index: number) => string): string => {
  const lines = Array.from({ length: rows }, (_, index) => `${index},${cell(index)},"${'x'.repeat(60)}"\n`);
  return `id,note,filler\n${lines.join('')}`;
};
const notes = (index: number): string => ['', '"a ""quoted"", one"', 'nil', '"two\nlines"'][index % 4] ?? '';

test('a large seed is copied from work_uri, in one transaction, and nothing of it stays there', async (context) => {
  const { shop } = await loading(context, spec(), { files: { 'seeds/big.csv': csv(20_000, notes), 'seeds/small.csv': csv(10, notes) } });
  const from = context.standIn.transcript.length;
  const events = await inEnvironment(environmentOf(context.s3), () => shop.run('seed'));
  assert.equal([...results(events)].map(([, { status, message }]) => `${status}: ${message}`).sort(), [
    'success: SEED (10 rows)',
    'success: SEED (20000 rows)',
  ]);
  const said = copies(context, from);
  assert.is(said.length, 1);
  assert.match(said[0] ?? '', /^copy "dev"\."analytics"\."big[^"]*" \("id", "note", "filler"\)\nfrom 's3:\/\/work\/dwh\/rows\//);
  assert.match(said[0] ?? '', `iam_role '${ROLE}'`);
  assert.equal(context.s3.keys('work', 'dwh/rows/'), []);
  const distinct = 'select note, count(*) from analytics.big group by 1 order by 1';
  assert.equal(await context.client.rows(distinct), [
    ['a "quoted", one', '5000'],
    ['nil', '5000'],
    ['two\nlines', '5000'],
    [null, '5000'],
  ]);
});

test('dates and times are read in a large seed as an INSERT reads them in a small one', async (context) => {
  const stamps = ['2024-01-02T03:04:05Z', '2024-01-02 03:04:05.678', '2024-01-02T03:04:05+02:00', ''];
  const rowsOf = (count: number): string => csv(count, (index) => stamps[index % 4] ?? '');
  const { shop } = await loading(context, spec(), {
    files: {
      'seeds/big.csv': rowsOf(16_000),
      'seeds/small.csv': rowsOf(8),
      'seeds/types.yml': JSON.stringify({
        seeds: ['big', 'small'].map((name) => ({ name, config: { column_types: { note: 'timestamp with time zone' } } })),
      }),
    },
  });
  const events = await inEnvironment(environmentOf(context.s3), () => shop.run('seed'));
  assert.equal([...results(events)].map(([, { status, message }]) => `${status}: ${message}`).sort(), [
    'success: SEED (16000 rows)',
    'success: SEED (8 rows)',
  ]);
  const seen = (table: string) => context.client.rows(`select distinct note from analytics.${table} order by 1`);
  assert.equal(await seen('big'), await seen('small'));
});

test('a value that does not fit is said with its column, and nothing is left', async (context) => {
  const files = { 'seeds/big.csv': csv(20_000, (index) => (index === 15_000 ? 'many' : '1')), 'seeds/big.yml': '' };
  const { shop } = await loading(context, spec(), { files });
  await shop.write('seeds/big.yml', JSON.stringify({ seeds: [{ name: 'big', config: { column_types: { note: 'integer' } } }] }));
  const events = await inEnvironment(environmentOf(context.s3), () => shop.run('seed'));
  const [[, result] = []] = results(events);
  assert.is(result?.status, 'error');
  assert.match(result?.problem?.message ?? '', "column 'note': Invalid digit, Value 'm'");
  assert.equal(context.s3.keys('work', 'dwh/rows/'), []);
  assert.equal(await context.client.rows("select count(*) from pg_class where relname like 'big%'"), [['0']]);
});

test('a place that cannot be written to is said as what it is', async (context) => {
  const { shop } = await loading(context, spec(), { files: { 'seeds/big.csv': csv(20_000, notes) } });
  context.s3.fault = ({ method }) => (method === 'PUT' ? { status: 403, code: 'AccessDenied' } : undefined);
  const events = await inEnvironment(environmentOf(context.s3), () => shop.run('seed'));
  const [[, result] = []] = results(events);
  assert.is(result?.problem?.code, 's3-denied');
  assert.match(result?.problem?.hint ?? '', 's3:PutObject');
});

test('without the right to remove them, rows are not left at work_uri without a word: nothing is loaded', async (context) => {
  const { shop } = await loading(context, spec(), { files: { 'seeds/big.csv': csv(20_000, notes) } });
  context.s3.fault = ({ method }) => (method === 'DELETE' ? { status: 403, code: 'AccessDenied' } : undefined);
  const events = await inEnvironment(environmentOf(context.s3), () => shop.run('seed'));
  const [[, result] = []] = results(events);
  assert.is(result?.problem?.code, 's3-denied');
  assert.match(result?.problem?.message ?? '', 'cannot be removed');
  assert.match(result?.problem?.hint ?? '', 's3:DeleteObject');
  assert.equal(await context.client.rows("select count(*) from pg_class where relname like 'big%'"), [['0']]);
});

test.run();
