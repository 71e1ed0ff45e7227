// Macros that take the place of some of dbt's in what dbt does by itself, where dwh does it without macros: warnings, unless a
// template of the project calls them, as a custom materialization may.
// https://docs.getdbt.com/reference/dbt-jinja-functions/dispatch#overriding-global-macros
import { BUILTIN_PACKAGE, type LibraryMacro, type ProjectScope } from '../context/index.ts';
import type { MacroEntry, Node } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import { macroIndex } from './macro-calls.ts';

type Scope = Pick<ProjectScope, 'macros' | 'adapterType' | 'adapterParents' | 'projectName' | 'flags'>;

interface Passed {
  /** What dwh does by itself. */
  readonly what: string;
  /** Only in a project that has one of these; empty: in any. */
  readonly of: readonly Node['resource_type'][];
  readonly macros: string;
  /** Names of materializations. */
  readonly blocks?: readonly string[];
  readonly hint?: string;
}

const MADE = ['model', 'seed', 'snapshot'] as const;
const BLOCK = 'Call it in a materialization of your own, and let the models have that: docs/incremental.md.';
const HOOKS = 'Let hooks say what it adds, or take it out.';

const PASSED: readonly Passed[] = [
  {
    what: 'makes tables, views and their indexes',
    of: ['model'],
    macros: `create_table_as get_create_table_as_sql create_view_as get_create_view_as_sql get_create_sql get_replace_sql
get_replace_table_sql get_replace_view_sql get_create_intermediate_sql get_create_backup_sql create_indexes get_create_index_sql
get_create_materialized_view_as_sql get_replace_materialized_view_sql get_alter_materialized_view_as_sql refresh_materialized_view
get_materialized_view_configuration_changes make_temp_relation make_intermediate_relation make_backup_relation should_full_refresh
get_drop_sql drop_table drop_view drop_materialized_view get_rename_sql get_rename_table_sql get_rename_view_sql
get_rename_materialized_view_sql load_cached_relation get_or_create_relation run_hooks`,
    hint: BLOCK,
  },
  {
    what: 'compares the columns of incremental models and of contracts',
    of: ['model'],
    macros: `process_schema_changes sync_column_schemas check_for_schema_changes incremental_validate_on_schema_change
alter_relation_add_remove_columns alter_column_type diff_columns diff_column_data_types get_assert_columns_equivalent
get_table_columns_and_constraints get_select_subquery get_empty_schema_sql get_column_schema_from_query`,
    hint: BLOCK,
  },
  {
    what: 'grants rights and writes comments',
    of: MADE,
    macros: `apply_grants get_grant_sql get_revoke_sql get_show_grant_sql get_dcl_statement_list call_dcl_statements should_revoke
copy_grants support_multiple_grantees_per_dcl_statement persist_docs alter_relation_comment alter_column_comment`,
    hint: HOOKS,
  },
  {
    what: 'loads seeds',
    of: ['seed'],
    macros: 'create_csv_table reset_csv_table load_csv_rows get_csv_sql get_batch_size get_binding_char get_seed_column_quoted_csv',
    blocks: ['seed'],
    hint: HOOKS,
  },
  {
    what: 'makes the versions of snapshots',
    of: ['snapshot'],
    macros: `snapshot_staging_table build_snapshot_table build_snapshot_staging_table snapshot_merge_sql post_snapshot create_columns
get_snapshot_table_column_names get_dbt_valid_to_current snapshot_get_time snapshot_hash_arguments current_timestamp
unique_key_fields unique_key_join_on`,
    blocks: ['snapshot'],
    hint: 'Say it as a strategy of your own, the macro snapshot_NAME_strategy: docs/snapshots.md.',
  },
  {
    what: 'runs data tests',
    of: ['test'],
    macros: 'get_test_sql should_store_failures',
    blocks: ['test'],
  },
  { what: 'runs unit tests', of: ['unit_test'], macros: 'get_unit_test_sql get_expected_sql get_fixture_sql format_row', blocks: ['unit'] },
  {
    what: 'makes functions',
    of: ['function'],
    macros: `function_execute_build_sql scalar_function_sql scalar_function_create_replace_signature_sql scalar_function_body_sql
formatted_scalar_function_args_sql scalar_function_volatility_sql get_aggregate_function_create_replace_signature`,
    blocks: ['function'],
    hint: HOOKS,
  },
  {
    what: 'makes schemas, and drops, renames, finds and describes relations',
    of: [...MADE, 'source'],
    macros: `create_schema drop_schema drop_relation drop_relation_if_exists rename_relation truncate_relation list_schemas
check_schema_exists list_relations_without_caching get_columns_in_relation`,
  },
  {
    what: 'asks for catalogs, freshness and rows to show',
    of: [],
    macros: `get_catalog get_catalog_relations get_catalog_for_single_relation collect_freshness collect_freshness_custom_sql
get_relation_last_modified get_show_sql get_limit_subquery_sql get_limit_sql`,
  },
  { what: 'makes clones', of: [], macros: 'can_clone_table create_or_replace_clone', blocks: ['clone'] },
];

