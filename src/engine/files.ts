// What a run leaves in the target folder: compiled/, run/ and manifest.json. Written atomically where a reader could see
// half a file.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Node } from '../core/node.ts';

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

/** dbt's place: the original path below the package; a generic test below the file that declares it. */
export function placeBelow(node: Node): string {
  const file = node.resource_type === 'test' && node.test_kind === 'generic' ? join(node.original_file_path, `${node.alias}.sql`) : node.original_file_path;
  return join(node.package_name, node.resource_type === 'operation' ? join(file, `${node.name}.sql`) : file);
}

export function targetFiles(targetPath: string, shownTargetPath: string): Files {
  const made = new Set<string>();
  const write = (path: string, text: string): void => {
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
    writeRun: (node, statements) => write(join(targetPath, 'run', placeBelow(node)), statements.map((sql) => `${sql.trimEnd().replace(/;?$/, ';')}\n`).join('\n')),
    replace(name, text) {
      const path = join(targetPath, name);
      write(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    },
  };
}
