// What is done with each project, by dbt and by dwh alike: its commands in their order, each after the folders of `changes` were
// laid over the project.
export interface Step {
  /** As behind `dbt`. */
  readonly args: readonly string[];
  /** Folders of the project. */
  readonly changes: readonly string[];
}

export type Engine = 'duckdb' | 'postgres';
export const ENGINES: readonly Engine[] = ['duckdb', 'postgres'];

const step = (typed: string, ...changes: string[]): Step => ({ args: words(typed), changes });

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
  ],
  attribution: [
    step('seed --full-refresh'),
    step('run'),
    step('test'),
    step('source freshness'),
    step('compile'),
    step("build --vars '{windows: {click: 30}}'"),
    step("build -s touches.*+ --exclude 'tag:money' --full-refresh"),
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
  ],
};

/** A build publishes whatever its tests say, as dbt's does. */
export const dwhArgs = ({ args }: Step): readonly string[] => (args[0] === 'build' ? [...args, '--publish', 'always'] : args);
