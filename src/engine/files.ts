// What a run leaves in the target folder: compiled/, run/ and manifest.json. Written atomically where a reader could see
// half a file.
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Node } from '../core/node.ts';
import type { Mask } from './mask.ts';

export interface Files {
  /** Absolute. */
  readonly targetPath: string;
  /** Relative to the project folder, as run_results.json has it. */
  compiledPath(node: Node): string;
  writeCompiled(node: Node, sql: string): void;
  writeRun(node: Node, statements: readonly string[]): void;
  /** A file of the target folder, replaced in one step. */
  replace(name: string, text: string): void;
}

/** dbt's place: the original path below the package; what is written in a YAML file is a file below that file's name. */
export function placeBelow(node: Node): string {
  switch (node.resource_type) {
    case 'source':
      return join(node.package_name, node.original_file_path, `${node.source_name}.${node.name}.sql`);
    case 'operation':
      return join(node.package_name, node.original_file_path, `${node.name}.sql`);
    case 'test':
      return join(node.package_name, node.original_file_path, ...(node.test_kind === 'generic' ? [`${node.alias}.sql`] : []));
    default:
      return join(node.package_name, node.original_file_path);
  }
}

const holds = (path: string, text: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.size === Buffer.byteLength(text) && readFileSync(path, 'utf8') === text;

export function targetFiles(targetPath: string, shownTargetPath: string, mask: Mask): Files {
  const made = new Set<string>();
  /** Making a file costs several times what reading it does, and most runs would write what is there already. */
  const write = (path: string, unmasked: string): void => {
    const text = mask(unmasked);
    if (holds(path, text)) return;
    const folder = dirname(path);
    if (!made.has(folder)) {
      mkdirSync(folder, { recursive: true });
      made.add(folder);
    }
    writeFileSync(path, text);
  };
  return {
    targetPath,
    compiledPath: (node) => join(shownTargetPath, 'compiled', placeBelow(node)).replaceAll('\\', '/'),
    writeCompiled: (node, sql) => write(join(targetPath, 'compiled', placeBelow(node)), sql.endsWith('\n') ? sql : `${sql}\n`),
    writeRun: (node, statements) =>
      write(join(targetPath, 'run', placeBelow(node)), statements.map((sql) => `${sql.trimEnd().replace(/;?$/, ';')}\n`).join('\n')),
    replace(name, text) {
      const path = join(targetPath, name);
      write(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    },
  };
}
