// `adapter`: what macros ask of the warehouse, and dispatch. https://docs.getdbt.com/reference/dbt-jinja-functions/adapter
// While parsing nothing is asked: a method that needs the warehouse answers with what an empty warehouse would say.
import type { Callable, HostObject } from '../template/types.ts';
import { actingMethods } from './adapter-acts.ts';
import { readingMethods } from './adapter-reads.ts';
import { columnClass } from './column-value.ts';
import { grantsDict } from './grants-dict.ts';
import { hardDeletesOf } from './hard-deletes.ts';
import type { LibraryMacro } from './macro-library.ts';
import { outputFileMethods } from './output-file-methods.ts';
import { relationClass } from './relation-class.ts';
import type { ProjectScope } from './types.ts';
import { hostFunction, hostObject, problemError } from './values.ts';

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

/** Flags of adapters, and those of dbt that they look at. */
export const ADAPTER_BEHAVIORS = [
  ...['require_batched_execution_for_custom_microbatch_strategy', 'enable_truthy_nulls_equals_macro', 'restrict_direct_pg_catalog_access'],
  ...['postgres_skip_autocommit_transaction_statements', 'redshift_skip_autocommit_transaction_statements', 'redshift_grants_extended'],
] as const;

/**
 * Behaviour changes of adapters: true or false by themselves, and with `no_warn` and `setting` as packages ask for them.
 * https://docs.getdbt.com/reference/global-configs/behavior-changes
 */
function behaviorValue({ flags }: ProjectScope): HostObject {
  const one = (name: string): HostObject => {
    const set = flags[name.toUpperCase()] === true;
    return hostObject(`behavior.${name}`, { no_warn: set, setting: set }, { truth: () => set, toText: () => (set ? 'True' : 'False') });
  };
  return hostObject('behavior', Object.fromEntries(ADAPTER_BEHAVIORS.map((name) => [name, one(name)])));
}

function methodsOf(scope: ProjectScope, execute: boolean): HostObject {
  const { dialect } = scope;
  return hostObject('adapter', {
    type: hostFunction('type', () => scope.adapterType),
    quote: hostFunction('quote', (args) => dialect.quote(args.needText(0, 'identifier'))),
    quote_as_configured: hostFunction('quote_as_configured', (args) => dialect.quote(args.needText(0, 'identifier'))),
    quote_seed_column: hostFunction('quote_seed_column', (args) => {
      const column = args.needText(0, 'column');
      return args.get(1, 'quote_config') === false ? column : dialect.quote(column);
    }),
    Relation: relationClass(scope),
    // Who does not ask for it does not depend on flags.
    behavior: () => behaviorValue(scope),
    Column: columnClass(dialect),
    standardize_grants_dict: hostFunction('standardize_grants_dict', (args) => grantsDict(args.need(0, 'grants_table'))),
    get_hard_deletes_behavior: hostFunction('get_hard_deletes_behavior', (args, site) => hardDeletesOf(args.need(0, 'config'), site)),
    ...outputFileMethods(scope),
    ...readingMethods(scope, execute),
    ...actingMethods(scope, execute),
  });
}
