// What of a project's macros takes the place of dwh's own materializations and incremental strategies.
// https://docs.getdbt.com/guides/create-new-materializations
import { BUILTIN_PACKAGE, type LibraryMacro, type ProjectScope } from '../context/index.ts';
import type { ModelNode, Node } from '../core/node.ts';
import { isBuiltInMaterialization } from '../materializations/index.ts';

type Scope = Pick<ProjectScope, 'macros' | 'adapterType' | 'adapterParents' | 'projectName' | 'flags'>;

/**
 * The block that materializes the model; undefined: dwh does. What is written for the adapter comes before what is for all, the
 * project's before a package's. A package takes the place of a built-in one only where the project's flags let it.
 */
export function customMaterialization({ macros, flags, ...scope }: Scope, { materialized }: ModelNode): LibraryMacro | undefined {
  const onlyRoot =
    isBuiltInMaterialization(materialized) && flags.REQUIRE_EXPLICIT_PACKAGE_OVERRIDES_FOR_BUILTIN_MATERIALIZATIONS !== false;
  for (const adapter of [scope.adapterType, ...scope.adapterParents, 'default']) {
    const name = `materialization_${materialized}_${adapter}`;
    const found = onlyRoot ? macros.inPackage(scope.projectName, name) : macros.anywhere(name);
    if (found) return found;
  }
  return undefined;
}

/** Macros that a strategy of dbt's comes down to: a project that has one of its own means it. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  append: ['get_insert_into_sql'],
  'delete+insert': ['get_delete_insert_merge_sql'],
  merge: ['get_merge_sql', 'get_merge_update_columns'],
};

/**
 * The name of the macro that says what an incremental model's later runs do, where the project or a package has one or overrides
 * a part of it; undefined: dwh does.
 */
export function customStrategy({ macros, ...scope }: Scope, { materialized, config }: ModelNode): string | undefined {
  if (materialized !== 'incremental') return undefined;
  const strategy = String(config.incremental_strategy ?? 'default');
  const wanted = `get_incremental_${strategy.replaceAll('+', '_')}_sql`;
  const isUsers = (found: LibraryMacro | undefined): boolean => found !== undefined && found.package !== BUILTIN_PACKAGE;
  const overrides = (name: string): boolean =>
    isUsers(macros.anywhere(name)) || isUsers(macros.dispatch(name, BUILTIN_PACKAGE, scope.projectName));
  return [wanted, ...(BELOW[strategy] ?? [])].some(overrides) ? wanted : undefined;
}

/**
 * Of a microbatch model. As in dbt, a macro of the project that takes the place of the strategy is called once for the run, unless
 * a flag says that it is written for batches.
 * https://docs.getdbt.com/reference/global-configs/behavior-changes#custom-microbatch-strategy
 */
export const runsInBatches = (scope: Scope, node: ModelNode): boolean =>
  scope.flags.REQUIRE_BATCHED_EXECUTION_FOR_CUSTOM_MICROBATCH_STRATEGY === true || customStrategy(scope, node) === undefined;

/** What its tests could read before it is public; of what a project's macros do it cannot be told. */
export const hasCandidate = (scope: Scope, node: Node): boolean =>
  node.resource_type !== 'function' &&
  (node.resource_type !== 'model' || (customMaterialization(scope, node) ?? customStrategy(scope, node)) === undefined);
