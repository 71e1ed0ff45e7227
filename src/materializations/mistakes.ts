// What is wrong with how a model is materialized, as far as it can be told before anything runs.
import type { Dialect } from '../adapters/dialect.ts';
import { ConfigReader } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import type { ModelNode, SnapshotNode } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import type { Materialization } from './materialization.ts';
import { snapshotOf } from './snapshot.ts';
import { strategyMacro } from './snapshot-config.ts';

type Known = ReadonlyMap<string, Materialization>;

/** Put into the models that read it: nothing is planned. */
const EPHEMERAL = 'ephemeral';

/** `own`: those of the project and its packages. */
export function unknownMaterialization({ materialized, at }: ModelNode, materializations: Known, own: readonly string[] = []): Problem {
  const known = [...new Set([...materializations.keys(), EPHEMERAL, ...own])];
  const near = nearestName(materialized, known);
  return {
    code: 'materialization-not-found',
    at,
    message: `no materialization is called '${materialized}'`,
    hint: near ? `Did you mean '${near}'?` : `There are: ${known.join(', ')}`,
  };
}

/** `macros`: as in materializationProblems. */
export function snapshotProblems({ config, at }: SnapshotNode, macros: ReadonlySet<string>): readonly Problem[] {
  const problems: Problem[] = [];
  const macro = strategyMacro(config.strategy);
  snapshotOf(macro !== undefined && macros.has(macro.name)).configure(new ConfigReader(config, { locate: () => at, problems }));
  return problems;
}

/** `macros`: the names of those of the project and its packages; a materialization or a strategy of its own is not looked at. */
export function materializationProblems(
  node: ModelNode,
  materializations: Known,
  dialect: Dialect,
  macros: ReadonlySet<string>,
): readonly Problem[] {
  const { materialized, config, at } = node;
  if (materialized === EPHEMERAL) return [];
  const found = materializations.get(materialized);
  if ([...macros].some((name) => name.startsWith(`materialization_${materialized}_`))) return [];
  if (!found) {
    const own = [...macros].flatMap((name) => /^materialization_(\w+)_[^_]+$/.exec(name)?.[1] ?? []);
    return [unknownMaterialization(node, materializations, own)];
  }
  const missing = found.missing?.(dialect);
  if (missing) return [{ code: 'materialization-unsupported', at, ...missing }];
  // https://docs.getdbt.com/docs/build/incremental-strategy#custom-strategies
  const strategy = `get_incremental_${String(config.incremental_strategy).replaceAll('+', '_')}_sql`;
  if (macros.has(strategy) || macros.has(`${dialect.name}__${strategy}`) || macros.has(`default__${strategy}`)) return [];
  const problems: Problem[] = [];
  found.configure(new ConfigReader(config, { locate: () => at, problems }));
  return problems;
}
