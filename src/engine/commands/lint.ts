// lint: what a warehouse would refuse, told without asking it: of SQL files, of stdin, or of the project's nodes as they compile.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Emit } from '../../core/event.ts';
import type { Location } from '../../core/location.ts';
import { DwhError, fail, type Problem } from '../../core/problem.ts';
import { PROJECT_FILES } from '../../core/project-files.ts';
import type { LintRequest, Request } from '../../core/request.ts';
import type { KnownRelations, LintedStatement, Linter } from '../../lint/linter.ts';
import { repaired } from '../../lint/repairs/apply.ts';
import { countsOf, type LintEntry, lintJson, lintText } from '../lint/entry.ts';
import { knownRelations } from '../lint/known.ts';
import { lintProject } from '../lint/project.ts';
import { repairSources } from '../lint/repair.ts';
import { rulesJson, rulesText } from '../lint/rules.ts';
import { adapterOf, type OpenProject } from '../open-project.ts';
import { excerpt } from '../problems.ts';
import type { Run } from '../run.ts';

const STDIN = '-';

interface Done {
  /** How many repairs were made. */
  readonly repaired: number;
  /** What the entries' files are relative to. */
  readonly folder: string;
}

function answer(entries: readonly LintEntry[], { repaired, folder }: Done, request: Request, emit: Emit): void {
  const shown = (at: Location): readonly string[] => (at.file === STDIN ? [] : excerpt(at, folder));
  const text = request.output === 'json' ? lintJson(entries) : lintText(entries, repaired, shown);
  // Not told on stdout then.
  if (repaired > 0 && request.output === 'json') emit({ type: 'note', level: 'info', message: `${repaired} repaired` });
  emit({ type: 'output', text });
  emit({ type: 'linted', ...countsOf(entries) });
}

interface SqlFile {
  /** As given. */
  readonly name: string;
  readonly text: string;
  /** undefined: it cannot be written. */
  readonly path: string | undefined;
}

const BYTE_ORDER_MARK = '\ufeff';

function readFile(name: string, { stdin }: LintRequest, cwd: string): SqlFile | Problem {
  if (name === STDIN) return { name, text: stdin ?? '', path: undefined };
  const path = resolve(cwd, name);
  try {
    const bytes = readFileSync(path);
    const text = bytes.toString('utf8');
    // Another encoding would not survive being written.
    return { name, text, path: Buffer.from(text).equals(bytes) ? path : undefined };
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^(\w+: [^,]+),.*$/s, '$1') : String(error);
    return { code: 'lint-unreadable', message: `${name} cannot be read: ${why}`, hint: 'Name SQL files, or - for stdin.' };
  }
}

/** Throws DwhError when a file cannot be read: then nothing is looked at. */
async function lintFiles(asked: LintRequest, request: Request, { open }: LintPath, emit: Emit): Promise<void> {
  const read = asked.files.map((name) => readFile(name, asked, request.cwd));
  const [problem, ...more] = read.flatMap((one) => ('code' in one ? [one] : []));
  if (problem) throw new DwhError([problem, ...more]);
  const linter = await (await adapterOf(asked.dialect)).linter();
  const known = await knownAround(request, open, emit);
  const entries: LintEntry[] = [];
  let made = 0;
  for (const file of read) {
    if ('code' in file) continue;
    const options = known === undefined ? {} : { known };
    // A mark of the encoding is no SQL; blanks keep the places.
    const marked = file.text.startsWith(BYTE_ORDER_MARK);
    let text = marked ? file.text.slice(1) : file.text;
    if (asked.fix) {
      const repaired = await repairedFile(file, text, (sql) => linter(sql, options));
      if (repaired.made > 0 && file.path !== undefined) writeFileSync(file.path, `${marked ? BYTE_ORDER_MARK : ''}${repaired.text}`);
      text = repaired.text;
      made += repaired.made;
    }
    entries.push(...entriesOf(file.name, text, await linter(text, options)));
  }
  answer(entries, { repaired: made, folder: request.cwd }, request, emit);
}

async function repairedFile(
  { path }: SqlFile,
  text: string,
  lint: (sql: string) => ReturnType<Linter>,
): Promise<{ text: string; made: number }> {
  if (path === undefined) return { text, made: 0 };
  const result = await repaired(text, lint);
  return { text: result.text, made: result.made.length };
}

function entriesOf(file: string, text: string, linted: readonly LintedStatement[]): readonly LintEntry[] {
  let [line, at] = [1, 0];
  return linted.map(({ start, refused, findings }) => {
    for (; at < start; at++) if (text.charCodeAt(at) === 10) line++;
    return { file, line, refused, findings };
  });
}

/** Names that the project knows, where there is one. A project that cannot be read keeps nobody from looking at a file. */
async function knownAround({ projectDir }: Request, open: () => Promise<OpenProject>, emit: Emit): Promise<KnownRelations | undefined> {
  if (!PROJECT_FILES.some((name) => existsSync(join(projectDir, name)))) return undefined;
  try {
    return knownRelations((await open()).manifest);
  } catch (error) {
    if (!(error instanceof DwhError)) throw error;
    emit({ type: 'note', level: 'debug', message: `the project around is not looked at: ${error.message}` });
    return undefined;
  }
}

/** What lint needs of the path that all commands go. */
export interface LintPath {
  /** As on a warehouse of this type; without one as on the target's. */
  readonly open: (dialect?: string) => Promise<OpenProject>;
  /** The chosen nodes of it. */
  readonly prepare: (opened: OpenProject) => Run;
}

export async function lint(request: Request, emit: Emit, path: LintPath): Promise<void> {
  const asked = request.lint;
  if (!asked) throw new Error('lint is asked for without saying what is looked at');
  if (asked.listRules) emit({ type: 'output', text: request.output === 'json' ? rulesJson() : rulesText() });
  else if (asked.files.length > 0) await lintFiles(asked, request, path, emit);
  else await lintNodes(asked, request, path, emit);
}

/** What means the same on one warehouse may mean something else on the one that the project is built on. */
const otherDialect = (dialect: string, type: string): Problem => ({
  code: 'usage',
  message: `--fix would write the models as ${dialect} reads them, and the target is on ${type}`,
  hint: `Name a target of type ${dialect} with --target, or look at --dialect ${type}; without --fix nothing is written.`,
});

/** Compiled for the dialect that is asked for; again after what was repaired. */
async function lintNodes(asked: LintRequest, request: Request, { open, prepare }: LintPath, emit: Emit): Promise<void> {
  let repaired = 0;
  for (;;) {
    const opened = await open(asked.dialect);
    if (asked.fix && opened.files.target.type !== asked.dialect) fail(otherDialect(asked.dialect, opened.files.target.type));
    const { nodes, problems } = await lintProject(prepare(opened));
    const made = asked.fix ? repairSources(nodes, opened.manifest.project_name, opened.files.root) : 0;
    repaired += made;
    if (made > 0) continue;
    if (problems.length > 0) emit({ type: 'problems', problems });
    return answer(
      nodes.map(({ entry }) => entry),
      { repaired, folder: opened.files.root },
      request,
      emit,
    );
  }
}
