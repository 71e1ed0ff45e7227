// Files for the radio project: most of them are there from the start, every third log file and song comes late. All projects
// read the same files through links, so a copy of a project finds them as its ledger remembers them.
import { mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateSparkify } from '../../bench/generate-sparkify.ts';
import { tempDir } from '../support/temp-dir.ts';

export type Wave = 'first' | 'late';

const folders = { log: 'log-data', songs: 'song-data' } as const;

/** The folder that holds both waves. */
export function makeBucket(): string {
  const bucket = tempDir('bucket');
  const first = join(bucket, 'first');
  generateSparkify({ out: first, events: 1500, songs: 40, users: 20, seed: 3, rejects: true });
  for (const folder of Object.values(folders)) {
    const files = readdirSync(join(first, folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
    for (const file of files.sort().filter((_, index) => index % 3 === 1)) {
      const late = join(bucket, 'late', folder, file);
      mkdirSync(dirname(late), { recursive: true });
      renameSync(join(first, folder, file), late);
    }
  }
  return bucket;
}

/** The wave's files are there for the project from now on. */
export function arrive(wave: Wave, bucket: string, projectDir: string): void {
  for (const [name, folder] of Object.entries(folders)) {
    mkdirSync(join(projectDir, 'data', name), { recursive: true });
    symlinkSync(join(bucket, wave, folder), join(projectDir, 'data', name, wave));
  }
}
