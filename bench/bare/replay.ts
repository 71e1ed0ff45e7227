// Sends the statements of a JSON file to DuckDB through the bare driver, one after the other. argv: database, file.
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [, , database = ':memory:', file = ''] = process.argv;
const instance = await DuckDBInstance.create(database);
const connection = await instance.connect();
for (const sql of JSON.parse(readFileSync(file, 'utf8')) as string[]) await connection.run(sql);
connection.closeSync();
instance.closeSync();
