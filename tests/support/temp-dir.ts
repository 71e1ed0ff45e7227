// Temporary folders, removed when the process ends; under `npm test` all of them are in one folder, removed with the run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A new empty folder. */
export function tempDir(name = 'test'): string {
  if (made.length === 0) process.on('exit', removeAll);
  const folder = mkdtempSync(join(process.env.DWH_TEST_TMP ?? tmpdir(), `dwh-${name}-`));
  made.push(folder);
  return folder;
}

function removeAll(): void {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
}
