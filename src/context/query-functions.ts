// `run_query`, `statement` and `load_result`: a macro's own questions to the warehouse.
// https://docs.getdbt.com/reference/dbt-jinja-functions/statement-blocks
import { callValue, text } from '../template/index.ts';
import type { Ask, Callable, TemplateValue } from '../template/types.ts';
import { asks } from './asks.ts';
import { type Response, responseOf, responseValue } from './response-value.ts';
import { tableValue } from './table-value.ts';
import type { MakersOf } from './types.ts';
import { hostFunction, hostObject } from './values.ts';

export interface QueryState {
  /** False while parsing: bodies are rendered, so that refs are seen, and nothing runs. */
  readonly execute: boolean;
  /** Results by statement name, of one rendering. */
  readonly results: Map<string, TemplateValue>;
  /** print(), for tables that print themselves. */
  readonly say: (text: string) => void;
  /** What a named statement came to, for the node's result. */
  readonly heard?: ((name: string, response: Response) => void) | undefined;
}

const isCallable = (value: TemplateValue | undefined): value is Callable =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'function';
const rowsOf = (table: TemplateValue): TemplateValue =>
  typeof table === 'object' && table !== null && 'kind' in table && table.kind === 'host' ? (table.get('rows') ?? []) : [];

function keep(
  { results, heard }: QueryState,
  name: string,
  table: TemplateValue,
  heardOf: Response,
  response: TemplateValue = responseValue(heardOf),
): void {
  const item = (key: TemplateValue): TemplateValue | undefined =>
    key === 'table' ? table : key === 'data' ? rowsOf(table) : key === 'response' ? response : undefined;
  results.set(name, hostObject('result', { table, data: rowsOf(table), response }, { item }));
  heard?.(name, heardOf);
}

function* runStatement(state: QueryState, sql: string, name: string | undefined, outside = false): Generator<Ask, TemplateValue, unknown> {
  const result = yield* asks({ ask: 'run', sql, outside });
  const table = tableValue(result, state.say);
  if (name !== undefined) keep(state, name, table, { message: `OK ${result.rowCount}`, word: 'OK', rows: result.rowCount });
  return table;
}

export const queryMakers: MakersOf<QueryState> = {
  run_query: (state) =>
    hostFunction('run_query', function* (args): Generator<Ask, TemplateValue, unknown> {
      const sql = text(args.need(0, 'sql'));
      return state.execute ? yield* runStatement(state, sql, undefined) : null;
    }),
  statement: (state) =>
    hostFunction('statement', function* (args, site): Generator<Ask, TemplateValue, unknown> {
      const caller = args.named.get('caller');
      const name = args.text(0, 'name');
      const body = isCallable(caller) ? text(yield* callValue(caller, [], new Map(), site)) : '';
      if (state.execute && body.trim() !== '') yield* runStatement(state, body, name, !args.flag(2, 'auto_begin', true));
      return '';
    }),
  load_result: ({ results }) => hostFunction('load_result', (args) => results.get(args.needText(0, 'name')) ?? null),
  store_raw_result: (state) =>
    hostFunction('store_raw_result', (args) => {
      const word = args.text(2, 'code') ?? null;
      const rows = args.get(3, 'rows_affected') ?? null;
      const counted = rows === null || rows === undefined ? null : Number(rows);
      const message = args.text(1, 'message') ?? [word, counted].filter((part) => part !== null).join(' ');
      keep(state, args.text(0, 'name') ?? 'main', args.get(4, 'agate_table') ?? null, { message, word, rows: counted });
      return '';
    }),
  store_result: (state) =>
    hostFunction('store_result', (args) => {
      const response = args.get(1, 'response') ?? null;
      keep(state, args.needText(0, 'name'), args.get(2, 'agate_table') ?? null, responseOf(response), response);
      return '';
    }),
  // All that runs is in target/run/ anyhow.
  write: () =>
    hostFunction('write', (args) => {
      args.needText(0, 'payload');
      return '';
    }),
};
