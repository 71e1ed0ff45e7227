// dwh init --from-cfg: reads a dwh.cfg, says of each of its keys what becomes of it, and makes the project beside the files that
// are there. Made a second time it adds what is missing, and changes nothing.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Emit } from '../../core/event.ts';
import { DwhError, fail, type Problem, throwIfAny } from '../../core/problem.ts';
import { PROJECT_FILES } from '../../core/project-files.ts';
import type { Request } from '../../core/request.ts';
import type { Secrets } from '../../core/secrets.ts';
import { type CourseCfg, readCourseCfg } from './course-cfg.ts';
import { courseFiles, IGNORED } from './course-project.ts';
import { type NewFiles, standing, writeFiles } from './write-files.ts';

/** Of the files in the way. */
const MOST_NAMED = 10;

export interface FromCfg {
  /** As given. */
  readonly cfg: string;
  readonly name: string;
  /** Below the folder of the command; '': in it. */
  readonly folder: string;
}

export function initFromCfg({ cfg, name, folder }: FromCfg, request: Request, secrets: Secrets, tell: Emit): void {
  const emit = secrets.masking(tell);
  const say = (...lines: readonly string[]): void => emit({ type: 'note', level: 'info', message: lines.join('\n') });
  const read = readCourseCfg(textOf(resolve(request.cwd, cfg), cfg), cfg, name);
  secrets.learn(...read.secrets);
  throwIfAny(read.problems);
  say(`From ${cfg}:`, ...told(read), '');
  if (read.problems.length > 0) emit({ type: 'problems', problems: read.problems });
  if (request.warnError && read.problems.length > 0) return;

  const files = courseFiles(name, read.settings);
  const missing = missingOf(request.projectDir, files, cfg);
  const listed = (title: string, names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [title, ...foldersOf(names).map((line) => `  ${folder === '' ? '' : `${folder}/`}${line}`)];
  const there = Object.keys(files).filter((file) => missing[file] === undefined);
  const list = (made: string): readonly string[] => [...listed('There already:', there), ...listed(made, Object.keys(missing))];
  if (request.dryRun) {
    for (const file of ['project.yml', 'profiles.yml']) say(`${file} is:`, '', files[file] ?? '');
    say(...list('Would make:'));
    return;
  }
  writeFiles(request.projectDir, missing);
  say(...list('Made:'), ...ignoredNote(request.projectDir), '', ...nextSteps(read, folder));
}

function textOf(path: string, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const notText = error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
    const problem: Problem = notText
      ? {
          code: 'cfg-invalid',
          message: `${shown} is not text in UTF-8`,
          hint: 'Save it as UTF-8, or name the dwh.cfg of a course project.',
        }
      : {
          code: 'cfg-unreadable',
          message: error.code === 'ENOENT' ? `there is no ${shown}` : `${shown} could not be read: ${error.message}`,
          hint: 'Name the dwh.cfg of a course project: dwh init --from-cfg dwh.cfg',
        };
    throw new DwhError([problem], { cause: error });
  }
}

function told(read: CourseCfg): readonly string[] {
  const width = Math.max(...read.told.map(({ key }) => key.length));
  return read.told.map(({ line, key, what }) => `${String(line ?? '-').padStart(5)}  ${key.padEnd(width)}  ${what}`);
}

/** Those that are not there. Another file in the place of one stops everything. */
function missingOf(folder: string, files: NewFiles, cfg: string): NewFiles {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    fail({
      code: 'folder-in-use',
      message: `${folder} is there already, and is no folder`,
      hint: 'Choose another name, or remove it first.',
    });
  const found = Object.entries(files).map(([file, text]) => ({ file, text, is: standing(join(folder, file), text) }));
  const others = [
    ...PROJECT_FILES.filter((file) => files[file] === undefined && existsSync(join(folder, file))),
    ...found.filter(({ file, is }) => is === 'unreadable' || (is === 'other' && file !== '.gitignore')).map(({ file }) => file),
  ];
  if (others.length > 0) {
    fail({
      code: 'file-in-place',
      message: `${others.length === 1 ? 'a file is' : `${others.length} files are`} in the way in ${folder}: nothing was made`,
      detail: [...others.slice(0, MOST_NAMED).map((file) => `  ${file}`), ...(others.length > MOST_NAMED ? ['  …'] : [])],
      hint: `Move them away, or make the project in a folder of its own: dwh init sparkify --from-cfg ${cfg}`,
    });
  }
  return Object.fromEntries(found.filter(({ is }) => is === undefined).map(({ file, text }) => [file, text]));
}

/** 'models/ (11 files)' */
function foldersOf(files: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const file of files) {
    const [top = '', ...below] = file.split('/');
    const name = below.length === 0 ? top : `${top}/`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (name.endsWith('/') ? `${name} (${count} ${count === 1 ? 'file' : 'files'})` : name));
}

function ignoredNote(folder: string): readonly string[] {
  const has = readFileSync(join(folder, '.gitignore'), 'utf8').split(/\r?\n/);
  const lacks = IGNORED.split('\n').filter((line) => !has.includes(line));
  return lacks.length === 0 ? [] : ['', `Your .gitignore stays as it is. What it lacks: ${lacks.join(', ')}`];
}

function nextSteps({ settings }: CourseCfg, folder: string): readonly string[] {
  return [
    'Now:',
    ...(folder === '' ? [] : [`  cd ${folder}`]),
    ...(settings.host === undefined ? ["  export DWH_REDSHIFT_HOST=…                  # the cluster's endpoint"] : []),
    '  export DWH_ENV_SECRET_REDSHIFT_PASSWORD=…   # and the keys of AWS, or a profile of ~/.aws',
    '  dwh build --empty                           # all tables, without a row: what create_tables.py did',
    '  dwh build                                   # loads, transforms and tests: what etl.py did',
  ];
}
