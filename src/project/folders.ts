// Where a project's files are: the folders that its project file names, or dbt's own.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { ConfigReader } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import type { Problem } from '../core/problem.ts';
import type { FileKind } from './types.ts';

const DEFAULT_FOLDERS: Readonly<
  Record<Exclude<FileKind, 'docs' | 'properties' | 'fixture'>, readonly [key: string, older: string | undefined, folder: string]>
> = {
  model: ['model-paths', 'source-paths', 'models'],
  seed: ['seed-paths', 'data-paths', 'seeds'],
  snapshot: ['snapshot-paths', undefined, 'snapshots'],
  macro: ['macro-paths', undefined, 'macros'],
  test: ['test-paths', undefined, 'tests'],
  analysis: ['analysis-paths', undefined, 'analyses'],
  function: ['function-paths', undefined, 'functions'],
};

export function projectFolders(project: ConfigReader): Readonly<Record<FileKind, readonly string[]>> {
  const clean = (folders: readonly string[]): string[] => [
    ...new Set(folders.map((folder) => folder.replace(/^\.\//, '').replace(/\/+$/, ''))),
  ];
  const folders = (kind: keyof typeof DEFAULT_FOLDERS): string[] => {
    const [key, older, folder] = DEFAULT_FOLDERS[kind];
    if (project.has(key)) return clean(project.strings(key));
    if (older !== undefined && project.has(older)) return clean(project.strings(older));
    return [folder];
  };
  const own = {
    model: folders('model'),
    seed: folders('seed'),
    snapshot: folders('snapshot'),
    macro: folders('macro'),
    test: folders('test'),
    analysis: folders('analysis'),
    function: folders('function'),
  };
  const all = [...new Set(Object.values(own).flat())];
  const fixture = own.test.map((below) => `${below}/fixtures`);
  return { ...own, fixture, properties: all, docs: project.has('docs-paths') ? clean(project.strings('docs-paths')) : all };
}

/** Folders that cannot be what was meant. One that is missing is no mistake by itself: git keeps no empty folders. */
export function checkFolders({ folder, project }: { readonly folder: string; readonly project: ConfigReader }, problems: Problem[]): void {
  const keys = project.keys().filter((key) => key.endsWith('-paths'));
  const named = new Set(keys.flatMap((key) => project.strings(key)).map((path) => join(folder, path)));
  for (const key of keys) {
    const at = project.at(key);
    const place = at ? { at } : {};
    for (const path of project.strings(key)) {
      if (isAbsolute(path)) {
        const message = `'${key}' is '${path}', and should be relative to the project`;
        problems.push({ code: 'config-value', message, hint: 'Name a folder of the project.', ...place });
      } else if (!existsSync(join(folder, path))) {
        const parent = dirname(join(folder, path));
        const beside = foldersIn(parent).filter((name) => !named.has(join(parent, name)));
        const near = nearestName(path.replace(/\/+$/, '').split('/').at(-1) ?? '', beside);
        const message = `'${key}' names the folder '${path}', which is not there`;
        if (near) problems.push({ code: 'config-value', severity: 'warning', message, hint: `Did you mean '${near}'?`, ...place });
      }
    }
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return [];
  }
}
