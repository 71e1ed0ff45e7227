// Where something was written: every node, problem and line map speaks in these.

/** `file` is relative to the project root, with forward slashes; `line` and `column` count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export const locationText = (at: Location): string => `${at.file}:${at.line}:${at.column}`;
