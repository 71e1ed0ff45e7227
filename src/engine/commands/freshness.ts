// source freshness: how old the newest row of a source is, from a column, a query, or the ledger of what dwh loaded.
// https://docs.getdbt.com/reference/resource-properties/freshness
import type { NodeResult, Status } from '../../core/event.ts';
import type { FreshnessSpec, SourceNode } from '../../core/node.ts';
import { fail } from '../../core/problem.ts';
import { statement, type Value } from '../../core/statement.ts';
import { toTemplate } from '../../template/index.ts';
import { resultNow, runStarted } from '../announce.ts';
import { drive } from '../answer.ts';
import { renderText } from '../compile.ts';
import { labelOf } from '../labels.ts';
import { ledgerOf } from '../nodes/load-state.ts';
import { problemOf } from '../problems.ts';
import { queryComment } from '../query-comment.ts';
import type { Run } from '../run.ts';
import { openSession, type Session } from '../session.ts';
import { Slots } from '../slots.ts';
import { operations, resultsValue, runOperations } from './project-hooks.ts';

const PERIODS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const milliseconds = (spec: FreshnessSpec['warn_after']): number => (spec ? spec.count * PERIODS[spec.period] : Number.POSITIVE_INFINITY);

/** Timestamps and dates come as text: with a zone as they are, without one in UTC. */
function epochMs(value: Value | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  const text = String(value).trim();
  const {
    day,
    time = '00:00:00',
    zone = 'Z',
  } = /^(?<day>\d{4,}-\d\d-\d\d)(?:[ T](?<time>[\d:.]+)\s*(?<zone>Z|[+-]\d\d(?::?\d\d)?)?)?$/.exec(text)?.groups ?? {};
  const ms = day === undefined ? Date.parse(text) : Date.parse(`${day}T${time}${zone.replace(/^([+-]\d\d)$/, '$1:00')}`);
  if (!Number.isNaN(ms)) return ms;
  return fail({
    code: 'freshness-unmeasurable',
    message: `the newest '${text}' is no time`,
    hint: "Cast it: loaded_at_field: 'cast(loaded_at as timestamp)'",
  });
}

/** Epoch ms of the newest row; undefined: there is none. */
async function newest(run: Run, node: SourceNode, session: Session): Promise<number | undefined> {
  const place = run.dialect.relationName(node.relation);
  const asked = async (sql: string): Promise<number | undefined> => epochMs((await session.run(statement(sql))).rows[0]?.[0]);
  if (node.loaded_at_query !== undefined) {
    const { text } = await drive(renderText(run, node, node.loaded_at_query, node.original_file_path), async () => session, run.catalog);
    return asked(text);
  }
  if (node.loaded_at_field !== undefined) {
    const filter =
      node.freshness?.filter === undefined
        ? ''
        : ` where ${(await drive(renderText(run, node, node.freshness.filter, node.original_file_path), async () => session, run.catalog)).text}`;
    return asked(`select max(${node.loaded_at_field}) as max_loaded_at from ${place}${filter}`);
  }
  if (node.load === undefined) return lastWritten(run, node, session);
  const ledger = ledgerOf(run, node);
  if (!(await run.catalog.get(ledger.files, session.connection))) return undefined;
  return epochMs((await session.run(ledger.freshness(node.relation))).rows[0]?.[0]);
}

/** What the server knows of the table as a whole. */
async function lastWritten(run: Run, node: SourceNode, session: Session): Promise<number | undefined> {
  const { lastWritten: asked } = run.dialect;
  const unmeasurable = (why: string): never =>
    fail({
      code: 'freshness-unmeasurable',
      at: node.at,
      message: `'${node.source_name}.${node.name}' has freshness, and nothing says when its rows came${why}`,
      hint: 'Give it loaded_at_field or loaded_at_query, or turn it off: freshness: null',
    });
  if (!asked) return unmeasurable('');
  const [found] = (await session.run(asked.id(node.relation))).rows;
  if (!found)
    return fail({ code: 'freshness-unmeasurable', at: node.at, message: `there is no table ${run.dialect.relationName(node.relation)}` });
  if (node.freshness?.filter !== undefined)
    run.emit({
      type: 'problems',
      problems: [
        {
          code: 'freshness-filter',
          severity: 'warning',
          at: node.at,
          message: `'filter' has no effect on '${node.source_name}.${node.name}': its age is taken from the table as a whole`,
          hint: 'Give it loaded_at_field or loaded_at_query.',
        },
      ],
    });
  const at = epochMs((await session.run(asked.at(Number(found[0])))).rows[0]?.[0]);
  return at ?? unmeasurable(`: ${asked.why}`);
}

