// All reading of project files: finds the project, its packages and its target, lists what is there, and hands on names,
// texts (read when asked for) and hashes. Nothing is interpreted here but what says where to look.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { textHost } from '../context/index.ts';
import type { TextScope } from '../context/types.ts';
import { ConfigReader, isMapping } from '../core/config-reader.ts';
import { DwhError, fail, type Problem, throwIfAny } from '../core/problem.ts';
import { PROJECT_FILES } from '../core/project-files.ts';
import type { Request } from '../core/request.ts';
import type { Host } from '../template/types.ts';
import { readCache } from './cache-file.ts';
import { type FileReader, fileReader } from './files.ts';
import { withFloats } from './floats.ts';
import { checkFolders, projectFolders } from './folders.ts';
import { type Ignored, ignoredBy } from './ignore.ts';
import { installedPackages } from './package-folder.ts';
import { chooseTarget } from './profiles.ts';
import { renderAll } from './render-text.ts';
import { requiredVersionProblem } from './required-version.ts';
import type { FileKind, FoundFile, PackageFiles, ProjectFiles, SourceFile } from './types.ts';
import { type Listed, listFiles, unreadable } from './walk.ts';
import { readYaml } from './yaml.ts';

/** Throws DwhError when there is no project, no target, or a project file that cannot be read. */
export async function load(request: Request): Promise<ProjectFiles> {
  const root = resolve(request.cwd, request.projectDir);
  const problems: Problem[] = [];
  const opened = readProjectFile(root, root, problems, request);
  const target = chooseTarget(request, {
    root,
    projectName: opened.name,
    projectProfile: opened.project.string('profile') || undefined,
    projectProfileAt: opened.project.at('profile'),
    scope: fileScope(request, opened.name, {}),
  });
  const targetPath = resolve(
    root,
    request.targetPath ?? request.env.DWH_TARGET_PATH ?? request.env.DBT_TARGET_PATH ?? opened.project.string('target-path') ?? 'target',
  );
  const remembered = request.partialParse ? readCache(targetPath) : undefined;
  const reader = fileReader(remembered?.files, request.startedAt);
  const paths = { root, problems, reader };
  checkFolders(opened, problems);
  const first = listPackage(opened, paths);
  const installed = resolve(root, opened.project.string('packages-install-path') ?? 'dbt_packages');
  const packages = installedPackages(installed, problems).map((folder) =>
    listPackage(readProjectFile(folder, root, problems, request), paths),
  );
  checkNames([first, ...packages], problems);
  if (request.args.version_check !== false) throwIfAny([first, ...packages].flatMap((one) => requiredVersionProblem(one) ?? []));
  throwIfAny(problems.filter((problem) => problem.code === 'project-invalid'));
  const sideFile = (path: string): SourceFile | undefined => oneFile(reader, root, path);
  return {
    root,
    targetPath,
    target,
    packages: [first, ...packages.sort((a, b) => (a.name < b.name ? -1 : 1))],
    selectors: oneFile(reader, root, 'selectors.yml') ?? oneFile(reader, root, 'selectors.yaml'),
    problems,
    remembered,
    fileRecords: reader.records,
    sideFile,
  };
}

export interface OpenedProject {
  readonly folder: string;
  readonly name: string;
  readonly file: string;
  readonly project: ConfigReader;
}

export const isProjectName = (name: string): boolean => /^[^\d\W]\w*$/.test(name);

/** Reads the project file of one folder: the root project's or a package's. */
export function readProjectFile(folder: string, root: string, problems: Problem[], request: Request): OpenedProject {
  const found = PROJECT_FILES.filter((name) => existsSync(join(folder, name)));
  const [name] = found;
  if (name === undefined) {
    const shown = folder === root ? folder : relative(root, folder);
    return fail({
      code: 'project-missing',
      message: `there is no project in ${shown}: neither ${PROJECT_FILES.join(' nor ')} is there`,
      hint: 'Go to the folder of a project, name it with --project-dir, or make one with: dwh init',
    });
  }
  const file = relative(root, join(folder, name)).replaceAll('\\', '/');
  if (found.length > 1) {
    problems.push({
      code: 'two-project-files',
      severity: 'warning',
      message: `${found.join(' and ')} are both there; ${name} is used`,
      at: { file, line: 1, column: 1 },
      hint: 'Remove the other one.',
    });
  }
  let text: string;
  try {
    text = readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    throw new DwhError([unreadable('file', file, error)], { cause: error });
  }
  const yaml = readYaml(text, file, problems);
  if (!isMapping(yaml.value)) {
    return fail({
      code: 'project-invalid',
      message: `${file} holds no settings`,
      at: { file, line: 1, column: 1 },
      hint: 'It needs at least: name: my_project',
    });
  }
  const rawName = yaml.value.name;
  if (typeof rawName !== 'string' || !isProjectName(rawName)) {
    const shown = rawName === undefined ? 'the project has no name' : `'${String(rawName)}' cannot be a project's name`;
    const near = String(rawName ?? '').replace(/\W+/g, '_');
    return fail({
      code: 'project-invalid',
      message: shown,
      at: yaml.locate(['name']),
      hint: `A name has letters, digits and underscores, and does not begin with a digit: name: ${/^[A-Za-z_]\w*$/.test(near) ? near : 'my_project'}`,
    });
  }
  // Only what says where to look is rendered here: configs may name the target, which is not chosen yet.
  const host: Host = textHost(fileScope(request, rawName, {}));
  const place = { file, package: rawName, locate: yaml.locateValue };
  const early = (key: string): boolean => key.endsWith('-paths') || key.endsWith('-path') || key === 'profile' || key === 'clean-targets';
  const values = Object.fromEntries(
    Object.entries(yaml.value).map(([key, value]) => [
      key,
      early(key) ? renderAll(value, host, place, problems, [key]) : key === 'vars' ? withFloats(value, [key], yaml.written) : value,
    ]),
  );
  const { locate, locateValue } = yaml;
  return { folder, name: rawName, file, project: new ConfigReader(values, { locate, locateValue, problems }) };
}