/** These are called as they stand, but not what dispatch would find. */
const OWN_TESTS = ['unique', 'not_null', 'accepted_values', 'relationships'].map((name) => `test_${name}`);

const isUsers = (found: LibraryMacro | undefined): found is LibraryMacro => found !== undefined && found.package !== BUILTIN_PACKAGE;

export function macrosPassedOver(scope: Scope, nodes: readonly Node[], entries: readonly MacroEntry[]): readonly Problem[] {
  if (entries.every((entry) => entry.package_name === BUILTIN_PACKAGE)) return [];
  const { macros, projectName } = scope;
  const types = new Set(nodes.map((node) => node.resource_type));
  const kinds = PASSED.filter(({ of }) => of.length === 0 || of.some((type) => types.has(type)));

  const dispatched = (name: string): LibraryMacro | undefined => macros.dispatch(name, BUILTIN_PACKAGE, projectName);
  const overriding = (name: string): readonly LibraryMacro[] => [macros.inPackage(projectName, name), dispatched(name)].filter(isUsers);
  const found = kinds.flatMap((kind) =>
    kind.macros.split(/\s+/).flatMap((name) => overriding(name).map((macro) => ({ macro, name, kind }))),
  );
  const blocks = kinds.flatMap((kind) =>
    (kind.blocks ?? []).flatMap((name) => {
      const macro = blockOf(scope, name);
      return macro ? [passedOver({ macro, name, kind }, `the materialization '${name}'`)] : [];
    }),
  );
  const called = found.length > 0 ? calledMacros(scope, entries, nodes, new Set(found.map(({ macro }) => macro.unique_id))) : undefined;
  const tests = types.has('test') ? OWN_TESTS.filter((name) => !macros.inPackage(projectName, name)) : [];
  return [
    ...blocks,
    ...found.filter(({ macro }) => !called?.has(macro.unique_id)).map((one) => passedOver(one, `the macro '${one.macro.definition.name}'`)),
    ...tests.flatMap((name) => {
      const macro = dispatched(name);
      return isUsers(macro) ? [passedOver({ macro, name, kind: testKind(name) }, `the macro '${macro.definition.name}'`)] : [];
    }),
  ];
}

const testKind = (name: string): Passed => ({
  what: `runs the test '${name.slice('test_'.length)}'`,
  of: [],
  macros: '',
  hint: `Write it as a test of your own: {% test ${name.slice('test_'.length)}(model, column_name) %}`,
});

function passedOver({ macro, name, kind }: { macro: LibraryMacro; name: string; kind: Passed }, shown: string): Problem {
  const { at } = macro.definition;
  return {
    code: 'macro-passed-over',
    severity: 'warning',
    at,
    message: `${shown} takes the place of dbt's '${name}', but dwh ${kind.what} by itself: nothing calls it`,
    hint: kind.hint ?? 'Call it from a template of the project, or take it out.',
  };
}

/** As of models: those of packages count where the flags let them; only then are these read, since what has read them holds only as long as they do. */
function blockOf(scope: Scope, name: string): LibraryMacro | undefined {
  const { macros, adapterType, adapterParents, projectName } = scope;
  for (const adapter of [adapterType, ...adapterParents, 'default']) {
    const block = `materialization_${name}_${adapter}`;
    const found = macros.inPackage(projectName, block) ?? macros.anywhere(block);
    if (!isUsers(found)) continue;
    if (found.package === projectName || scope.flags.REQUIRE_EXPLICIT_PACKAGE_OVERRIDES_FOR_BUILTIN_MATERIALIZATIONS === false)
      return found;
  }
  return undefined;
}

/**
 * Ids that templates lead to, also by way of dwh's own macros: those of nodes, of the project's other macros, of materializations
 * of packages.
 */
function calledMacros(scope: Scope, entries: readonly MacroEntry[], nodes: readonly Node[], but: ReadonlySet<string>): ReadonlySet<string> {
  const byId = new Map(entries.map((entry) => [entry.unique_id, entry]));
  const index = macroIndex(byId, scope.projectName, BUILTIN_PACKAGE, [scope.adapterType, ...scope.adapterParents, 'default']);
  const isRoot = ({ unique_id, package_name, name }: MacroEntry): boolean =>
    !but.has(unique_id) &&
    (package_name === scope.projectName || (package_name !== BUILTIN_PACKAGE && name.startsWith('materialization_')));
  // Also what they call only while they run.
  const texts = nodes.flatMap((node) => ('raw_code' in node ? index.calls({ ...node, macro_sql: node.raw_code }) : []));
  const called = new Set([...texts, ...nodes.flatMap((node) => node.reached_macros ?? node.depends_on_macros)]);
  const left = [...entries.filter(isRoot).map((entry) => entry.unique_id), ...called];
  const seen = new Set<string>();
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    const entry = byId.get(id);
    if (!entry || seen.has(id)) continue;
    seen.add(id);
    for (const one of index.calls(entry)) {
      called.add(one);
      left.push(one);
    }
  }
  return called;
}
