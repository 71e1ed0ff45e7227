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
    step('ls'),
  ],
};

/** A build publishes whatever its tests say, as dbt's does. */
export const dwhArgs = ({ args }: Step): readonly string[] => (args[0] === 'build' ? [...args, '--publish', 'always'] : args);
