// What DuckDB itself takes to read an event log into the typed table. argv: database, folder, 'strict' or 'ignore-errors'.
// With ignore_errors a bad record is a row of NULLs; without, the first one is an error.
import { DuckDBInstance } from '@duckdb/node-api';
import { eventColumns } from '../event-columns.ts';

const [, , database = ':memory:', folder = '.', errors = 'strict'] = process.argv;
const instance = await DuckDBInstance.create(database);
const connection = await instance.connect();
const columns = eventColumns.map(({ name, type }) => `${name} ${type}`).join(', ');
const keys = eventColumns.map(({ key, type }) => `"${key}": '${type.toUpperCase()}'`).join(', ');
const values = eventColumns.map(({ key }) => `"${key}"`).join(', ');
await connection.run(`create table staging_events (${columns})`);
await connection.run(
  `insert into staging_events select ${values} from read_json('${folder.replaceAll("'", "''")}/**/*.json', format = 'newline_delimited', columns = {${keys}}${errors === 'strict' ? '' : ', ignore_errors = true'})`,
);
connection.closeSync();
instance.closeSync();
