// Methods of `adapter` that change nothing: what stands in the warehouse, and whether it is what a macro needs.
import { isMapping } from '../core/config-reader.ts';
import type { Relation } from '../core/relation.ts';
import { fromTemplate, text } from '../template/index.ts';
import type { Callable } from '../template/types.ts';
import { type Answering, asked, askingWhen, columnsOf, existing, relationArgument, schemaOf } from './adapter-asking.ts';
import { asks } from './asks.ts';
import { columnValue } from './column-value.ts';
import { relationValue } from './relation-value.ts';
import type { ProjectScope } from './types.ts';
import { type Arguments, hostFunction, problemError } from './values.ts';

export function readingMethods(scope: ProjectScope, execute: boolean): Readonly<Record<string, Callable>> {
  const { dialect } = scope;
  const asking = askingWhen(execute);

  const relationParts = (args: Arguments): Relation => ({
    database: args.text(0, 'database') ?? scope.database,
    schema: args.needText(1, 'schema'),
    identifier: args.needText(2, 'identifier'),
  });
  /** Whether statements may name relations of it; none is the target's. */
  const reaches = (database: string | undefined): boolean =>
    dialect.reachesDatabases || database === undefined || database.toLowerCase() === scope.database.toLowerCase();

  return {
    get_relation: asking(
      'get_relation',
      () => null,
      function* (args) {
        const state = yield* existing(relationParts(args));
        return state ? relationValue(state.relation, dialect, state.kind) : null;
      },
    ),
    load_relation: asking(
      'load_relation',
      () => null,
      function* (args) {
        const state = yield* existing(relationArgument(args.need(0, 'relation'), 'load_relation'));
        return state ? relationValue(state.relation, dialect, state.kind) : null;
      },
    ),
    already_exists: asking(
      'already_exists',
      () => false,
      function* (args) {
        return (
          (yield* existing({ database: scope.database, schema: args.needText(0, 'schema'), identifier: args.needText(1, 'name') })) !==
          undefined
        );
      },
    ),
    get_columns_in_relation: asking(
      'get_columns_in_relation',
      () => [],
      function* (args) {
        return (yield* columnsOf(args.need(0, 'relation'))).map((column) => columnValue(column, dialect));
      },
    ),
    get_columns_in_table: asking(
      'get_columns_in_table',
      () => [],
      function* (args) {
        const relation = { database: scope.database, schema: args.needText(0, 'schema_name'), identifier: args.needText(1, 'identifier') };
        return (yield* asked(relation)).map((column) => columnValue(column, dialect));
      },
    ),
    get_column_schema_from_query: asking(
      'get_column_schema_from_query',
      () => [],
      function* (args) {
        return (yield* asks({ ask: 'describe', sql: args.needText(0, 'sql') })).map((column) => columnValue(column, dialect));
      },
    ),
    get_missing_columns: asking(
      'get_missing_columns',
      () => [],
      function* (args) {
        const from = yield* columnsOf(args.need(0, 'from_relation'));
        const to = new Set((yield* columnsOf(args.need(1, 'to_relation'))).map((column) => column.name.toLowerCase()));
        return from.filter((column) => !to.has(column.name.toLowerCase())).map((column) => columnValue(column, dialect));
      },
    ),
    list_relations_without_caching: asking('list_relations_without_caching', () => [], listing),
    list_relations: asking('list_relations', () => [], listing),
    check_schema_exists: asking(
      'check_schema_exists',
      () => false,
      function* (args) {
        const schema = args.text(1, 'schema') ?? '';
        const database = args.text(0, 'database');
        if (!reaches(database)) return false;
        const here = dialect.reachesDatabases ? ` and lower(catalog_name) = lower(${dialect.literal(database ?? scope.database)})` : '';
        const found = yield* asks({
          ask: 'run',
          sql: `select 1 from information_schema.schemata where lower(schema_name) = lower(${dialect.literal(schema)})${here} limit 1`,
        });
        return found.rows.length > 0;
      },
    ),
    verify_database: hostFunction('verify_database', (args) => {
      const database = args.text(0, 'database');
      // Nothing is reached while templates are parsed.
      if (!execute || reaches(database)) return '';
      throw problemError({
        code: 'relation-missing',
        message: `the database '${database}' is not that of the target, '${scope.database}', and ${dialect.name} reaches no other`,
      });
    }),
    valid_snapshot_target: asking(
      'valid_snapshot_target',
      () => '',
      function* (args) {
        const relation = relationArgument(args.need(0, 'relation'), 'valid_snapshot_target');
        const renamed = args.get(1, 'column_names');
        const there = new Set((yield* asked(relation)).map(({ name }) => name.toLowerCase()));
        const called = (name: string): string => (renamed instanceof Map ? text(renamed.get(name) ?? name) : name);
        const missing = ['dbt_scd_id', 'dbt_valid_from', 'dbt_valid_to'].map(called).filter((name) => !there.has(name.toLowerCase()));
        if (missing.length === 0) return '';
        throw problemError({
          code: 'snapshot-target',
          message: `${dialect.relationName(relation)} is not a snapshot: it has no ${missing.join(', ')}`,
        });
      },
    ),
    render_raw_columns_constraints: asking(
      'render_raw_columns_constraints',
      () => [],
      function* (args) {
        const columns = fromTemplate(args.need(0, 'raw_columns'));
        const listed = isMapping(columns) ? Object.values(columns) : [];
        return [...(yield* asks({ ask: 'constraints', columns: listed, constraints: [] }))];
      },
    ),
    render_raw_model_constraints: asking(
      'render_raw_model_constraints',
      () => [],
      function* (args) {
        const constraints = fromTemplate(args.need(0, 'raw_constraints'));
        return [...(yield* asks({ ask: 'constraints', columns: [], constraints: Array.isArray(constraints) ? constraints : [] }))];
      },
    ),
  };

  function* listing(args: Arguments): Answering {
    const found = schemaOf(args.get(1, 'schema') ?? args.get(0, 'schema_relation'));
    if (!found) return [];
    const states = yield* asks({ ask: 'relations', ...found });
    return states.map((state) => relationValue(state.relation, dialect, state.kind));
  }
}
