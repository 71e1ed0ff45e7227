// The least that reading a project can cost: every file of it is read and hashed. argv: the folder.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = process.argv[2] ?? '.';
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const hash = createHash('sha256');
// Not target/, where compiled models are.
for (const folder of ['models', 'macros']) {
  if (!existsSync(join(root, folder))) continue;
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    if (entry.isFile()) hash.update(sha256(readFileSync(join(entry.parentPath, entry.name))));
}
process.stdout.write(`${hash.digest('hex')}\n`);
