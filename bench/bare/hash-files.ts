// The least that reading a project can cost: every file below a folder is read and hashed. argv: the folder.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const hash = createHash('sha256');
for (const entry of readdirSync(process.argv[2] ?? '.', { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && /\.(sql|ya?ml|md|csv)$/.test(entry.name))
    hash.update(
      createHash('sha256')
        .update(readFileSync(join(entry.parentPath, entry.name)))
        .digest(),
    );
}
process.stdout.write(`${hash.digest('hex')}\n`);
