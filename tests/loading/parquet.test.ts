// Parquet files through DuckDB: columns by name, lengths in bytes, values that do not fit.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection, Warehouse } from '../../src/adapters/adapter.ts';
import { statement } from '../../src/core/statement.ts';
import { type RecordFormat, readParquetSql, scanFiles } from '../../src/loading/index.ts';
import { openTarget } from '../adapters/duckdb-target.ts';
import { rejects } from '../support/rejects.ts';
import { tempDir } from '../support/temp-dir.ts';
import { format, listed } from './support.ts';

const test = suite<{ warehouse?: Warehouse; connection?: Connection }>('loading: parquet', {});

test.before(async (world) => {
  world.warehouse = await openTarget({ path: ':memory:' });
  world.connection = await world.warehouse.connect();
});
test.after(async (world) => {
  await world.connection?.close();
  await world.warehouse?.close();
});

const dir = tempDir('parquet');

async function read(connection: Connection | undefined, queries: readonly string[], recordFormat: RecordFormat) {
  if (!connection) throw new Error('no connection');
  const files = [];
  for (const [index, query] of queries.entries()) {
    const path = join(dir, `f${index}.parquet`);
    await connection.run(statement(`copy (${query}) to '${path}' (format parquet)`));
    files.push(listed(`f${index}.parquet`, path, statSync(path).size));
  }
  const scanned = await scanFiles(files, recordFormat);
  assert.ok(scanned.every((file) => file.clean && /^[0-9a-f]{64}$/.test(file.content)));
  return (await connection.run(statement(`${readParquetSql(scanned, recordFormat)} order by 1`))).rows;
}

const parquet = (table: string, truncate = false) => format(table, { format: 'parquet', truncate_columns: truncate });

test('columns go by name and are cast; one that a file lacks is NULL there', async ({ connection }) => {
  const queries = ["select 'x' as name, 1::smallint as id, 9 as other", 'select 2::bigint as id'];
  assert.equal(await read(connection, queries, parquet('id:integer name:varchar(5)')), [
    [1, 'x'],
    [2, null],
  ]);
});

test('a text too long in bytes stops the load, or is cut at a whole character', async ({ connection }) => {
  const queries = ["select 1 as id, 'éé日' as name union all select 2, 'short' union all select 3, null"];
  await rejects(read(connection, queries, parquet('id:integer name:varchar(6)')), {
    message: 'column name: a value is too long for varchar(6)',
  });
  assert.equal(await read(connection, queries, parquet('id:integer name:varchar(6)', true)), [
    [1, 'éé'],
    [2, 'short'],
    [3, null],
  ]);
});

test('a text without a limit is taken whole, whatever the type in the file', async ({ connection }) => {
  const queries = [`select 1 as id, repeat('é', 1000) as name union all select 2, '1.50'`, 'select 3 as id, 1.50::decimal(4,2) as name'];
  assert.equal(await read(connection, queries, parquet('id:integer name:text')), [
    [1, 'é'.repeat(1000)],
    [2, '1.50'],
    [3, '1.50'],
  ]);
});

test('a value that cannot be cast stops the load', async ({ connection }) => {
  await rejects(read(connection, ["select 'abc' as id"], parquet('id:integer')), { message: /abc/ });
});

test('a name that DuckDB takes as a pattern is an error', async () => {
  await rejects(scanFiles([listed('a[1].parquet', join(dir, 'a[1].parquet'), 1)], parquet('id:integer')), {
    code: 'load-place',
    message: 'as a pattern',
  });
});

test('on_error: reject is said to have no effect', () => {
  assert.is(parquet('id:integer').warnings.length, 1);
});

test.run();
