// SQL on its way to a warehouse, and what comes back.

/** `sql` goes to the warehouse; `shown`, with credentials replaced, is all that events and artifacts may carry. */
export interface Statement {
  readonly sql: string;
  readonly shown: string;
}

export const statement = (sql: string, shown = sql): Statement => ({ sql, shown });

/**
 * A value as it comes from a warehouse, without loss: integers beyond 2^53 are bigint; decimals, dates, times, intervals,
 * uuids and all else are the text that the server prints. The column's type says which.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[] | { readonly [key: string]: Value };
export type Row = readonly Value[];

/** `type` is spelt as the warehouse spells it, lower-case: 'bigint', 'varchar(256)', 'decimal(18,3)'. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

export interface Result {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Rows written by a DML statement or COPY; rows returned by a query. */
  readonly rowCount: number;
}
