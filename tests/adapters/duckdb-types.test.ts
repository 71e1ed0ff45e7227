import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { columnType, lowerType } from '../../src/adapters/duckdb/types.ts';
import { memoryDatabase, textRows } from '../support/duckdb.ts';

const test = suite('duckdb types');

test('names of other warehouses become DuckDB’s, and sizes of text are kept', () => {
  const expected = {
    string: 'varchar',
    text: 'varchar',
    'VARCHAR(256)': 'varchar(256)',
    'character varying ( 256 )': 'varchar(256)',
    'varchar(max)': 'varchar',
    'char(3)': 'varchar(3)',
    int: 'integer',
    INT4: 'integer',
    'int(11)': 'integer',
    int8: 'bigint',
    'numeric(18, 3)': 'decimal(18,3)',
    number: 'decimal',
    'double  precision': 'double',
    float: 'float',
    timestamp: 'timestamp',
    'timestamp without time zone': 'timestamp',
    TimestampTZ: 'timestamp with time zone',
    bool: 'boolean',
    super: 'json',
    varbyte: 'blob',
    'int[]': 'integer[]',
    'varchar[3][]': 'varchar[3][]',
    'STRUCT(A integer)': 'struct(A integer)',
    "enum('Small', 'Large')": "enum('Small', 'Large')",
  };
  for (const [written, type] of Object.entries(expected)) assert.is(columnType(written), type, written);
});

test('DuckDB takes every spelling, and prints the same again', async () => {
  const connection = await memoryDatabase();
  const written = [
    'string',
    'character varying(256)',
    'int',
    'numeric(18,3)',
    'double precision',
    'float4',
    'timestamptz',
    'datetime',
    'super',
    'varbyte',
    'uuid',
    'int8[]',
    'interval',
    'hugeint',
    'timetz',
  ];
  for (const type of written) {
    await connection.run(`create or replace table t (a ${columnType(type)})`);
    const [[printed = ''] = []] = await textRows(connection, "select data_type from duckdb_columns() where table_name = 't'");
    assert.is(lowerType(printed ?? ''), columnType(type).replace('varchar(256)', 'varchar'), type);
  }
  connection.closeSync();
});

test('a printed type is lower case but for names and values', () => {
  const expected = {
    'DECIMAL(18,3)': 'decimal(18,3)',
    'TIMESTAMP WITH TIME ZONE': 'timestamp with time zone',
    'STRUCT(a INTEGER, "B c" VARCHAR, Sel DECIMAL(2,1)[])[]': 'struct(a integer, "B c" varchar, Sel decimal(2,1)[])[]',
    'STRUCT(Outer STRUCT(Inner TIMESTAMP WITH TIME ZONE))': 'struct(Outer struct(Inner timestamp with time zone))',
    "ENUM('a B', 'it''s', 'C')": "enum('a B', 'it''s', 'C')",
    'MAP(VARCHAR, STRUCT(K INTEGER))': 'map(varchar, struct(K integer))',
    'UNION(Num INTEGER, "x ""y" VARCHAR)': 'union(Num integer, "x ""y" varchar)',
    'STRUCT(INTEGER, VARCHAR)': 'struct(integer, varchar)',
  };
  for (const [printed, type] of Object.entries(expected)) assert.is(lowerType(printed), type);
});

test.run();
