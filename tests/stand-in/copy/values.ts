// The texts of a row as its columns take them, and what COPY says of those that they do not take.
// https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html
import type { CopyOptions } from './options.ts';
import type { LoadColumn, LoadError, LoadRow } from './rows.ts';

const OID = {
  bool: 16,
  bigint: 20,
  smallint: 21,
  integer: 23,
  float4: 700,
  float8: 701,
  char: 1042,
  varchar: 1043,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  jsonb: 3802,
};
const INTEGERS = [OID.bigint, OID.smallint, OID.integer];
const STRINGS = [OID.char, OID.varchar];
const TIMES = [OID.timestamp, OID.timestamptz];
/** What COPY takes without TIMEFORMAT 'auto'. https://docs.aws.amazon.com/redshift/latest/dg/r_DATEFORMAT_and_TIMEFORMAT_strings.html */
const DEFAULT_TIME = /^\s*\d{4}-\d{1,2}-\d{1,2}( \d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?\s*([-+]\d{1,2}(:?\d{2})?)?\s*$/;

export const isString = ({ oid }: LoadColumn): boolean => STRINGS.includes(oid);

/** Cut at a whole character. */
function cut(text: string, bytes: number): string {
  let kept = '';
  let size = 0;
  for (const char of text) {
    size += Buffer.byteLength(char);
    if (size > bytes) break;
    kept += char;
  }
  return kept;
}

/** `3.0` or `1.5E3` into an integer, without what is behind the point. */
function wholeNumber(text: string): string {
  if (!/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text) || /^-?\d+$/.test(text)) return text;
  return /[eE]/.test(text) ? String(BigInt(Math.trunc(Number(text)))) : text.replace(/\..*/, '');
}

/** The rows that hold no error, their values ready for Postgres; of a row with errors the first one counts. */
export function convert(
  rows: readonly LoadRow[],
  columns: readonly LoadColumn[],
  options: CopyOptions,
): { readonly good: LoadRow[]; readonly errors: LoadError[] } {
  const good: LoadRow[] = [];
  const errors: LoadError[] = [];
  for (const row of rows) {
    let problem: LoadError | undefined;
    const values = row.values.map((value, index) => {
      const column = columns[index];
      if (!column) return value;
      const result = converted(value, column, options);
      if (typeof result === 'object' && result !== null)
        problem ??= { file: row.file, line: row.line, raw: row.raw, column, value: value ?? '', ...result };
      return typeof result === 'object' ? null : result;
    });
    if (problem) errors.push(problem);
    else good.push({ ...row, values });
  }
  return { good, errors };
}

function converted(value: string | null, column: LoadColumn, options: CopyOptions): string | null | { code: number; reason: string } {
  let text = value;
  if (text !== null && isString(column)) {
    if (options.has('trimblanks')) text = text.trimEnd();
    if (options.has('emptyasnull') && text === '') text = null;
    if (options.has('blanksasnull') && text !== null && /^\s*$/.test(text)) text = null;
    const size = column.modifier - 4;
    if (text !== null && column.modifier > 0 && Buffer.byteLength(text) > size) {
      if (options.has('truncatecolumns')) text = cut(text, size);
      else if (Buffer.byteLength(text.trimEnd()) > size) return { code: 1204, reason: 'String length exceeds DDL length' };
      else text = cut(text, size);
    }
  } else if (text !== null) {
    // An empty field is no number and no date.
    if (text.trim() === '') text = null;
    else if (INTEGERS.includes(column.oid)) text = wholeNumber(text.trim());
    else if (TIMES.includes(column.oid)) return time(text, options, column);
  }
  return text === null && column.required ? { code: 1213, reason: 'Missing data for not-null field' } : text;
}

function time(text: string, options: CopyOptions, { required }: LoadColumn): string | { code: number; reason: string } | null {
  const format = options.text('timeformat');
  if (format === 'epochsecs' || format === 'epochmillisecs') {
    if (!/^-?\d+(\.\d+)?$/.test(text.trim())) return { code: 1206, reason: `Invalid timestamp format or value [${format}]` };
    return new Date(Number(text) * (format === 'epochsecs' ? 1000 : 1)).toISOString().replace('Z', '');
  }
  if (format !== 'auto' && !DEFAULT_TIME.test(text))
    return { code: 1206, reason: 'Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]' };
  return required && text === '' ? null : text;
}

/** COPY's word for what Postgres said of a value. */
export function reasonOf({ oid, type }: LoadColumn, value: string, said: string): { readonly code: number; readonly reason: string } {
  if (oid === OID.date) return { code: 1205, reason: 'Invalid Date Format - length must be 10 or more' };
  if (TIMES.includes(oid)) return { code: 1206, reason: 'Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]' };
  if (oid === OID.jsonb) return { code: 1224, reason: 'Invalid JSON' };
  if (oid === OID.bool) return { code: 1210, reason: `Unknown boolean format, Value '${value}'` };
  if (said.includes('overflow') || said.includes('out of range')) return { code: 1216, reason: `Overflow, column type: ${type}` };
  const place = Math.max(0, value.search(/[^-+0-9.]/));
  const kind = { [OID.bigint]: 'Long', [OID.smallint]: 'Short', [OID.integer]: 'Integer', [OID.numeric]: 'Decimal' }[oid] ?? 'Double';
  return { code: 1207, reason: `Invalid digit, Value '${value.charAt(place)}', Pos ${place}, Type: ${kind}` };
}
