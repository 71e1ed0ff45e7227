// run, build, test, seed, snapshot and load: the second half of the path. They differ in the resource types that are selected.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseError, type Warehouse } from '../../adapters/adapter.ts';
import { isMapping } from '../../core/config-reader.ts';
import type { Status } from '../../core/event.ts';
import { isRelationNode, type Node, type OperationNode, type UniqueId, uniqueId } from '../../core/node.ts';
import { assertNever, fail } from '../../core/problem.ts';
import { type Relation, relationKey } from '../../core/relation.ts';
import { schedule } from '../../graph/schedule.ts';
import { toTemplate } from '../../template/index.ts';
import { runStarted } from '../announce.ts';
import { customMaterialization, hasCandidate, runsInBatches } from '../custom.ts';
import { settleDeferral } from '../defer.ts';
import { execute } from '../execute.ts';
import { labelOf } from '../labels.ts';
import { takeLease } from '../lease-take.ts';
import { cloneRunner } from '../nodes/clone.ts';
import { customRunner } from '../nodes/custom.ts';
import { functionRunner } from '../nodes/function.ts';
import { loadRunner } from '../nodes/load.ts';
import { readyToLoad } from '../nodes/load-state.ts';
import { microbatchRunner } from '../nodes/microbatch.ts';
import { isMicrobatch, modelRunner } from '../nodes/model.ts';
import type { Runner } from '../nodes/runner.ts';
import { seedRunner } from '../nodes/seed.ts';
import { storesFailures, testRunner } from '../nodes/test.ts';
import { unitTestRunner } from '../nodes/unit-test.ts';
import { retried } from '../retry.ts';
import type { Run } from '../run.ts';
import { Slots } from '../slots.ts';
import { operations, resultsValue, runOperations } from './project-hooks.ts';

function runnerOf(run: Run, node: Node): Runner {
  if (run.request.command === 'clone' && isRelationNode(node) && node.resource_type !== 'source') return cloneRunner(run, node);
  switch (node.resource_type) {
    case 'model': {
      const macro = customMaterialization(run.scope, node);
      if (macro) return customRunner(run, node, macro);
      return isMicrobatch(node) && runsInBatches(run.scope, node) ? microbatchRunner(run, node) : modelRunner(run, node);
    }
    case 'snapshot':
      return modelRunner(run, node);
    case 'seed':
      return seedRunner(run, node);
    case 'test':
      return testRunner(run, node);
    case 'unit_test':
      return unitTestRunner(run, node);
    case 'source':
      return loadRunner(run, node);
    case 'function':
      return functionRunner(run, node);
    case 'operation':
    case 'analysis':
    case 'exposure':
      throw new Error(`${node.unique_id} is nothing that is scheduled`);
    default:
      return assertNever(node);
  }
}

/** How long each node took in the last run, in ms: what the schedule is weighed by. */
function lastTimes(targetPath: string): ReadonlyMap<UniqueId, number> {
  const path = join(targetPath, 'run_results.json');
  if (!existsSync(path)) return new Map();
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const results = isMapping(read) && Array.isArray(read.results) ? read.results : [];
    return new Map(
      results.flatMap((one) =>
        isMapping(one) && typeof one.unique_id === 'string' && typeof one.execution_time === 'number'
          ? [[uniqueId(one.unique_id), one.execution_time * 1000] as const]
          : [],
      ),
    );
  } catch {
    // A file that is cut off or not ours: the schedule goes without weights.
    return new Map();
  }
}

/** The places that the chosen nodes write to. */
function schemasOf(run: Run, ids: readonly UniqueId[]): readonly Pick<Relation, 'database' | 'schema'>[] {
  const places = new Map<string, Relation>();
  for (const id of ids) {
    const node = run.manifest.nodes.get(id);
    if (!node) continue;
    const stores = node.resource_type === 'test' && storesFailures(run, node);
    const writes =
      node.resource_type === 'function' || (isRelationNode(node) && (node.resource_type !== 'source' || node.load !== undefined)) || stores;
    if (writes && 'relation' in node) places.set(relationKey({ ...node.relation, identifier: '' }), node.relation);
  }
  return [...places.values()];
}

/** The schemas, and the ledger where something loads. Without them nothing can run. */
async function makePlaces(run: Run, slots: Slots, ids: readonly UniqueId[]): Promise<void> {
  const places = schemasOf(run, ids);
  await slots.use(0, async ({ connection }) => {
    const make = async (): Promise<void> => {
      for (const sql of (await connection.missingSchemas(places)).flatMap((place) => run.dialect.createSchema(place))) {
        if (run.request.dryRun) run.emit({ type: 'output', text: `${sql.shown};\n` });
        else await connection.run(sql);
      }
      await run.catalog.list(places, connection);
      await readyToLoad(run, ids, connection);
    };
    try {
      await retried(make, () => {}, run.deps.signal);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const names = [...new Set(places.map(({ database, schema }) => (database === undefined ? schema : `${database}.${schema}`)))];
      fail(
        {
          code: 'schema-unmakeable',
          message: `the schemas of this run cannot be made: ${error.message}`,
          hint: "Check 'schema' and 'database' of the project and the profile, and your rights there.",
          detail: [`wanted: ${names.join(', ')}`],
        },
        { cause: error },
      );
    }
  });
}

