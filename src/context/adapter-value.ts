// `adapter`: what macros ask of the warehouse, and dispatch. https://docs.getdbt.com/reference/dbt-jinja-functions/adapter
// While parsing nothing is asked: a method that needs the warehouse answers with what an empty warehouse would say.
import { isMapping } from '../core/config-reader.ts';
import type { Relation, RelationState } from '../core/relation.ts';
import type { Column } from '../core/statement.ts';
import { callNow, fromTemplate, iterate, repr, text } from '../template/index.ts';
import type { Ask, Callable, CallSite, HostObject, TemplateValue } from '../template/types.ts';
import { asks } from './asks.ts';
import { columnClass, columnValue } from './column-value.ts';
import type { LibraryMacro } from './macro-library.ts';
import { EPHEMERAL_PREFIX, policyIn, RelationValue, relationKindOf, relationValue } from './relation-value.ts';
import { responseValue } from './response-value.ts';
import { sayer } from './sayer.ts';
import { tableValue } from './table-value.ts';
import type { ProjectScope } from './types.ts';
import { type Arguments, hostFunction, hostObject, problemError } from './values.ts';

type Answering = Generator<Ask, TemplateValue, unknown>;

function relationArgument(value: TemplateValue, what: string): Relation {
  if (value instanceof RelationValue && value.relation) return value.relation;
  throw problemError({
    code: 'template-type',
    message: `${what} needs a relation, and got ${repr(value)}`,
    hint: "Pass ref('…'), source('…', '…') or api.Relation.create(…).",
  });
}

const isTemporary = (value: TemplateValue): value is RelationValue =>
  value instanceof RelationValue &&
  value.relationKind !== 'cte' &&
  value.parts.schema === undefined &&
  value.parts.identifier !== undefined;

const schemaOf = (value: TemplateValue | undefined): { database?: string; schema: string } | undefined => {
  if (value instanceof RelationValue && value.parts.schema !== undefined) {
    return { schema: value.parts.schema, ...(value.parts.database !== undefined && { database: value.parts.database }) };
  }
  return typeof value === 'string' ? { schema: value } : undefined;
};

export interface AdapterOptions {
  /** False while parsing. */
  readonly execute: boolean;
  readonly bind: (macro: LibraryMacro) => Callable;
}

/** Most who ask for the adapter want its dispatch alone: the rest is made when it is asked for. */
export function adapterValue(scope: ProjectScope, { execute, bind }: AdapterOptions): HostObject {
  const own: Readonly<Record<string, Callable>> = {
    dispatch: dispatchOf(scope, bind),
    get_incremental_strategy_macro: strategyOf(scope, bind),
  };
  let rest: HostObject | undefined;
  const others = (): HostObject => {
    rest ??= methodsOf(scope, execute);
    return rest;
  };
  return {
    kind: 'host',
    typeName: 'adapter',
    get: (name) => (Object.hasOwn(own, name) ? own[name] : others().get(name)),
    names: () => [...Object.keys(own), ...others().names()],
  };
}

