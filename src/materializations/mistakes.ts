// What is wrong with how a model is materialized, as far as it can be told before anything runs.
import type { Dialect } from '../adapters/dialect.ts';
import { ConfigReader } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import type { FunctionNode, ModelNode, SnapshotNode } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import type { Materialization } from './materialization.ts';
import { snapshotOf } from './snapshot.ts';
import { strategyMacro } from './snapshot-config.ts';

type Known = ReadonlyMap<string, Materialization>;

/** Macros of the project and its packages, by name: looked through once for all nodes. */
export interface OwnMacros {
  readonly names: ReadonlySet<string>;
  /** The materializations among them. */
  readonly materializations: ReadonlySet<string>;
}

export function ownMacros(names: ReadonlySet<string>): OwnMacros {
  const materializations = [...names].flatMap((name) => /^materialization_(\w+)_[^_]+$/.exec(name)?.[1] ?? []);
  return { names, materializations: new Set(materializations) };
}

/** Put into the models that read it: nothing is planned. */
const EPHEMERAL = 'ephemeral';

/** `own`: those of the project and its packages. */
export function unknownMaterialization({ materialized, at }: ModelNode, materializations: Known, own: Iterable<string> = []): Problem {
  const known = [...new Set([...materializations.keys(), EPHEMERAL, ...own])];
  const near = nearestName(materialized, known);
  return {
    code: 'materialization-not-found',
    at,
    message: `no materialization is called '${materialized}'`,
    hint: near ? `Did you mean '${near}'?` : `There are: ${known.join(', ')}`,
  };
}

export function snapshotProblems({ config, at }: SnapshotNode, { names }: OwnMacros): readonly Problem[] {
  const problems: Problem[] = [];
  const macro = strategyMacro(config.strategy);
  snapshotOf(macro !== undefined && names.has(macro.name)).configure(new ConfigReader(config, { locate: () => at, problems }));
  return problems;
}

/** Configs that relations have, and functions have not. */
export function functionProblems({ name, config, at }: FunctionNode): readonly Problem[] {
  const isGiven = (value: unknown): boolean => Object.values(value ?? {}).some((one) => one !== false);
  return [
    { key: 'grants', statement: 'grant execute on function … to …' },
    { key: 'persist_docs', statement: "comment on function … is '…'" },
  ].flatMap(({ key, statement }): Problem[] => {
    if (!isGiven(config[key])) return [];
    const message = `'${key}' of the function '${name}' has no effect: dwh has it for relations only`;
    return [{ code: 'not-supported-yet', severity: 'warning', at, message, hint: `Let a post-hook say it: ${statement}` }];
  });
}

/** A materialization or a strategy of the project's own is not looked at. */
export function materializationProblems(
  node: ModelNode,
  materializations: Known,
  dialect: Dialect,
  { names, materializations: own }: OwnMacros,
): readonly Problem[] {
  const { materialized, config, at } = node;
  if (materialized === EPHEMERAL) return [];
  const found = materializations.get(materialized);
  if (own.has(materialized)) return [];
  if (!found) return [unknownMaterialization(node, materializations, own)];
  const missing = found.missing?.(dialect);
  if (missing) return [{ code: 'materialization-unsupported', at, ...missing }];
  // https://docs.getdbt.com/docs/build/incremental-strategy#custom-strategies
  const strategy = `get_incremental_${String(config.incremental_strategy).replaceAll('+', '_')}_sql`;
  if ([strategy, `${dialect.name}__${strategy}`, `default__${strategy}`].some((name) => names.has(name))) return [];
  const problems: Problem[] = [];
  found.configure(new ConfigReader(config, { locate: () => at, problems }));
  return problems;
}
