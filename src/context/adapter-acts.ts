// Methods of `adapter` that act at the warehouse, and after which it may be another than was found.
import type { Ask, Callable, TemplateValue } from '../template/types.ts';
import { asked, askingWhen, columnsOf, existing, isTemporary, relationArgument, schemaOf } from './adapter-asking.ts';
import { asks } from './asks.ts';
import { responseValue } from './response-value.ts';
import { sayer } from './sayer.ts';
import { tableValue } from './table-value.ts';
import type { ProjectScope } from './types.ts';
import { problemError } from './values.ts';

function* runAll(statements: readonly { readonly sql: string }[]): Generator<Ask, TemplateValue, unknown> {
  for (const { sql } of statements) yield* asks({ ask: 'run', sql });
  return '';
}

export function actingMethods(scope: ProjectScope, execute: boolean): Readonly<Record<string, Callable>> {
  const { dialect } = scope;
  const asking = askingWhen(execute);

  return {
    create_schema: asking(
      'create_schema',
      () => '',
      function* (args) {
        const found = schemaOf(args.need(0, 'relation'));
        return found ? yield* runAll(dialect.createSchema(found)) : '';
      },
    ),
    drop_schema: asking(
      'drop_schema',
      () => '',
      function* (args) {
        const found = schemaOf(args.need(0, 'relation'));
        return found ? yield* runAll(dialect.dropSchema(found)) : '';
      },
    ),
    drop_relation: asking(
      'drop_relation',
      () => '',
      function* (args) {
        const value = args.need(0, 'relation');
        if (value === null) return '';
        if (isTemporary(value)) return yield* runAll([{ sql: `drop table if exists ${value.name()}` }]);
        const state = yield* existing(relationArgument(value, 'drop_relation'));
        return state ? yield* runAll(dialect.drop(state)) : '';
      },
    ),
    truncate_relation: asking(
      'truncate_relation',
      () => '',
      function* (args) {
        return yield* runAll([
          { sql: `delete from ${dialect.relationName(relationArgument(args.need(0, 'relation'), 'truncate_relation'))}` },
        ]);
      },
    ),
    rename_relation: asking(
      'rename_relation',
      () => '',
      function* (args) {
        const from = relationArgument(args.need(0, 'from_relation'), 'rename_relation');
        const to = relationArgument(args.need(1, 'to_relation'), 'rename_relation');
        const state = yield* existing(from);
        if (!state)
          throw problemError({ code: 'relation-missing', message: `rename_relation: ${dialect.relationName(from)} does not exist` });
        return yield* runAll(dialect.rename(state, to.identifier));
      },
    ),
    expand_target_column_types: asking(
      'expand_target_column_types',
      () => '',
      function* (args) {
        const to = relationArgument(args.need(1, 'to_relation'), 'expand_target_column_types');
        const from = new Map((yield* columnsOf(args.need(0, 'from_relation'))).map((column) => [column.name, column.type]));
        const size = (type: string | undefined): number => Number(/^(?:character varying|varchar)\((\d+)\)$/.exec(type ?? '')?.[1] ?? 0);
        for (const column of yield* asked(to)) {
          const wanted = from.get(column.name);
          if (wanted !== undefined && size(column.type) > 0 && size(wanted) > size(column.type))
            yield* runAll(dialect.alterColumnType(to, { name: column.name, type: wanted }));
        }
        return '';
      },
    ),
    execute: asking(
      'execute',
      () => ['', null],
      function* (args) {
        const result = yield* asks({ ask: 'run', sql: args.needText(0, 'sql') });
        const response = responseValue({ message: `OK ${result.rowCount}`, word: 'OK', rows: result.rowCount });
        return [response, tableValue(result, sayer(scope))];
      },
    ),
    commit: asking(
      'commit',
      () => '',
      function* () {
        yield* asks({ ask: 'commit' });
        return '';
      },
    ),
    // What a macro made or dropped by SQL of its own is looked for again.
    ...Object.fromEntries(
      ['cache_added', 'cache_dropped', 'cache_renamed'].map((name) => [
        name,
        asking(
          name,
          () => '',
          function* () {
            yield* asks({ ask: 'forget' });
            return '';
          },
        ),
      ]),
    ),
  };
}
