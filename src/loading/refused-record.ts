// The reject that stopped a load, in the user's words.
import type { Reject } from '../core/copy.ts';
import type { Problem } from '../core/problem.ts';

const keptOfValue = 1000;

/** As much of a refused value as is kept. */
export const shownValue = (value: string): string => (value.length > keptOfValue ? `${value.slice(0, keptOfValue)}…` : value);

/** `allowed`: how many rejects the load would have kept; undefined: it keeps none, `on_error: abort`. `most`: more are never kept. */
export function refusedRecord(reject: Reject | undefined, allowed: number | undefined, most = Number.POSITIVE_INFINITY): Problem {
  if (!reject) throw new Error('a load was stopped without a reject');
  const { column, value } = reject;
  const place = column === undefined ? 'the record' : `column '${column}'${value === undefined ? '' : `: ${JSON.stringify(value)}`}`;
  const raw = reject.raw.length > 500 ? `${reject.raw.slice(0, 500)}…` : reject.raw;
  const why = allowed === most ? 'the warehouse counts no further' : `max_errors is ${allowed}`;
  const limit = allowed === undefined ? '' : ` (${why}, and this is reject ${allowed + 1})`;
  return {
    code: 'load-reject',
    message: `${place} is refused: ${reject.reason}${limit}`,
    at: { file: reject.file, line: reject.line, column: 1 },
    hint:
      allowed === undefined
        ? 'Mend the file, or set on_error: reject to load the other records and keep this one in _dwh.load_rejects.'
        : allowed === most
          ? 'Mend the files.'
          : 'Mend the files, or raise max_errors.',
    detail: [...(raw === '' ? [] : [raw]), 'Nothing of this table was loaded.'],
  };
}
