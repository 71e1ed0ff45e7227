// What a data test's arguments may be: kinds that read a value from YAML (or from a template that made it) or refuse it.
// Text that names columns, expressions or conditions is SQL and goes into the query as it is written, as in dbt.

export interface Kind<T> {
  /** 'a number': for messages and docs. */
  readonly kind: string;
  /** undefined: the value is not of this kind. */
  readonly read: (value: unknown) => T | undefined;
}

export interface Argument<T = unknown> extends Kind<T> {
  readonly required: boolean;
  /** What it is when it is not given. */
  readonly fallback: T | undefined;
}

export type Arguments = Readonly<Record<string, Argument>>;
export type Values<A> = { readonly [K in keyof A]: A[K] extends Argument<infer T> ? T : never };

export const required = <T>(kind: Kind<T>): Argument<T> => ({ ...kind, required: true, fallback: undefined });
export const optional = <T>(kind: Kind<T>): Argument<T | undefined> => ({ ...kind, required: false, fallback: undefined });
export const otherwise = <T>(fallback: T, kind: Kind<T>): Argument<T> => ({ ...kind, required: false, fallback });

/** A scalar as text, spelt as templates print it: True, not true. */
const scalarText = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return undefined;
};

/** An expression, a column, a condition. */
export const sql: Kind<string> = {
  kind: 'SQL',
  read: (value) => {
    const text = scalarText(value);
    return text === undefined || text.trim() === '' ? undefined : text;
  },
};

export const text: Kind<string> = { kind: 'text', read: scalarText };

/** A ref() or source(), or any from-item: relation text by the time a query is made. */
export const relation: Kind<string> = { kind: 'a ref() or source()', read: sql.read };

const toNumber = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && value.trim() !== '') return toNumber(Number(value));
  return undefined;
};

export const number: Kind<number> = { kind: 'a number', read: toNumber };

export const integer: Kind<number> = {
  kind: 'a whole number',
  read: (value) => {
    const found = toNumber(value);
    return Number.isInteger(found) ? found : undefined;
  },
};

export const flag: Kind<boolean> = {
  kind: 'true or false',
  read: (value) => {
    if (typeof value === 'boolean') return value;
    const word = typeof value === 'string' ? value.toLowerCase() : '';
    return word === 'true' ? true : word === 'false' ? false : undefined;
  },
};

export const choice = <const T extends string>(...choices: readonly T[]): Kind<T> => ({
  kind: choices.map((one) => `'${one}'`).join(' or '),
  read: (value) => choices.find((one) => one === value),
});

const listOf = <T>(value: unknown, read: (item: unknown) => T | undefined): readonly T[] | undefined => {
  const items = Array.isArray(value) ? value.map(read) : [read(value)];
  const found = items.filter((item) => item !== undefined);
  return items.length > 0 && found.length === items.length ? found : undefined;
};

/** One is a list of one. */
export const sqlList: Kind<readonly string[]> = { kind: 'a list of columns or expressions', read: (value) => listOf(value, sql.read) };
export const textList: Kind<readonly string[]> = { kind: 'a list of texts', read: (value) => listOf(value, scalarText) };

/** Values to compare with: an empty item is refused, because `not in (…, null)` is never true. */
export const values: Kind<readonly string[]> = {
  kind: 'a list of values, none of them empty',
  read: (value) => listOf(value, scalarText),
};

export const pairs: Kind<readonly (readonly [string, string])[]> = {
  kind: 'a list of pairs of values',
  read: (value) =>
    Array.isArray(value)
      ? listOf(value, (item) => {
          const [a, b, ...more] = Array.isArray(item) ? item.map(sql.read) : [];
          return a !== undefined && b !== undefined && more.length === 0 ? ([a, b] as const) : undefined;
        })
      : undefined,
};