function judge(age: number | undefined, spec: FreshnessSpec | undefined): Status {
  if (age === undefined || age > milliseconds(spec?.error_after)) return 'error';
  return age > milliseconds(spec?.warn_after) ? 'warn' : 'pass';
}

const ageText = (ms: number): string => {
  const hours = ms / PERIODS.hour;
  return hours < 1
    ? `${Math.round(ms / PERIODS.minute)} minutes`
    : hours < 48
      ? `${Math.round(hours)} hours`
      : `${Math.round(hours / 24)} days`;
};

/** Sources that promise something, or say how old they are by themselves: a load of dwh's. */
const measurable = ({ freshness: promised, load }: SourceNode): boolean =>
  promised?.warn_after !== undefined || promised?.error_after !== undefined || load !== undefined;

/** What dbt writes of a table without rows. */
const NEVER = Date.UTC(2001, 0, 1) - 2000 * 365.2425 * 24 * 3_600_000;

export async function freshness(run: Run): Promise<void> {
  const { request, emit, deps, manifest } = run;
  const sources = run.chosen.flatMap((id) => {
    const node = manifest.nodes.get(id);
    return node?.resource_type === 'source' && measurable(node) ? [node] : [];
  });
  // https://docs.getdbt.com/reference/global-configs/behavior-changes#project-hooks-with-source-freshness
  const hooked = sources.length > 0 && run.scope.flags.SOURCE_FRESHNESS_RUN_PROJECT_HOOKS !== false;
  const [starts, ends] = hooked ? [operations(run, 'on-run-start'), operations(run, 'on-run-end')] : [[], []];
  const warehouse = await run.openWarehouse();
  const slots = await Slots.open(
    warehouse,
    Math.max(1, Math.min(request.threads ?? run.credentials.threads, warehouse.maxConcurrency, sources.length)),
  );
  try {
    const label = (node: SourceNode): string => `freshness of ${node.source_name}.${node.name}`;
    emit(
      runStarted(run, [...starts.map(labelOf), ...sources.map((node) => ({ ...labelOf(node), label: label(node) })), ...ends.map(labelOf)]),
    );
    await runOperations(run, slots, starts, {});
    const results: NodeResult[] = [];
    await Promise.all(
      sources.map((node) =>
        slots.use(0, async ({ connection, index }) => {
          const startedAt = deps.clock();
          emit({ type: 'node-started', node: node.unique_id, thread: index });
          const begun = { node: node.unique_id, startedAt, executeAt: startedAt, thread: index };
          const finish = (outcome: Partial<NodeResult> & { readonly status: Status }): void => {
            const result = resultNow(run, begun, outcome);
            results.push(result);
            emit({ type: 'node-finished', result });
          };
          try {
            const session = openSession(connection, node.unique_id, emit, deps.signal, { comment: queryComment(run, node) });
            const at = await newest(run, node, session);
            const snapshotted = deps.clock();
            const age = at === undefined ? undefined : snapshotted - at;
            const status = judge(age, node.freshness);
            finish({
              status,
              message: age === undefined ? 'no rows: never loaded, or empty' : `newest is ${ageText(age)} old`,
              freshness: { maxLoadedAt: at ?? NEVER, snapshottedAt: snapshotted, criteria: node.freshness ?? {} },
              ...(status === 'error' && {
                problem: {
                  code: 'source-stale',
                  at: node.at,
                  message:
                    age === undefined
                      ? `${node.source_name}.${node.name} has no rows`
                      : `${node.source_name}.${node.name} is ${ageText(age)} old`,
                  ...(node.load && { hint: `Load what is new: dwh load -s source:${node.source_name}.${node.name}` }),
                },
              }),
            });
          } catch (error) {
            const problem = problemOf(error, { node, compiled: undefined, compiledPath: undefined, projectDir: request.projectDir });
            finish({ status: 'runtime error', message: problem.message, problem });
          }
        }),
      ),
    );
    await runOperations(run, slots, ends, {
      results: resultsValue(run, results),
      schemas: toTemplate([]),
      database_schemas: toTemplate([]),
    });
  } finally {
    await slots.close();
    await warehouse.close();
  }
  if (request.writeJson !== false) run.writeManifest();
  emit({ type: 'run-finished', ms: deps.clock() - request.startedAt, interrupted: deps.signal.aborted });
}
