// The type of a seed's column, inferred from all its values as dbt does: integer, number, date, timestamp, boolean, else text.
// https://docs.getdbt.com/docs/build/seeds
import { columnType } from '../loading/column-types.ts';
import { isPlain } from '../loading/plain-values.ts';

const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const DAY = /^\d{4}-(\d{1,2})-(\d{1,2})/;
const DATE = new RegExp(`${DAY.source}$`);
/** UTC may be said; another zone is text, since servers would drop it. */
const TIMESTAMP = new RegExp(
  `${DAY.source}( ([01]?\\d|2[0-3])(:[0-5]?\\d){1,2}(\\.\\d+)?|T([01]\\d|2[0-3])(:[0-5]\\d(:[0-5]\\d(\\.\\d+)?(Z|[+-]00(:?00)?)?)?))$`,
);
const fitsInt = (text: string): boolean => BigInt(text) >= -2147483648n && BigInt(text) <= 2147483647n;
const fitsBigint = (text: string): boolean => BigInt(text) >= -9223372036854775808n && BigInt(text) <= 9223372036854775807n;
const isRealDate = (text: string): boolean => {
  const [, month = '', day = ''] = DAY.exec(text) ?? [];
  const iso = `${text.slice(0, 4)}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
};

interface Candidate {
  readonly type: string;
  readonly fits: (text: string) => boolean;
  /** Types that take all its plain values too. */
  readonly wider: readonly string[];
}

/** From narrow to wide: the first that all values fit. A number with a leading zero ('007') is text, so that nothing is lost. */
const TYPES: readonly Candidate[] = [
  {
    type: 'integer',
    fits: (text) => INTEGER.test(text) && !/^[+-]?0\d/.test(text) && fitsInt(text),
    wider: ['bigint', 'double precision'],
  },
  { type: 'bigint', fits: (text) => INTEGER.test(text) && !/^[+-]?0\d/.test(text) && fitsBigint(text), wider: ['double precision'] },
  { type: 'double precision', fits: (text) => NUMBER.test(text) && !/^[+-]?0\d/.test(text), wider: [] },
  { type: 'date', fits: (text) => DATE.test(text) && isRealDate(text), wider: ['timestamp'] },
  { type: 'timestamp', fits: (text) => (DATE.test(text) || TIMESTAMP.test(text)) && isRealDate(text), wider: [] },
  { type: 'boolean', fits: (text) => /^(true|false)$/i.test(text), wider: [] },
];

/** One column's. */
export class InferredType {
  #left = TYPES;
  /** All types that are left take the plain values of this one: they need no second look. */
  #settled: ReturnType<typeof columnType>;

  /** The narrowest that takes all values so far. */
  get type(): string {
    return this.#left[0]?.type ?? 'text';
  }

  /** A value that is not NULL, in UTF-8. */
  see(bytes: Buffer, start: number, end: number): void {
    if (this.#left.length === 0 || (this.#settled && isPlain(this.#settled, bytes, start, end))) return;
    const text = bytes.toString('utf8', start, end);
    this.#left = this.#left.filter(({ fits }) => fits(text));
    const [narrowest, ...others] = this.#left;
    this.#settled = narrowest && others.every(({ type }) => narrowest.wider.includes(type)) ? columnType(narrowest.type) : undefined;
  }
}