/** What a project file may use: --vars and the environment. */
export function fileScope(request: Request, projectName: string, target: Readonly<Record<string, unknown>>): TextScope {
  return {
    projectName,
    target,
    findVar: (name) => request.vars[name],
    varNames: () => Object.keys(request.vars),
    env: request.env,
    envRead: new Map(),
    startedAt: request.startedAt,
    invocationId: request.invocationId,
    version: request.version,
    flags: {},
    say: () => {},
    warn: () => {},
  };
}

const ENDINGS: Readonly<Record<FileKind, RegExp>> = {
  model: /\.(sql|py)$/,
  seed: /\.csv$/,
  snapshot: /\.sql$/,
  macro: /\.sql$/,
  test: /\.sql$/,
  fixture: /\.(csv|sql)$/,
  analysis: /\.sql$/,
  function: /\.(sql|py|js)$/,
  docs: /\.md$/,
  properties: /\.ya?ml$/,
};
const ANY_ENDING = /^[^.#~].*\.(sql|py|js|csv|md|ya?ml)$/;

function listPackage(
  opened: OpenedProject,
  { root, problems, reader }: { root: string; problems: Problem[]; reader: FileReader },
): PackageFiles {
  const { folder, project } = opened;
  const prefix = relative(root, folder).replaceAll('\\', '/');
  const shown = (path: string): string => (prefix === '' ? path : `${prefix}/${path}`);
  const ignored = ignoreRules(folder);
  const listed = new Map<string, readonly Listed[]>();
  const list = (below: string): readonly Listed[] => {
    const known = listed.get(below);
    if (known) return known;
    const own: Problem[] = [];
    const files = isAbsolute(below) ? [] : listFiles(folder, below, (name) => ANY_ENDING.test(name), ignored, own);
    problems.push(...own.map((problem) => (problem.at ? { ...problem, at: { ...problem.at, file: shown(problem.at.file) } } : problem)));
    listed.set(below, files);
    return files;
  };
  const found = (kind: FileKind, folders: readonly string[]): FoundFile[] => {
    const seen = new Set<string>();
    return folders.flatMap((below) =>
      list(below).flatMap((entry) => {
        const path = `${below}/${entry.below}`;
        if (!ENDINGS[kind].test(entry.below) || seen.has(path)) return [];
        seen.add(path);
        return [
          { source: reader.file({ path, file: shown(path), location: `${folder}/${path}` }, entry), folder: below, below: entry.below },
        ];
      }),
    );
  };
  const folders = projectFolders(project);
  const files = Object.fromEntries(Object.entries(folders).map(([kind, below]) => [kind, found(kind as FileKind, below)])) as Record<
    FileKind,
    FoundFile[]
  >;
  const projectFile = oneFile(reader, folder, basename(opened.file), opened.file);
  if (!projectFile) throw new DwhError([unreadable('file', opened.file, new Error('it is gone'))]);
  return { name: opened.name, projectFile, project, folders, files };
}

function ignoreRules(folder: string): Ignored {
  try {
    return ignoredBy(readFileSync(join(folder, '.dbtignore'), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return () => false;
    // What it leaves out must not come in.
    throw new DwhError([{ ...unreadable('file', '.dbtignore', error), hint: 'Give this user the right to read it, or remove it.' }]);
  }
}

function oneFile(reader: FileReader, folder: string, path: string, shown = path): SourceFile | undefined {
  const location = isAbsolute(path) ? path : join(folder, path);
  try {
    const { size, mtimeMs, ctimeMs, ino } = statSync(location);
    return reader.file({ path, file: shown, location }, { size, mtimeMs, ctimeMs, ino });
  } catch {
    return undefined;
  }
}

/** Names of packages are parts of ids. */
function checkNames(packages: readonly PackageFiles[], problems: Problem[]): void {
  const byName = new Map<string, PackageFiles>();
  for (const one of packages) {
    const before = byName.get(one.name);
    if (before) {
      problems.push({
        code: 'project-invalid',
        message: `two projects have the name '${one.name}': ${before.projectFile.file} and ${one.projectFile.file}`,
        at: one.project.at('name') ?? { file: one.projectFile.file, line: 1, column: 1 },
        hint: 'Rename one of them, or remove one of the folders.',
      });
    }
    byName.set(one.name, one);
  }
}
