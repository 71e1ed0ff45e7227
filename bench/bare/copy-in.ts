// COPY by hand: makes a table anew and copies files into it as they are. argv: the server's URL, table, columns as SQL, then
// 'csv' and files; or 'json' and files with an event a line, which JSON.parse turns into CSV first.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import { csvField, eventColumns } from '../event-columns.ts';

const [, , connectionString, table = '', columns = '', kind = 'csv', ...files] = process.argv;

async function* events(file: string): AsyncGenerator<string, void> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield lines.map(csvLine).join('');
  }
  if (rest !== '') yield csvLine(rest);
}

function csvLine(line: string): string {
  const event = JSON.parse(line) as Record<string, unknown>;
  return `${eventColumns.map(({ key }) => csvField(event[key])).join(',')}\n`;
}

const client = new pg.Client({ connectionString });
await client.connect();
await client.query(`drop table if exists ${table}; create table ${table} (${columns})`);
for (const file of files) {
  const source = kind === 'csv' ? createReadStream(file, { highWaterMark: 1 << 18 }) : Readable.from(events(file));
  await pipeline(source, client.query(from(`copy ${table} from stdin with (format csv${kind === 'csv' ? ', header' : ''})`)));
}
await client.end();
