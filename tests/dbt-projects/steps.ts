// What is done with each project, by dbt and by dwh alike: its commands in their order, each after the folders of `changes` were
// laid over the project.
export interface Step {
  /** As behind `dbt`. */
  readonly args: readonly string[];
  /** Folders of the project. */
  readonly changes: readonly string[];
  /** The folder of the project into which `target/` goes afterwards: for --state. */
  readonly keep?: string;
}

export type Engine = 'duckdb' | 'postgres';
export const ENGINES: readonly Engine[] = ['duckdb', 'postgres'];

const step = (typed: string, ...changes: string[]): Step => ({ args: words(typed), changes });
/** Its artifacts are kept as a state. */
const kept = (keep: string, typed: string, ...changes: string[]): Step => ({ ...step(typed, ...changes), keep });

/** Blanks separate; what stands in '' is one. */
const words = (typed: string): readonly string[] => [...typed.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

export const PROJECTS: Readonly<Record<string, readonly Step[]>> = {
  shop: [
    step('seed'),
    step('run'),
    step('test'),
    step('compile'),
    step('build -s +customers'),
    step("run -s +orders --vars '{first_order_day: 2023-02-01, with_big_orders: false}'"),
    step('build --full-refresh'),
    step('docs generate'),
  ],
  subscriptions: [
    step('seed'),
    step('run'),
    step('seed', 'changes/second'),
    step('run'),
    step('test'),
    step("run --vars '{with_seats: true, with_notes: true}'"),
    step('seed', 'changes/third'),
    step("run --vars '{with_seats: true, with_notes: true, sync: true, months: 9}'"),
    step("build --vars '{months: 9}'"),
    step('run --full-refresh -s account_months+ event_log seat_counts'),
    step("run -s frozen_months --vars '{months: 3, predicates: true}'"),
    step('docs generate'),
  ],
  attribution: [
    step('seed --full-refresh'),
    step('run'),
    step('test'),
    step('source freshness'),
    step('compile'),
    step("build --vars '{windows: {click: 30}}'"),
    step("build -s touches.*+ --exclude 'tag:money' --full-refresh"),
    step('docs generate'),
  ],
  stock: [
    step('build'),
    step('seed', 'changes/week2'),
    step('snapshot'),
    step('seed --full-refresh', 'changes/week3'),
    step('snapshot'),
    step('run'),
    step('seed', 'changes/week4'),
    step('build -s shelf_history+ tag:closed prices+'),
    step('snapshot -s supplier_history price_history'),
    step('test'),
    step('docs generate'),
  ],
  toolbox: [
    step('deps'),
    step('seed'),
    step('run'),
    step('test'),
    step("build --vars '{shout: false, complain: true}' --exclude visits"),
    step('docs generate'),
  ],
  governed: [
    step('seed'),
    step('run --exclude since_years'),
    step('run'),
    step('test'),
    step("test --vars '{keep: true}' --exclude test_type:unit"),
    step('build'),
    step("build -s +teams --exclude test_type:unit --vars '{bonus: 20}' --full-refresh"),
    step('test -s test_type:unit'),
    step('docs generate'),
  ],
  library: [
    step('seed'),
    step('run --exclude tag:daily'),
    step('test'),
    step('source freshness'),
    step('run -s loans_daily --event-time-start 2024-03-01 --event-time-end 2024-03-04'),
    step('seed', 'changes/march'),
    step('run -s loans_daily --event-time-start 2024-03-03 --event-time-end 2024-03-07'),
    step("run --selector growing_members --vars '{wide: true}'"),
    step('run --selector growing_members'),
    step('build --selector letters --full-refresh'),
    kept('state', "run -s path:models/reports loans_yearly stg_members --vars '{broken: true}'"),
    kept('state', 'retry'),
    step("clone -s path:models/reports loans_yearly --state state --vars '{stage: copy}'"),
    step("run -s reminders --defer --state state --vars '{stage: trial}'"),
    step("run -s stg_members after_fragile --defer --favor-state --state state --vars '{stage: trial}'"),
    step("run -s state:modified+ --exclude tag:daily --state state --vars '{wide: true}'"),
    step("run-operation forget --args '{member: 2, log_it: false}'"),
    step("run-operation forget --args '{member: 9}'"),
    step('run -s reminders popular --full-refresh'),
    step('docs generate'),
  ],
};

/** A build publishes whatever its tests say, as dbt's does. */
export const dwhArgs = ({ args }: Step): readonly string[] => (args[0] === 'build' ? [...args, '--publish', 'always'] : args);
