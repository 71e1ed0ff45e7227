// Sends statements to Postgres. argv: the server's URL, statements.
import pg from 'pg';

const [, , connectionString, ...statements] = process.argv;
const client = new pg.Client({ connectionString });
await client.connect();
for (const sql of statements) await client.query(sql);
await client.end();
