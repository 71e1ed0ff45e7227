// Makes CSV files of invented orders as a shop's export would have them: numbers, days, instants, texts that need quotes, and
// NULLs. The same options give the same bytes. It streams.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Random, seeded } from './sparkify/random.ts';

/** In the files' order; `inferred` is what a seed takes the column for. */
export const orderColumns: readonly { readonly name: string; readonly type: string; readonly inferred: string }[] = [
  { name: 'id', type: 'integer', inferred: 'integer' },
  { name: 'customer', type: 'bigint', inferred: 'bigint' },
  { name: 'placed_at', type: 'timestamp', inferred: 'timestamp' },
  { name: 'due', type: 'date', inferred: 'date' },
  { name: 'price', type: 'decimal(10,2)', inferred: 'double precision' },
  { name: 'weight', type: 'double precision', inferred: 'double precision' },
  { name: 'paid', type: 'boolean', inferred: 'boolean' },
  { name: 'country', type: 'varchar(2)', inferred: 'text' },
  { name: 'product', type: 'varchar(64)', inferred: 'text' },
  { name: 'note', type: 'varchar(256)', inferred: 'text' },
];

const countries = ['AT', 'BR', 'CL', 'DE', 'ES', 'FI', 'GH'] as const;
const products = ['Birch bowl', 'Copper kettle, large', 'Linen towel', 'Oak board 12"', 'Tin lantern', 'Wool socks, grün'] as const;
const notes = ['gift wrap', 'leave at the door, please', 'second "try"', 'two lines:\nring twice', 'fragile'] as const;

const field = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const startMs = Date.UTC(2020, 0, 1);

function line(random: Random, id: number): string {
  const at = new Date(startMs + id * 90_000 + random.int(90_000)).toISOString();
  const due = new Date(startMs + id * 90_000 + random.int(20) * 86_400_000).toISOString();
  return [
    String(id),
    String(5_000_000_000 + random.int(200_000)),
    `${at.slice(0, 10)} ${at.slice(11, 23)}`,
    random.chance(0.1) ? '' : due.slice(0, 10),
    (random.int(100_000) / 100).toFixed(2),
    random.chance(0.05) ? '' : String(random.int(1_000_000) / 1000),
    random.chance(0.8) ? 'true' : 'false',
    random.pick(countries),
    field(random.pick(products)),
    random.chance(0.6) ? '' : field(random.pick(notes)),
  ].join(',');
}

/** Files 1.csv, 2.csv … of about the same size in `folder`, each with a header. Returns their paths. */
export function generateOrders(folder: string, rows: number, files: number): readonly string[] {
  const random = seeded(7);
  mkdirSync(folder, { recursive: true });
  const header = `${orderColumns.map(({ name }) => name).join(',')}\n`;
  return Array.from({ length: files }, (_, file) => {
    const path = join(folder, `${file + 1}.csv`);
    const fd = openSync(path, 'w');
    let text = header;
    for (let id = Math.floor((rows * file) / files); id < Math.floor((rows * (file + 1)) / files); id++) {
      text += `${line(random, id)}\n`;
      if (text.length < 1 << 20) continue;
      writeSync(fd, text);
      text = '';
    }
    writeSync(fd, text);
    closeSync(fd);
    return path;
  });
}
