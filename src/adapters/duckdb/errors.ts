// What DuckDB says when it refuses: an error of a statement with its place, and the reasons why a database does not open
// as problems. The connection has errors_as_json on; errors of opening are plain text.
import { readFileSync } from 'node:fs';
import { nearestName } from '../../core/nearest.ts';
import { DwhError, type Problem } from '../../core/problem.ts';
import { DatabaseError } from '../adapter.ts';

/** The error as DuckDB structures it: its type without the word 'Error', and what it knows of the place and of other names. */
export interface DuckdbReport {
  readonly type: string;
  readonly message: string;
  /** 0-based, in UTF-16 units. */
  readonly position?: number;
  readonly subtype?: string;
  /** The name that was not found. */
  readonly name?: string;
  readonly candidates: readonly string[];
}

const field = (values: object, key: string): string | undefined => {
  const value: unknown = Object.entries(values).find(([name]) => name === key)?.[1];
  return typeof value === 'string' ? value : undefined;
};

function parsedReport(text: string): object | undefined {
  const start = text.indexOf('{"exception_type"');
  if (start < 0) return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(start));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

export function duckdbReport(error: unknown, sql: string): DuckdbReport {
  const text = error instanceof Error ? error.message : String(error);
  const values = parsedReport(text);
  if (!values) {
    const [, type = 'Unknown', message = text] = /^([A-Z][\w ]*?) Error: ([\s\S]*)$/.exec(text) ?? [];
    return { type, message, candidates: [] };
  }
  const subtype = field(values, 'error_subtype');
  const offset = Number(field(values, 'position') ?? Number.NaN);
  const position = Number.isInteger(offset) ? utf16Position(sql, offset, subtype === 'SYNTAX_ERROR') : undefined;
  const name = field(values, 'name');
  return {
    type: field(values, 'exception_type') ?? 'Unknown',
    message: field(values, 'exception_message') ?? text,
    candidates: (field(values, 'candidates') ?? '').split(/,\s*/).filter((one) => one !== ''),
    ...(position !== undefined && { position }),
    ...(subtype !== undefined && { subtype }),
    ...(name !== undefined && { name }),
  };
}

