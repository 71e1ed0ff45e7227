// The exact reader equals the naive one, over files with every awkwardness, wherever the chunks end.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type RecordFormat, recordFormat } from '../../src/loading/index.ts';
import { awkwardFile } from './awkward-files.ts';
import { type NaiveCell, naiveRead } from './naive-reader.ts';
import { columns, readBytes, spec } from './support.ts';

const test = suite('loading: exact reader');

const table = columns('a:varchar(5) b:bigint c:double d:decimal(6,2) e:boolean f:date g:smallint h:varchar i:bigint');
const paths = ["$['a']", "$['b']", "$['c']", "$['d']", "$['e']", "$['f']", "$['b']", "$['n']", "$['n']['x'][1]"];
const formats = new Map<boolean, RecordFormat>(
  [true, false].map((truncate) => [
    truncate,
    recordFormat(spec({ truncate_columns: truncate }), table, { file: 'paths.json', text: JSON.stringify({ jsonpaths: paths }) }),
  ]),
);

const scaled = (text: string, scale: number): bigint => {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
};

function typed(cell: string | null, type: string): NaiveCell {
  if (cell === null || type.startsWith('varchar') || type === 'boolean' || type === 'date') return cell;
  if (type === 'double') return Number(cell);
  return type.startsWith('decimal') ? scaled(cell, 2) : BigInt(cell);
}

test('equals a naive reader of whole files, wherever the chunks end', async () => {
  await fc.assert(
    fc.asyncProperty(
      awkwardFile,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      async (file, chunkSizes, truncate) => {
        const format = formats.get(truncate);
        if (!format) throw new Error('no format');
        const wanted = naiveRead(
          file,
          table.map((column, index) => ({ ...column, path: format.columns[index]?.path ?? [] })),
          truncate,
        );
        const read = await readBytes(file, format, chunkSizes);
        const rows = read.rows.map((row) => row.map((cell, index) => typed(cell, table[index]?.type ?? '')));
        assert.equal(
          read.rejects.map(({ line, column, raw }) => ({ line, column, raw })),
          wanted.rejects,
        );
        assert.equal(rows, wanted.rows);
        assert.equal(read.done, [{ key: 'log.json', rows: wanted.rows.length, rejects: wanted.rejects.length }]);
      },
    ),
    { numRuns: 600 },
  );
});

test.run();
