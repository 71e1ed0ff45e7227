// view: a query under a name. A gated view is tested as a view beside, then made in place; where a view cannot be replaced in
// one step, the one beside is swapped in.
// https://docs.getdbt.com/docs/build/materializations#view
import type { Dialect } from '../adapters/dialect.ts';
import { runs } from '../core/plan.ts';
import { besideName, type Materialization, type Planned, type Task } from './materialization.ts';
import { swapIn } from './table.ts';

function viewPlan({ relation, sql, existing, gated, options }: Task, dialect: Dialect): Planned {
  if (!dialect.replaces) {
    const next = besideName(relation, 'next', dialect);
    return {
      verb: 'CREATE VIEW',
      stage: runs(dialect.createView(next, sql, options)),
      ...swapIn(next, relation, existing, dialect, 'view'),
    };
  }
  const publish = runs([...(existing && existing.kind !== 'view' ? dialect.drop(existing) : []), ...dialect.replaceView(relation, sql)]);
  if (!gated) return { verb: 'CREATE VIEW', stage: [], candidate: relation, publish, cleanup: [] };
  const candidate = besideName(relation, 'candidate', dialect);
  const dropCandidate = runs(dialect.drop({ relation: candidate, kind: 'view' }));
  return { verb: 'CREATE VIEW', stage: runs(dialect.createView(candidate, sql)), candidate, publish, cleanup: dropCandidate };
}

export const view: Materialization = {
  name: 'view',
  configure: () => ({ needsColumns: () => false, isIncremental: () => false, plan: viewPlan }),
};