/** Syntax errors count code points, all others bytes. */
function utf16Position(sql: string, offset: number, codePoints: boolean): number {
  if (!codePoints) return Buffer.from(sql).subarray(0, offset).toString().length;
  let units = 0;
  for (let left = offset; left > 0 && units < sql.length; left--) units += (sql.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  return units;
}

/** The message without the suggestions, which become the hint, and without the settings of a CSV reader. */
const messageOf = ({ message }: DuckdbReport): string =>
  message.split(/\n+(?:Did you mean|Candidate bindings:|\tCandidate functions:|\tCandidate macros:)/)[0]?.trim() ?? message;

function hintOf({ name, candidates, subtype, message }: DuckdbReport): string | undefined {
  if (candidates.length === 0) return undefined;
  if (name !== undefined) {
    const bare = candidates.map((one) => one.replace(/^"|"$/g, ''));
    const near = nearestName(
      name.split('.').at(-1) ?? name,
      bare.map((one) => one.split('.').at(-1) ?? one),
    );
    if (near !== undefined) return `Did you mean '${near}'?`;
  }
  if (subtype === 'COLUMN_NOT_FOUND') return `The nearest columns are: ${candidates.join(', ')}`;
  if (message.includes('Candidate functions:')) return `It can be called as: ${candidateFunctions(message).join('; ')}`;
  return undefined;
}

const candidateFunctions = (message: string): readonly string[] =>
  (message.split('Candidate functions:')[1] ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Two transactions that wanted the same thing: the unit of work may be tried again. */
const isConflict = ({ type, message }: DuckdbReport): boolean =>
  type === 'TransactionContext' && /conflict|another transaction/i.test(message);

export function databaseError(error: unknown, sql: string): DatabaseError {
  const report = duckdbReport(error, sql);
  const hint = hintOf(report);
  return new DatabaseError(
    messageOf(report),
    {
      code: report.type === 'INTERRUPT' ? 'Interrupt Error' : `${report.type} Error`,
      ...(report.position !== undefined && { position: report.position }),
      ...(hint !== undefined && { hint }),
      ...(isConflict(report) && { transient: true }),
      ...(report.type === 'INTERRUPT' && { cancelled: true }),
    },
    { cause: error },
  );
}

/**
 * An error of copyIn: the row and column at fault, without the reader's settings and the place of its file. `rowsBefore`:
 * those of files already read.
 */
export function copyError(error: DatabaseError, rowsBefore: number): DatabaseError {
  const [, row, text = ''] = /^CSV Error on Line: (\d+)\n([\s\S]*)$/.exec(error.message) ?? [];
  if (row === undefined) return error;
  const [, column, reason] = /\nError when converting column "([\s\S]*?)"\. ([\s\S]*?)(?:\n\n|$)/.exec(text) ?? [];
  const [other = 'the row cannot be read'] = /^(?:Expected Number of Columns|Value with unterminated|Invalid unicode).*$/m.exec(text) ?? [];
  const { position: _, ...details } = error.details;
  const where = `row ${rowsBefore + Number(row)}${column === undefined ? '' : `, column '${column}'`}`;
  return new DatabaseError(`${where}: ${reason ?? other}`, details, { cause: error.cause });
}

/** The command line of a process, where the system tells; else its program as DuckDB names it. */
function commandOf(pid: string, program: string): string {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    return command === '' ? program : command;
  } catch {
    return program;
  }
}

function lockProblem(message: string, shownPath: string): Problem {
  const [, program = '', pid] = /lock is held in (.*?) \(PID (\d+)\)/.exec(message) ?? [];
  const who = pid === undefined ? 'another process' : `another process: ${commandOf(pid, program)} (PID ${pid})`;
  return {
    code: 'database-locked',
    message: `${shownPath} is in use by ${who}`,
    hint: `DuckDB lets one process at a time open a file: wait for it to end${pid === undefined ? '' : `, or stop it with: kill ${pid}`}.`,
  };
}

/** Why a database does not open, from DuckDB's words. */
export function openError(error: unknown, path: string, shownPath: string): DwhError {
  const { message } = duckdbReport(error, '');
  return new DwhError([openProblem(message, path, shownPath)], { cause: error });
}

function openProblem(message: string, path: string, shownPath: string): Problem {
  const detail = [message.split('\n')[0] ?? message];
  if (/Could not set lock|Conflicting lock/i.test(message)) return lockProblem(message, shownPath);
  if (/No such file or directory/i.test(message)) {
    return {
      code: 'database-unreadable',
      message: `the folder of ${shownPath} does not exist`,
      hint: `Make it (${path} is the full path), or correct 'path' in the profile.`,
    };
  }
  if (/Permission denied|Read-only file system/i.test(message)) {
    return {
      code: 'database-unreadable',
      message: `${shownPath} cannot be opened for reading and writing`,
      hint: `Check the rights of ${path} and of its folder.`,
      detail,
    };
  }
  if (/Is a directory/i.test(message)) {
    return {
      code: 'database-unreadable',
      message: `${shownPath} is a folder, and should be a DuckDB file`,
      hint: "Name a file in the profile: path: 'dwh.duckdb'",
    };
  }
  if (/not a valid DuckDB database file/i.test(message)) {
    return {
      code: 'database-invalid',
      message: `${shownPath} is not a DuckDB database`,
      hint: `Name another file with 'path' in the profile, or remove ${path}.`,
    };
  }
  if (/version number|storage version|newer (?:version|DuckDB)/i.test(message)) {
    return {
      code: 'database-invalid',
      message: `${shownPath} was written by another version of DuckDB`,
      hint: 'Open it with that version and export it, or build a new file.',
      detail,
    };
  }
  if (/corrupt|checksum|WAL/i.test(message)) {
    return {
      code: 'database-invalid',
      message: `${shownPath} is damaged`,
      hint: 'Restore it from a copy, or remove it and build again.',
      detail,
    };
  }
  if (/different configuration/i.test(message)) {
    return {
      code: 'database-open',
      message: `${shownPath} is already open in this process with other config_options`,
      hint: 'Use the same config_options, or close it first.',
    };
  }
  return { code: 'database-open', message: `${shownPath} cannot be opened: ${message}`, hint: "Check the target's keys in profiles.yml." };
}
