// What went wrong at a node, in the user's terms: the server's words at the model's own line.

import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { DatabaseError } from '../adapters/adapter.ts';
import { type Location, locationText } from '../core/location.ts';
import type { Node } from '../core/node.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import { shownLine } from '../core/secret-names.ts';
import { textWidth } from '../core/table-text.ts';
import type { Compiled } from './compile.ts';
import { StatementError } from './session.ts';

/** Larger files are data, which may not fit into memory. */
const MAX_TEXT_BYTES = 1 << 20;
const MAX_LINE_LENGTH = 2000;
/** Of a line, in characters. */
const MAX_SHOWN = 120;

/** The line of a text file with a caret below the column; empty when the file cannot be read, or is large or packed. */
export function excerpt(at: Location, projectDir: string): readonly string[] {
  try {
    const path = isAbsolute(at.file) ? at.file : join(projectDir, at.file);
    if (statSync(path).size > MAX_TEXT_BYTES) return [];
    const text = readFileSync(path, 'utf8');
    const written = text.split('\n')[at.line - 1]?.replace(/\r$/, '');
    const line = written === undefined ? undefined : shownLine(written, at.file);
    if (line === undefined || line.length > MAX_LINE_LENGTH || text.includes('\ufffd')) return [];
    const gutter = `${at.line} | `;
    const { before, after } = around(line, at.column - 1);
    return [`${gutter}${before}${after}`, `${' '.repeat(gutter.length + textWidth(before))}^`];
  } catch {
    return [];
  }
}

/** A line in two at an index: what is far from it is left out, so that the caret stays on one line of a terminal. */
function around(line: string, index: number): { readonly before: string; readonly after: string } {
  const place = Math.max(0, index);
  const from = line.length <= MAX_SHOWN ? 0 : Math.max(0, Math.min(place - MAX_SHOWN / 2, line.length - MAX_SHOWN));
  const to = from + MAX_SHOWN;
  return {
    before: `${from > 0 ? '…' : ''}${line.slice(from, place).padEnd(place - from)}`,
    after: `${line.slice(place, to)}${to < line.length ? '…' : ''}`,
  };
}

/** The problem with the line it is about above its details, unless these show that line or name its place already. */
export function withLine(problem: Problem, projectDir: string): Problem {
  const { at, detail = [] } = problem;
  if (!at) return problem;
  const lines = excerpt(at, projectDir);
  const bare = (text: string): string => text.replaceAll(/[\s→]/g, '');
  const [line = ''] = lines;
  const shown = detail.some((one) => bare(one) === bare(line.slice(line.indexOf('|') + 1)) || one.includes(locationText(at)));
  return shown ? problem : { ...problem, detail: [...lines, ...detail] };
}

/** The offset of the fault within the compiled text, when the statement carries it. */
function offsetInCompiled(error: StatementError, compiled: Compiled): number | undefined {
  const { position } = error.cause.details;
  if (position === undefined) return undefined;
  // Statements carry it without the semicolon at its end.
  const start = error.statement.sql.indexOf(compiled.sql.trim().replace(/(?:\s*;)+$/, ''));
  if (start < 0) return undefined;
  const offset = position - start + (compiled.sql.length - compiled.sql.trimStart().length);
  return offset >= 0 && offset <= compiled.sql.length ? offset : undefined;
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

export interface Faulty {
  readonly node: Node;
  readonly compiled: Compiled | undefined;
  /** Relative to the project folder. */
  readonly compiledPath: string | undefined;
  readonly projectDir: string;
}

/** What to do when the server misses a relation that the node is made from. */
function unbuilt(node: Node, message: string): string | undefined {
  const name = /(?:with name|relation) "?(?:[^".]+\.)*"?([^"!]+?)"? does not exist/.exec(message)?.[1];
  const parent = node.depends_on.find((id) => name !== undefined && id.split('.').at(-1) === name);
  const [type, , ...path] = parent?.split('.') ?? [];
  if (type === 'source') return `The source '${path.join('.')}' is not in the warehouse: load it, or correct its schema and database.`;
  return parent && `'${name}' is not in the warehouse yet. To make it: dwh build -s +${name}`;
}

function databaseProblem(error: StatementError, { node, compiled, compiledPath, projectDir }: Faulty): Problem {
  const { code, cancelled } = error.cause.details;
  const hint = unbuilt(node, error.message) ?? error.cause.details.hint ?? error.place?.hint;
  const offset = error.place ? undefined : compiled && offsetInCompiled(error, compiled);
  const at = error.place?.at ?? ((offset !== undefined && compiled?.locate(offset)) || node.at);
  const where =
    offset !== undefined && compiled && compiledPath
      ? [`compiled: ${compiledPath}:${lineOf(compiled.sql, offset)}`]
      : compiledPath && compiled
        ? [`compiled: ${compiledPath}`]
        : [];
  return {
    code: cancelled ? 'cancelled' : 'database-error',
    message: cancelled ? 'cancelled' : `${code ? `${code}: ` : ''}${error.message}`,
    at,
    detail: [...(offset === undefined && !error.place ? [] : excerpt(at, projectDir)), ...where],
    ...(hint !== undefined && { hint }),
  };
}

/** Any error at a node as a problem. A bug stays a bug: what is not ours or the server's is thrown again. */
export function problemOf(error: unknown, faulty: Faulty): Problem {
  if (error instanceof StatementError) return databaseProblem(error, faulty);
  if (error instanceof DatabaseError) return databaseProblem(new StatementError({ sql: '', shown: '' }, error), faulty);
  if (error instanceof DwhError) {
    const [first] = error.problems;
    const hint = first.hint ?? (error.cause instanceof StatementError ? unbuilt(faulty.node, error.cause.message) : undefined);
    const problem = { ...first, ...(hint !== undefined && { hint }) };
    return problem.at ? withLine(problem, faulty.projectDir) : { ...problem, at: faulty.node.at };
  }
  // Between two pieces of work of our own, where no statement was there to be cancelled.
  if (error instanceof Error && error.name === 'AbortError') return { code: 'cancelled', message: 'cancelled', at: faulty.node.at };
  throw error;
}
