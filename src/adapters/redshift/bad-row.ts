// Which row of a statement the server refused: it says what is wrong with a value, and not where the value stands.
import type { Column } from '../../core/statement.ts';
import { DatabaseError } from '../adapter.ts';
import { columnType } from './types.ts';

type Row = readonly (string | null)[];

const isText = (type: string): boolean => type.startsWith('character') || type === 'super';

/** Whether a field is one that the message can mean; undefined: it tells nothing of a value. */
function suspect(message: string): ((field: string, type: string) => boolean) | undefined {
  const [, size] = /value too long for type (character varying\(\d+\)|character\(\d+\))/.exec(message) ?? [];
  if (size !== undefined) return (field, type) => type === size && Buffer.byteLength(field) > Number(/\d+/.exec(size)?.[0]);
  const [, said] = /"(.*)"/s.exec(message) ?? [];
  return said === undefined ? undefined : (field, type) => field === said && !isText(type);
}

/** `before`: how many rows earlier statements brought. */
export function placedError(error: unknown, columns: readonly Column[], rows: readonly Row[], before: number): unknown {
  if (!(error instanceof DatabaseError) || error.details.transient || error.details.cancelled) return error;
  const types = columns.map(({ type }) => columnType(type));
  const isIt = suspect(error.message);
  const columnIn = (row: Row): number => row.findIndex((field, index) => field !== null && isIt?.(field, types[index] ?? ''));
  const row = rows.findIndex((one) => columnIn(one) >= 0);
  const place =
    row < 0
      ? `rows ${before + 1} to ${before + rows.length}`
      : `row ${before + row + 1}, column '${columns[columnIn(rows[row] ?? [])]?.name}'`;
  const { position: _, ...details } = error.details;
  return new DatabaseError(`${place}: ${error.message}`, details, { cause: error });
}
