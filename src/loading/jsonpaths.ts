// Where in a record each column's value is: a jsonpaths file, 'auto' or 'auto ignorecase' in, a path for each column out.
// https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html#copy-json-jsonpaths
import { isMapping } from '../core/config-reader.ts';
import type { TargetColumn } from '../core/copy.ts';
import type { Location } from '../core/location.ts';
import { fail, type Problem, throwIfAny } from '../core/problem.ts';
import type { Column } from '../core/statement.ts';
import { leftBrace } from './byte-classes.ts';
import { JsonParser } from './json-parser.ts';
import { afterBlanks } from './json-records.ts';

/** undefined: `jsonpaths` names a file. */
export function autoMode(jsonpaths: string): 'auto' | 'auto ignorecase' | undefined {
  const mode = jsonpaths.trim().toLowerCase().replace(/\s+/g, ' ');
  return mode === 'auto' || mode === 'auto ignorecase' ? mode : undefined;
}

/** A key equal to the column's name in lower case; with 'auto ignorecase' the reader folds the keys' case. */
export const autoColumns = (columns: readonly Column[]): readonly TargetColumn[] =>
  columns.map((column) => ({ ...column, path: [column.name.toLowerCase()] }));

/** `file` is how messages name the jsonpaths file, `at` where the source table is written. Throws DwhError with all mistakes. */
export function jsonpathsColumns(text: string, file: string, columns: readonly Column[], at: Location): readonly TargetColumn[] {
  const document = parsed(text, file);
  if (!isMapping(document) || !Array.isArray(document.jsonpaths)) return fail(wrongTop(document, file));
  const paths: readonly unknown[] = document.jsonpaths;
  const problems: Problem[] = [];
  const steps = paths.map((path) => {
    const found = typeof path === 'string' ? parsePath(path) : 'is not text';
    if (typeof found !== 'string') return found;
    problems.push({
      code: 'jsonpaths-path',
      message: `the path ${JSON.stringify(path)} ${found}`,
      at: placeOf(text, file, path),
      hint: "Write $['key'], $['key']['inner'] or $['list'][0].",
    });
    return [];
  });
  if (paths.length !== columns.length) {
    problems.push({
      code: 'jsonpaths-count',
      message: `${file} has ${counted(paths.length, 'path')}, and the table has ${counted(columns.length, 'column')} (${columns.map((column) => column.name).join(', ')})`,
      at,
      hint: 'The first path fills the first column, and so on: list as many columns, in the order of the paths.',
    });
  }
  throwIfAny(problems);
  return columns.map((column, index) => ({ ...column, path: steps[index] ?? [] }));
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function parsed(text: string, file: string): unknown {
  const json = text.replace(/^\ufeff/, '');
  try {
    return JSON.parse(json);
  } catch (cause) {
    return fail(
      {
        code: 'jsonpaths-json',
        message: `${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
        at: lineAndColumn(json, file, faultOffset(json)),
        hint: `A jsonpaths file is {"jsonpaths": ["$['first']", "$['second']"]}.`,
      },
      { cause },
    );
  }
}

/** Where a text that is not one JSON object ceases to be one; JSON.parse does not always tell. */
function faultOffset(text: string): number {
  const bytes = Buffer.from(`${text}\0`);
  const start = afterBlanks(bytes, 0);
  if (bytes[start] !== leftBrace) return text.length - text.trimStart().length;
  const parser = new JsonParser([], false);
  parser.look(bytes);
  const end = parser.parse(start);
  const fault = end < 0 ? parser.errorAt : afterBlanks(bytes, end);
  return bytes.toString('utf8', 0, Math.min(fault, bytes.length - 1)).length;
}

function wrongTop(document: unknown, file: string): Problem {
  const [key] = isMapping(document) ? Object.keys(document) : [];
  const found =
    isMapping(document) && 'jsonpaths' in document
      ? "its 'jsonpaths' is not a list"
      : key === undefined
        ? 'it has no such key'
        : `its key is '${key}'`;
  return {
    code: 'jsonpaths-key',
    message: `${file} is not a jsonpaths file: it must be an object with the key 'jsonpaths' and a list of paths, and ${found}`,
    at: { file, line: 1, column: 1 },
    hint: "Rename the key. (Redshift would silently load as with 'auto', and leave most columns NULL.)",
  };
}

/** A text says what is wrong with the path. */
function parsePath(path: string): readonly (string | number)[] | string {
  if (!path.startsWith('$')) return 'does not begin with $';
  const steps: (string | number)[] = [];
  let spelling: 'dot' | 'bracket' | undefined;
  const step = /\.([^.[\]'"*\s]+)|\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([0-9]+))\s*\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const rest = path.slice(step.lastIndex);
    if (/^(?:\.\.|\.?\*|\[\s*\*)/.test(rest)) return 'has a wildcard, which COPY does not take';
    const [all, dotted, single, double, index] = step.exec(path) ?? [];
    if (all === undefined) return `cannot be read from '${rest}' on`;
    if (index !== undefined) {
      steps.push(Number(index));
      continue;
    }
    const now = dotted === undefined ? 'bracket' : 'dot';
    if (spelling !== undefined && spelling !== now) return 'mixes dots and brackets, which COPY does not take';
    spelling = now;
    steps.push(dotted ?? (single ?? double ?? '').replace(/\\(.)/g, '$1'));
  }
  if (steps.length === 0) return 'names no key';
  if (typeof steps[0] === 'number') return 'wants records that are arrays, and a record is an object';
  return steps;
}

function placeOf(text: string, file: string, path: unknown): Location {
  const offset = text.indexOf(JSON.stringify(path));
  return lineAndColumn(text, file, Math.max(offset, 0));
}

function lineAndColumn(text: string, file: string, offset: number): Location {
  const before = text.slice(0, offset).split('\n');
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
