// The files of a new project: which of them stand there already, and writing those that do not. Nothing is ever overwritten.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DwhError } from '../../core/problem.ts';
import { makeFolder } from '../../project/make-folder.ts';

/** Path to text. */
export type NewFiles = Readonly<Record<string, string>>;

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** 'same': this text, whatever its lines end with. 'unreadable': a folder, say. */
export function standing(path: string, text: string): 'same' | 'other' | 'unreadable' | undefined {
  try {
    return readFileSync(path, 'utf8').replaceAll('\r\n', '\n') === text ? 'same' : 'other';
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? undefined : 'unreadable';
  }
}

export function writeFiles(folder: string, files: NewFiles): void {
  try {
    for (const [file, text] of Object.entries(files)) {
      const path = join(folder, file);
      makeFolder(dirname(path));
      writeFileSync(path, text, { flag: 'wx' });
    }
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new DwhError(
      [
        {
          code: 'folder-unwritable',
          message: `${folder} could not be written: ${(error as Error).message}`,
          hint: 'Run it in a folder that you may write to.',
        },
      ],
      { cause: error },
    );
  }
}
