// Where a hook is written. It has come through a cascade of files, so it is looked for by its text, and only when it failed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Location } from '../../core/location.ts';
import type { FunctionNode, ModelNode, SeedNode, SnapshotNode } from '../../core/node.ts';
import { PROJECT_FILES } from '../../core/project-files.ts';
import type { Run } from '../run.ts';

type Hooked = FunctionNode | ModelNode | SeedNode | SnapshotNode;

/** Quotes may be escaped as the file needs it, and stand on either side of a text that is their argument. */
const plain = (text: string): string => text.replaceAll(/\\(.)/g, '$1').replaceAll("''", "'");

/** In the node's own file, its properties, the project file: the nearest; undefined: the text is made by a macro, or of a package. */
export function placeOfHook(run: Run, node: Hooked, sql: string): Location | undefined {
  const [line = ''] = plain(sql).trim().split('\n');
  const needle = line.trim();
  const files = [
    ...(node.resource_type === 'seed' ? [] : [node.original_file_path]),
    node.patch_path?.replace(/^\w+:\/\//, ''),
    ...PROJECT_FILES,
  ];
  for (const file of files) {
    if (file === undefined) continue;
    const path = join(run.request.projectDir, file);
    if (!existsSync(path)) continue;
    for (const [index, written] of readFileSync(path, 'utf8').split('\n').entries()) {
      const column = plain(written).indexOf(needle);
      if (column >= 0) return { file, line: index + 1, column: column + 1 };
    }
  }
  return undefined;
}
