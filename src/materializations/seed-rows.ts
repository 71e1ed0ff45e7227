// A seed's CSV file to typed columns and the bytes of its rows.
import { DwhError } from '../core/problem.ts';
import type { Column } from '../core/statement.ts';
import { type SeedCsv, seedCsv } from './seed-csv.ts';
import { InferredType } from './seed-types.ts';

/** `bytes` as Connection.copyIn takes them. */
export interface SeedRows extends SeedCsv {
  readonly columns: readonly Column[];
}

export interface SeedOptions {
  /** For messages. */
  readonly file: string;
  readonly delimiter: string;
  /** By column name: the type as the project writes it. */
  readonly columnTypes: ReadonlyMap<string, string>;
  /** To the dialect's spelling. */
  readonly columnType: (written: string) => string;
  /** A name of the header as the table has it. */
  readonly columnName: (written: string) => string;
}

/** Throws DwhError for a CSV that can't be read, an empty file, or repeated column names. */
export function seedRows(file: Buffer, options: SeedOptions): SeedRows {
  let names: readonly string[] = [];
  let inferred: readonly (InferredType | undefined)[] = [];
  const wanted = (name: string): string | undefined =>
    [...options.columnTypes].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  const csv = seedCsv(file, options, (header) => {
    names = header;
    inferred = header.map((name) => (wanted(name) === undefined ? new InferredType() : undefined));
    return inferred;
  });
  checkHeader(names, options.file);
  return {
    ...csv,
    columns: names.map((name, index) => ({
      name: options.columnName(name),
      type: options.columnType(wanted(name) ?? inferred[index]?.type ?? 'text'),
    })),
  };
}

function checkHeader(header: readonly string[], file: string): void {
  const at = { file, line: 1, column: 1 };
  if (header.length === 0)
    throw new DwhError([
      { code: 'seed-csv', message: 'the CSV is empty: it has no header', at, hint: 'Give it a first line with the column names.' },
    ]);
  const repeated = header.find((name, index) => header.findIndex((one) => one.toLowerCase() === name.toLowerCase()) !== index);
  if (repeated !== undefined)
    throw new DwhError([
      { code: 'seed-csv', message: `the column name '${repeated}' stands twice in the header`, at, hint: 'Rename one of them.' },
    ]);
}