export async function runNodes(run: Run): Promise<void> {
  const { request, emit, deps, manifest } = run;
  const scheduled = schedule(manifest, run.chosen, {
    command: request.command,
    publish: request.publish,
    hasCandidate: (node) => hasCandidate(run.scope, node),
    weights: lastTimes(run.files.targetPath),
  });
  // A view of what stands elsewhere waits for nothing here.
  const planned = request.command === 'clone' ? { steps: scheduled.steps.map((step) => ({ ...step, after: [] })) } : scheduled;
  const ids = planned.steps.map((step) => step.node);
  // As in dbt: with nothing to do, hooks do nothing either.
  const hooked = request.command !== 'load' && request.command !== 'clone' && ids.length > 0;
  const [starts, ends] = hooked ? [operations(run, 'on-run-start'), operations(run, 'on-run-end')] : [[], []];

  const warehouse = await run.openWarehouse();
  try {
    await runOn(run, warehouse, { ids, starts, ends, planned });
  } finally {
    await warehouse.close();
  }
  if (request.writeJson !== false) run.writeManifest();
  emit({ type: 'run-finished', ms: deps.clock() - request.startedAt, interrupted: deps.signal.aborted });
}

interface Work {
  readonly ids: readonly UniqueId[];
  readonly starts: readonly OperationNode[];
  readonly ends: readonly OperationNode[];
  readonly planned: ReturnType<typeof schedule>;
}

const MADE_NOTHING: ReadonlySet<Status> = new Set<Status>(['error', 'fail', 'skipped']);

/** Where other processes may write to the target meanwhile, a run that writes keeps them off. */
async function runOn(run: Run, warehouse: Warehouse, work: Work): Promise<void> {
  const first = await warehouse.connect();
  const writes = run.dialect.isShared && !run.request.dryRun && schemasOf(run, work.ids).length > 0;
  const lease = writes ? await takeLease(run, warehouse, first) : undefined;
  if (lease === 'interrupted') return;
  const threads = Math.max(1, Math.min(run.request.threads ?? run.credentials.threads, warehouse.maxConcurrency));
  let slots: Slots | undefined;
  try {
    slots = await Slots.open(warehouse, Math.min(threads, Math.max(1, work.ids.length)), first);
    await runWith({ ...run, lease }, slots, threads, work);
  } finally {
    await lease?.release(first);
    await slots?.close();
  }
}

async function runWith(run: Run, slots: Slots, threads: number, { ids, starts, ends, planned }: Work): Promise<void> {
  const { manifest, emit } = run;
  const scheduled = [...starts.map((node) => node.unique_id), ...ids, ...ends.map((node) => node.unique_id)];
  const labels = scheduled.flatMap((id) => {
    const node = manifest.nodes.get(id);
    return node ? [labelOf(node)] : [];
  });
  emit(runStarted(run, labels, threads));
  await makePlaces(run, slots, ids);
  await slots.use(0, ({ connection }) => settleDeferral(run, async () => connection));
  const started = await runOperations(run, slots, starts, {});
  // https://docs.getdbt.com/reference/global-configs/behavior-changes#failures-in-on-run-start-hooks
  const holdsBack = run.scope.flags.SKIP_NODES_IF_ON_RUN_START_FAILS === true;
  const failedStart = holdsBack ? started.find((result) => result.status !== 'success') : undefined;
  const results = await execute(run, planned, slots, (node) => runnerOf(run, node), failedStart && `the hook ${failedStart.node} failed`);
  if (run.request.show && !run.request.dryRun) await (await import('./show-seeds.ts')).showSeeds(run, slots, results);
  if (ends.length === 0) return;
  // As in dbt: where something was made; of the hooks before it, those that failed are among the results.
  const made = results.flatMap(({ node, status }) => (MADE_NOTHING.has(status) ? [] : [node]));
  const schemas = schemasOf(
    run,
    made.filter((id) => manifest.nodes.get(id)?.resource_type !== 'test'),
  );
  await runOperations(run, slots, ends, {
    results: resultsValue(run, [...started.filter(({ status }) => status === 'error'), ...results]),
    schemas: toTemplate([...new Set(schemas.map((place) => place.schema))]),
    database_schemas: toTemplate(schemas.map((place) => [place.database ?? null, place.schema])),
  });
}