const dispatchOf = (scope: ProjectScope, bind: AdapterOptions['bind']): Callable =>
  hostFunction('dispatch', (args, site) => {
    const name = args.needText(0, 'macro_name');
    if (name.includes('.')) {
      throw problemError({
        code: 'template-arguments',
        message: `adapter.dispatch('${name}'): the name may not contain a dot`,
        hint: `Write adapter.dispatch('${name.slice(name.indexOf('.') + 1)}', '${name.slice(0, name.indexOf('.'))}')`,
      });
    }
    const namespace = args.text(1, 'macro_namespace');
    const found = scope.macros.dispatch(name, namespace, site.package);
    if (found) return bind(found);
    const isUnknown = namespace !== undefined && namespace !== scope.projectName && !scope.macros.hasPackage(namespace);
    throw problemError({
      code: 'macro-not-found',
      message: `adapter.dispatch('${name}') found no macro for ${scope.adapterType}`,
      hint: `${isUnknown ? `There is no package '${namespace}' with macros; \`dwh deps\` installs what packages.yml lists. ` : ''}Searched for: ${scope.macros.dispatchNames(name, namespace, site.package).join(', ')}`,
    });
  });

/** The macro that makes a strategy's SQL: the project's, then any package's, then dwh's own. */
const strategyOf = (scope: ProjectScope, bind: AdapterOptions['bind']): Callable =>
  hostFunction('get_incremental_strategy_macro', (args) => {
    const strategy = args.text(1, 'strategy') ?? 'default';
    const name = `get_incremental_${strategy.replaceAll('+', '_')}_sql`;
    const found = scope.macros.anywhere(name);
    if (found) return bind(found);
    const near = scope.macros.nearest(name);
    throw problemError({
      code: 'macro-not-found',
      message: `the incremental strategy '${strategy}' needs the macro '${name}', and there is none`,
      ...(near !== undefined && { hint: `Did you mean '${near}'?` }),
    });
  });

function methodsOf(scope: ProjectScope, execute: boolean): HostObject {
  const { dialect } = scope;
  /** A method that asks; `parsing` is its answer while parsing. */
  const asking = (name: string, parsing: () => TemplateValue, ask: (args: Arguments) => Answering): Callable =>
    hostFunction(name, (args) => (execute ? ask(args) : parsing()));

  const relationParts = (args: Arguments): Relation => ({
    database: args.text(0, 'database') ?? scope.database,
    schema: args.needText(1, 'schema'),
    identifier: args.needText(2, 'identifier'),
  });
  function* existing(relation: Relation): Generator<Ask, RelationState | undefined, unknown> {
    return yield* asks({ ask: 'relation', relation });
  }
  function* runAll(statements: readonly { readonly sql: string }[]): Generator<Ask, TemplateValue, unknown> {
    for (const { sql } of statements) yield* asks({ ask: 'run', sql });
    return '';
  }
  function* asked(relation: Relation): Generator<Ask, readonly Column[], unknown> {
    return (yield* asks({ ask: 'columns', relation })) ?? [];
  }

  /** A temporary table has no schema that could be asked. */
  function* columnsOf(value: TemplateValue): Generator<Ask, readonly Column[], unknown> {
    if (isTemporary(value)) return yield* asks({ ask: 'describe', sql: `select * from ${value.name()}` });
    return yield* asked(relationArgument(value, 'get_columns_in_relation'));
  }

  return hostObject('adapter', {
    commit: asking(
      'commit',
      () => '',
      function* () {
        yield* asks({ ask: 'commit' });
        return '';
      },
    ),
    type: hostFunction('type', () => scope.adapterType),
    quote: hostFunction('quote', (args) => dialect.quote(args.needText(0, 'identifier'))),
    quote_as_configured: hostFunction('quote_as_configured', (args) => dialect.quote(args.needText(0, 'identifier'))),
    quote_seed_column: hostFunction('quote_seed_column', (args) => {
      const column = args.needText(0, 'column');
      return args.get(1, 'quote_config') === false ? column : dialect.quote(column);
    }),
    Relation: relationClass(scope),
    Column: columnClass(dialect),
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
        const isHere = database === undefined || database.toLowerCase() === scope.database.toLowerCase();
        if (!isHere && !dialect.reachesDatabases) return false;
        const here = dialect.reachesDatabases ? ` and lower(catalog_name) = lower(${dialect.literal(database ?? scope.database)})` : '';
        const found = yield* asks({
          ask: 'run',
          sql: `select 1 from information_schema.schemata where lower(schema_name) = lower(${dialect.literal(schema)})${here} limit 1`,
        });
        return found.rows.length > 0;
      },
    ),
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
    verify_database: hostFunction('verify_database', (args) => {
      const database = args.text(0, 'database');
      const isHere = database === undefined || database.toLowerCase() === scope.database.toLowerCase();
      // Nothing is reached while templates are parsed.
      if (!execute || isHere || dialect.reachesDatabases) return '';
      throw problemError({
        code: 'relation-missing',
        message: `the database '${database}' is not that of the target, '${scope.database}', and ${dialect.name} reaches no other`,
      });
    }),
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
    standardize_grants_dict: hostFunction('standardize_grants_dict', (args) => grantsOf(args.need(0, 'grants_table'))),
    get_hard_deletes_behavior: hostFunction('get_hard_deletes_behavior', (args, site) => hardDeletesOf(args.need(0, 'config'), site)),
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
    execute: asking(
      'execute',
      () => ['', null],
      function* (args) {
        const result = yield* asks({ ask: 'run', sql: args.needText(0, 'sql') });
        const response = responseValue({ message: `OK ${result.rowCount}`, word: 'OK', rows: result.rowCount });
        return [response, tableValue(result, sayer(scope))];
      },
    ),
  });

  function* listing(args: Arguments): Answering {
    const found = schemaOf(args.get(1, 'schema') ?? args.get(0, 'schema_relation'));
    if (!found) return [];
    const states = yield* asks({ ask: 'relations', ...found });
    return states.map((state) => relationValue(state.relation, dialect, state.kind));
  }
}

const rowsIn = (table: TemplateValue): readonly TemplateValue[] => [...(iterate(table) ?? [])];
const cellOf = (row: TemplateValue, name: string): string => {
  const cell = typeof row === 'object' && row !== null && 'kind' in row && row.kind === 'host' ? row.item?.(name) : undefined;
  return cell === undefined || cell === null ? '' : text(cell);
};

/** Rows with `grantee` and `privilege_type`, as {privilege: [grantees]}. */
function grantsOf(table: TemplateValue): TemplateValue {
  const grants = new Map<TemplateValue, TemplateValue>();
  for (const row of rowsIn(table)) {
    const privilege = cellOf(row, 'privilege_type');
    const grantees = grants.get(privilege);
    if (Array.isArray(grantees)) grants.set(privilege, [...grantees, cellOf(row, 'grantee')]);
    else grants.set(privilege, [cellOf(row, 'grantee')]);
  }
  return grants;
}

/** `hard_deletes`, or what the older `invalidate_hard_deletes` stands for. */
function hardDeletesOf(config: TemplateValue, site: CallSite): string {
  const asked = typeof config === 'object' && config !== null && 'kind' in config && config.kind === 'host' ? config.get('get') : undefined;
  const get = (key: string): TemplateValue => {
    if (config instanceof Map) return config.get(key) ?? null;
    return typeof asked === 'object' && asked !== null && 'kind' in asked && asked.kind === 'function'
      ? callNow(asked, [key], new Map(), site)
      : null;
  };
  const [deletes, older] = [get('hard_deletes'), get('invalidate_hard_deletes')];
  if (deletes === null) return older === true ? 'invalidate' : 'ignore';
  const word = text(deletes);
  if (['ignore', 'invalidate', 'new_record'].includes(word)) return word;
  throw problemError({ code: 'config-value', message: `hard_deletes is '${word}', and may be ignore, invalidate, new_record` });
}

/** `api.Relation.create(database=…, schema=…, identifier=…, type=…)` */
export function relationClass(scope: Pick<ProjectScope, 'dialect'>): HostObject {
  const kinds = { Table: 'table', View: 'view', CTE: 'cte', MaterializedView: 'materialized_view', External: 'external' };
  return hostObject('Relation class', {
    ...kinds,
    get_relation_type: hostObject('relation types', kinds),
    scd_args: hostFunction('scd_args', (args) => {
      const key = args.need(0, 'primary_key');
      return [...(Array.isArray(key) ? key : [key]), args.need(1, 'updated_at')];
    }),
    add_ephemeral_prefix: hostFunction('add_ephemeral_prefix', (args) => `${EPHEMERAL_PREFIX}${args.needText(0, 'name')}`),
    create: hostFunction('create', (args) => {
      const kind = relationKindOf(args.text(3, 'type'));
      return new RelationValue(
        { database: args.text(0, 'database'), schema: args.text(1, 'schema'), identifier: args.text(2, 'identifier') },
        scope.dialect,
        kind,
        policyIn(args.named.get('include_policy')),
        policyIn(args.named.get('quote_policy')),
      );
    }),
  });
}
