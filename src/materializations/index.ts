// The materializations of models, by name. Snapshots have one of their own. Seeds, source loads and tests have planners of their own: their input is not a query.
import { external } from './external.ts';
import { incremental } from './incremental.ts';
import type { Materialization } from './materialization.ts';
import { materializedView } from './materialized-view.ts';
import { table } from './table.ts';
import { view } from './view.ts';

export const materializations: ReadonlyMap<string, Materialization> = new Map(
  [view, table, incremental, materializedView, external].map((one) => [one.name, one]),
);

/** Of dwh's own, and that of what stands in no warehouse. */
export const isBuiltInMaterialization = (name: string): boolean => materializations.has(name) || name === 'ephemeral';

export { type CopyTask, copyPlan, formatProblem, type LoadTask, objectsPlan } from './copy.ts';
export { customStrategyPlan } from './custom-strategy.ts';
export { aroundPublication, boundViews } from './dependents.ts';
export { functionStatement } from './function.ts';
export { grantSteps, grantsAsked } from './grants.ts';
export { incrementalConfig } from './incremental-config.ts';
export { besideName, besideNames, type Configured, type Materialization, type Planned, type Task } from './materialization.ts';
export { type BatchedConfig, batchesOf, batchPlan, heapPlan, heapSteps } from './microbatch.ts';
export { functionProblems, materializationProblems, ownMacros, snapshotProblems, unknownMaterialization } from './mistakes.ts';
export { docsAsked, docsSteps } from './persist-docs.ts';
export { seedPlan } from './seed.ts';
export { type SeedOptions, type SeedRows, seedRows } from './seed-rows.ts';
export { seedTable } from './seed-table.ts';
export { InferredType } from './seed-types.ts';
export { snapshot, snapshotOf } from './snapshot.ts';
export { CURRENT_VERSION, HARD_DELETES, NEW_ROW, type OwnStrategy, strategyMacro } from './snapshot-config.ts';
export { fillDefined } from './table.ts';
