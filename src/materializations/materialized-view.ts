// materialized_view: the rows of a query, which the warehouse keeps and refreshes. One that still is what the model says is
// refreshed; for any other a new one is built beside and swapped in, or, where it cannot take another's name, dropped and made
// in one transaction. https://docs.getdbt.com/docs/build/materializations#materialized-view
import type { Dialect } from '../adapters/dialect.ts';
import type { MaterializedViews } from '../adapters/materialized-views.ts';
import { runs } from '../core/plan.ts';
import { fail, type Problem } from '../core/problem.ts';
import { besideName, type Materialization, type Planned, type Task } from './materialization.ts';
import { swapIn } from './table.ts';

const POLICIES = ['apply', 'continue', 'fail'] as const;
const CREATE = 'CREATE MATERIALIZED VIEW';
const REFRESH = 'REFRESH MATERIALIZED VIEW';

/** What tests read while the materialized view itself is not touched: its query, as it would be. */
function beforeIt({ relation, sql, options, gated }: Task, dialect: Dialect): Pick<Planned, 'stage' | 'candidate' | 'cleanup'> {
  if (!gated) return { stage: [], candidate: relation, cleanup: [] };
  const candidate = besideName(relation, 'candidate', dialect);
  return {
    stage: runs(dialect.createView(candidate, sql, options)),
    candidate,
    cleanup: runs(dialect.drop({ relation: candidate, kind: 'view' })),
  };
}

function made(task: Task, views: MaterializedViews, dialect: Dialect): Planned {
  const { relation, sql, existing, options } = task;
  if (!views.renames) {
    const publish = [...(existing ? dialect.drop(existing) : []), ...views.create(relation, sql, options)];
    return { verb: CREATE, ...beforeIt(task, dialect), publish: runs(publish), replaces: existing !== undefined };
  }
  const next = besideName(relation, 'next', dialect);
  const swap = swapIn(next, relation, existing, dialect, 'materialized_view');
  const furniture = dialect.furnish(next, relation, options);
  return {
    verb: CREATE,
    ...swap,
    stage: runs([...views.create(next, sql, options), ...furniture.stage]),
    publish: [...swap.publish, ...runs(furniture.publish)],
  };
}

const changed = (what: readonly string[], then: string): string => `the materialized view was made of another ${what.join(' and ')}${then}`;

const leftAlone = (what: readonly string[]): Problem => ({
  code: 'materialized-view-changed',
  severity: 'warning',
  message: changed(what, ', and is left as it is: on_configuration_change is continue'),
  hint: 'To make it anew: dwh run --full-refresh',
});

export const materializedView: Materialization = {
  name: 'materialized_view',
  missing: ({ name, materializedViews }) =>
    materializedViews
      ? undefined
      : {
          message: `${name} has no materialized views`,
          hint: "Use materialized: table, whose rows are made anew in each run; by target: {{ 'table' if target.type == 'duckdb' else 'materialized_view' }}",
        },
  configure(config) {
    const policy = config.oneOf('on_configuration_change', POLICIES) ?? 'apply';
    return {
      needsColumns: () => false,
      isIncremental: () => false,
      comparesViews: (existing, fullRefresh) => existing?.kind === 'materialized_view' && !fullRefresh,
      plan(task, dialect) {
        const { materializedViews: views } = dialect;
        if (!views) throw new Error(`${dialect.name} has no materialized views, and the project was linked with one`);
        const { changes = [] } = task;
        if (task.existing?.kind !== 'materialized_view' || task.fullRefresh) return made(task, views, dialect);
        if (changes.length === 0) {
          return { verb: REFRESH, ...beforeIt(task, dialect), publish: runs(views.refresh(task.relation, task.options)) };
        }
        if (policy === 'apply') return made(task, views, dialect);
        if (policy === 'fail') {
          return fail({
            code: 'materialized-view-changed',
            message: changed(changes, ', and on_configuration_change is fail'),
            hint: 'To make it anew: dwh run --full-refresh',
          });
        }
        return { verb: 'SKIP', stage: [], candidate: task.relation, publish: [], cleanup: [], warnings: [leftAlone(changes)] };
      },
    };
  },
};
