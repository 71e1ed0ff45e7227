// Run as a process of its own by memory.test.ts: lists, fetches and looks at what is under an s3:// URL, a small one first, and
// prints by how much the second made the process grow.
import { scanFiles } from '../../src/loading/index.ts';
import { s3Place } from '../../src/loading/s3-place.ts';
import { format, spec } from '../loading/support.ts';

const [, , small = '', large = ''] = process.argv;
const table = format('ts:bigint page:varchar(20)');
const { signal } = new AbortController();

async function fetched(from: string): Promise<number | undefined> {
  const place = s3Place(spec({ from }));
  try {
    const files = await place.fetch?.(await place.list(signal), signal);
    const [first] = await scanFiles(files ?? [], table, signal);
    return first?.clean?.rows;
  } finally {
    await place.close();
  }
}

await fetched(small);
const before = process.resourceUsage().maxRSS;
const rows = await fetched(large);
process.stdout.write(JSON.stringify({ rows, grownMiB: (process.resourceUsage().maxRSS - before) / 1024 }));
