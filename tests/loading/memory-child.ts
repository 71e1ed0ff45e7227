// Run as a process of its own by memory.test.ts: reads a file in the ways of a load, and prints what it took and found as JSON.
import { readFiles, scanFiles } from '../../src/loading/index.ts';
import { format, listed } from './support.ts';

const [, , path = '', size = '0', small = '', kind] = process.argv;
const columns = 'ts:bigint page:varchar(20) artist:varchar(256) length:double';
const table = kind === 'csv' ? format(columns, { format: 'csv', options: { header: false } }) : format(columns);
const found = { rows: 0, rejects: 0, clean: false, grownMiB: 0 };

async function load(location: string): Promise<void> {
  const [scanned] = await scanFiles([listed('log.json', location, Number(size))], table);
  found.clean = scanned?.clean !== undefined;
  found.rows = 0;
  found.rejects = 0;
  for await (const batch of readFiles([{ key: 'log.json', location }], table)) {
    found.rows += batch.rows;
    found.rejects += batch.rejects.length;
  }
}

await load(small);
const before = process.resourceUsage().maxRSS;
await load(path);
found.grownMiB = (process.resourceUsage().maxRSS - before) / 1024;
process.stdout.write(JSON.stringify(found));
