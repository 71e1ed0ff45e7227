// `run_query`, `statement` and `load_result`: a macro's own questions to the warehouse.
// https://docs.getdbt.com/reference/dbt-jinja-functions/statement-blocks
import { callValue, text } from '../template/index.ts';
import type { Ask, Callable, TemplateValue } from '../template/types.ts';
import { asks } from './asks.ts';
import { tableValue } from './table-value.ts';
import { hostFunction, hostObject } from './values.ts';

export interface QueryState {
  /** False while parsing: bodies are rendered, so that refs are seen, and nothing runs. */
  readonly execute: boolean;
  /** Results by statement name, of one rendering. */
  readonly results: Map<string, TemplateValue>;
}

const isCallable = (value: TemplateValue | undefined): value is Callable =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'function';
const rowsOf = (table: TemplateValue): TemplateValue =>
  typeof table === 'object' && table !== null && 'kind' in table && table.kind === 'host' ? (table.get('rows') ?? []) : [];

export function runFunctions({ execute, results }: QueryState): Readonly<Record<string, () => TemplateValue>> {
  function* runStatement(sql: string, name: string | undefined): Generator<Ask, TemplateValue, unknown> {
    const result = yield* asks({ ask: 'run', sql });
    const table = tableValue(result);
    if (name !== undefined) {
      const response = hostObject('response', { code: 'OK', rows_affected: result.rowCount }, { toText: () => `OK ${result.rowCount}` });
      results.set(
        name,
        hostObject(
          'result',
          { table, data: rowsOf(table), response },
          { item: (key) => (key === 'table' ? table : key === 'data' ? rowsOf(table) : key === 'response' ? response : undefined) },
        ),
      );
    }
    return table;
  }
  return {
    run_query: () =>
      hostFunction('run_query', function* (args): Generator<Ask, TemplateValue, unknown> {
        const sql = text(args.need(0, 'sql'));
        return execute ? yield* runStatement(sql, undefined) : null;
      }),
    statement: () =>
      hostFunction('statement', function* (args, site): Generator<Ask, TemplateValue, unknown> {
        const caller = args.named.get('caller');
        const name = args.text(0, 'name');
        const body = isCallable(caller) ? text(yield* callValue(caller, [], new Map(), site)) : '';
        if (execute && body.trim() !== '') yield* runStatement(body, name);
        return '';
      }),
    load_result: () => hostFunction('load_result', (args) => results.get(args.needText(0, 'name')) ?? null),
    store_result: () =>
      hostFunction('store_result', (args) => {
        const members = {
          table: args.get(2, 'agate_table') ?? null,
          response: args.get(1, 'response') ?? null,
          data: rowsOf(args.get(2, 'agate_table') ?? null),
        };
        results.set(args.needText(0, 'name'), hostObject('result', members));
        return '';
      }),
  };
}
