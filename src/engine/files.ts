// What a run leaves in the target folder: compiled/, run/ and manifest.json. Written atomically where a reader could see
// half a file.
import { accessSync, constants, readFileSync, type Stats, writeFileSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import type { Node } from '../core/node.ts';
import { fail } from '../core/problem.ts';
import type { Mask } from '../core/secrets.ts';
import { makeFolder } from '../project/make-folder.ts';
import { versionedName } from './labels.ts';
import { type Out, replaceFile } from './out.ts';

export interface Files {
  /** Absolute. */
  readonly targetPath: string;
  /** Before anything runs: throws DwhError where nothing can be written. */
  check(): void;
  /** Relative to the project folder, as run_results.json has it. */
  compiledPath(node: Node): string;
  /** `batch`: of a microbatch model; each has a file. */
  writeCompiled(node: Node, sql: string, batch?: string): void;
  writeRun(node: Node, statements: readonly string[], batch?: string): void;
  /** A file of the target folder, replaced in one step; nothing in it is masked. */
  replace(name: string, write: (out: Out) => void): Stats;
}

/** dbt's place: the original path below the package; what is written in a YAML file is a file below that file's name. */
export function placeBelow(node: Node): string {
  switch (node.resource_type) {
    case 'source':
      return join(node.package_name, node.original_file_path, `${node.source_name}.${node.name}.sql`);
    case 'unit_test':
      return join(node.package_name, node.original_file_path, `${versionedName(node)}.sql`);
    case 'operation':
    case 'snapshot':
      return join(node.package_name, node.original_file_path, `${node.name}.sql`);
    case 'test':
      return join(node.package_name, node.original_file_path, ...(node.test_kind === 'generic' ? [`${node.alias}.sql`] : []));
    default:
      return join(node.package_name, node.original_file_path);
  }
}

/** orders.sql → orders/orders_2024-01-31.sql */
function ofBatch(place: string, batch: string | undefined): string {
  if (batch === undefined) return place;
  const { dir, name, ext } = parse(place);
  return join(dir, name, `${name}_${batch}${ext}`);
}

function holds(path: string, text: string): boolean {
  try {
    return readFileSync(path, 'utf8') === text;
  } catch {
    return false;
  }
}

export function targetFiles(targetPath: string, shownTargetPath: string, mask: Mask): Files {
  /** Whether nothing was in it before. */
  const made = new Map<string, boolean>();
  const inFolder = (folder: string): boolean => {
    let isNew = made.get(folder);
    if (isNew === undefined) {
      isNew = makeFolder(folder);
      made.set(folder, isNew);
    }
    return isNew;
  };
  /** Writing over a file costs seven times what reading it does, and most runs would write what is there already. */
  const write = (path: string, unmasked: string): void => {
    const text = mask(unmasked);
    if (!inFolder(dirname(path)) && holds(path, text)) return;
    writeFileSync(path, text);
  };
  return {
    targetPath,
    check() {
      try {
        inFolder(targetPath);
        accessSync(targetPath, constants.W_OK);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error)) throw error;
        const message = `nothing can be written in ${shownTargetPath}: ${error.message}`;
        fail({ code: 'artifact-unwritable', message, hint: 'Name another folder with --target-path.' }, { cause: error });
      }
    },
    compiledPath: (node) => join(shownTargetPath, 'compiled', placeBelow(node)).replaceAll('\\', '/'),
    writeCompiled: (node, sql, batch) =>
      write(join(targetPath, 'compiled', ofBatch(placeBelow(node), batch)), sql.endsWith('\n') ? sql : `${sql}\n`),
    writeRun: (node, statements, batch) =>
      write(
        join(targetPath, 'run', ofBatch(placeBelow(node), batch)),
        statements.map((sql) => `${sql.trimEnd().replace(/;?$/, ';')}\n`).join('\n'),
      ),
    replace(name, write) {
      const path = join(targetPath, name);
      inFolder(dirname(path));
      return replaceFile(path, write);
    },
  };
}
