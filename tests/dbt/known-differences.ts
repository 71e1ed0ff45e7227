// Where dwh is known to answer otherwise than dbt 1.11, and why. A difference that no line here allows is a failure; so is a line
// that allows nothing any more. docs/from-dbt.md has them in words.
import type { Engine } from '../dbt-projects/steps.ts';
import type { Difference } from './compare.ts';

export interface Known {
  readonly path: RegExp;
  /** Where only one has it; without this it is to be seen on each. */
  readonly engine?: Engine;
  /** Where the path alone says too much. */
  readonly only?: (difference: Difference) => boolean;
  readonly because: string;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const WHILE_A_TEST_RUNS = /^macro\.dbt\.(get_where_subquery|get_limit_subquery_sql|should_store_failures|statement)$/;
const CLONES = /^macro\.dbt\.(load_cached_relation|can_clone_table|materialization_view_default)$/;
const FUNCTIONS = /^macro\.dbt\.(is_incremental|run_query|statement)$/;
const without = (ids: unknown, these: RegExp): string =>
  listOf(ids)
    .filter((id) => !these.test(String(id)))
    .join();

export const KNOWN: readonly Known[] = [
  {
    path: /^manifest\.json nodes\.test\..*\.depends_on\.macros$/,
    only: ({ dbt, dwh }) => without(dbt, WHILE_A_TEST_RUNS) === without(dwh, WHILE_A_TEST_RUNS),
    because: "what dbt's own macros for tests call once a test is compiled, or has run, is dbt's",
  },
  {
    path: /^manifest\.json nodes\..*\.depends_on\.macros$/,
    only: ({ command, dbt, dwh }) => command === 'clone' && without(dbt, CLONES) === without(dwh, CLONES),
    because: 'no macro makes a clone here',
  },
  {
    path: /^manifest\.json (nodes|macros)\..*\.depends_on\.macros$/,
    only: ({ dbt, dwh }) => without(dbt, FUNCTIONS) === without(dwh, FUNCTIONS),
    because: 'some macros of dbt are functions here',
  },
  {
    path: /(nodes|results)\.test\.\w+\.(source_)?(unique|not_null|accepted_values|relationships|only_two_members|no_returns_expected)[^.]*\.\w+\.compiled_code$/,
    because: 'the SQL of the tests that come with the program is its own',
  },
  {
    path: /(nodes|results)\.model\.toolbox\.(keyed|all_visits|people|spans|texts)\.compiled_code$/,
    because: 'the SQL of the cross-database macros is its own; what it makes is compared with the tables',
  },
  {
    path: /adapter_response\.(_message|code)$/,
    because: "the words of a result's adapter_response are its own",
  },
  {
    path: /adapter_response\.rows_affected$/,
    only: ({ dbt, path }) => dbt === undefined || dbt === -1 || path.startsWith('sources.json') || path.includes(' results.snapshot.'),
    because: 'rows are counted where dbt does not know them; of a view there are none; of a snapshot versions that end count too',
  },
  {
    path: /^manifest\.json nodes\.operation\..*\.(checksum\.checksum|original_file_path)$/,
    because: "a hook's checksum is of its text, and its file's name is without ./",
  },
  {
    path: /^manifest\.json nodes\.operation\..*\.index$/,
    only: ({ dbt, dwh }) => dbt === Number(dwh) - 1,
    because: 'hooks are counted from 1; dbt counts from 0 those that it did not run',
  },
  {
    path: /^run_results\.json results\.seed\..*\.relation_name$/,
    because: "a seed's result says where it went; dbt's is null",
  },
  {
    path: /^manifest\.json groups\..*\.config\.materialized$/,
    because: "configs of models are none of a group's",
  },
  {
    path: /^manifest\.json nodes\.test\.toolbox\..*\.unrendered_config\.tags$/,
    because: 'tags of a test whose macro has tags, too, are there twice in dbt',
  },
  {
    path: /^catalog\.json .*\.stats\.has_stats\.description$/,
    because: 'a sentence of its own',
  },
  {
    path: /^catalog\.json nodes\.test\.governed\./,
    only: ({ dbt }) => dbt === undefined,
    because: 'of more than a hundred nodes dbt looks for those in schemas of models, seeds and snapshots only',
  },
  {
    path: /^table analytics_failed\.relationships_/,
    because: 'of a stored failure of relationships all columns are kept',
  },
  {
    path: /results\.model\.subscriptions\.account_plans\.status$/,
    because:
      'a merge into a table without a new column, on_schema_change ignore: dbt-duckdb fails, dwh leaves the column out with a warning',
  },
  {
    path: /^table analytics_history\.(shelf_history_closed|supplier_history|supplier_records) /,
    because: 'a row that comes back begins when it is found, where dbt lets versions overlap or end before they begin',
  },
  {
    path: /results\.unit_test\..*\.(compiled|compiled_code)$/,
    because: 'the result of a unit test has its SQL',
  },
  {
    path: /results\.unit_test\..*\.bonuses_through_steps\.(status|failures)$/,
    because: 'an ephemeral input may be given as rows',
  },
  {
    path: /^table analytics_reports\.returns \(VIEW\)$|^catalog\.json nodes\.model\.attribution\.returns$/,
    engine: 'postgres',
    only: ({ dbt }) => dbt === undefined,
    because: 'a view that reads a replaced relation is kept, where dbt drops it with the old one',
  },
  {
    path: /^exit$|(nodes|results)\.test\.subscriptions\.unique_account_plans_/,
    engine: 'postgres',
    only: ({ project, step }) => project === 'subscriptions' && step === 9,
    because: 'a merge of a query without a column that the table has: dbt-postgres fails, and skips the test',
  },
  {
    path: /^table _dwh\./,
    engine: 'postgres',
    because: "on a shared server dwh's lease keeps other runs off the target",
  },
  {
    path: /^manifest\.json nodes\.model\..*\.config\.begin$/,
    only: ({ dbt, dwh }) => dbt === `${String(dwh)}T00:00:00`,
    because: 'begin stands as it was written; dbt puts the time of the day behind it',
  },
  {
    path: /^manifest\.json nodes\.model\.town_library\.reminders\.unrendered_config\.post-hook$/,
    only: ({ dbt, dwh }) => String(dbt).trim() === dwh,
    because: 'what after_commit makes has no blanks around it',
  },
  {
    path: /^manifest\.json sources\..*\.unrendered_config\.freshness$/,
    only: ({ dwh }) => dwh === undefined,
    because: 'freshness beside the tables is no config; dbt has it there as it comes out',
  },
  {
    path: /^manifest\.json nodes\.model\.town_library\.loans_(daily|yearly)\.(compiled|compiled_code|extra_ctes|extra_ctes_injected)$/,
    only: ({ dbt }) => dbt === undefined,
    because: 'of a model in batches the SQL of the last one is kept; dbt keeps none',
  },
  {
    path: /^manifest\.json nodes\..*\.defer_relation$/,
    only: ({ command, dbt }) => command === 'clone' && dbt === undefined,
    because: 'clone says where each node is taken from',
  },
  {
    path: /(nodes|results)\.model\..*\.(compiled|compiled_code|extra_ctes|extra_ctes_injected)$/,
    only: ({ command, dwh }) => command === 'clone' && (typeof dwh !== 'string' || dwh.startsWith('select * from ')),
    because: 'a view that is a clone has its SQL',
  },
  {
    path: /^run_results\.json results\.model\.[^.]*\.[^.]*$/,
    only: ({ command, dbt }) => command === 'retry' && dbt === undefined,
    because: 'after a retry all nodes of the first run are there, not only those that ran again',
  },
  {
    path: /^catalog\.json nodes\.model\.town_library\.popular\.columns\.isbn\.comment$|^table analytics(_copy)?\.popular \(VIEW\) columns$/,
    engine: 'duckdb',
    only: ({ dbt, dwh }) => JSON.stringify(dbt) === JSON.stringify(dwh).replace('null', '""'),
    because: 'a column without a description has no comment, where dbt-duckdb makes an empty one',
  },
  {
    path: /^table library_log\.results \(BASE TABLE\) rows$/,
    only: ({ dbt, dwh }) => listOf(dwh).length === 0 && listOf(dbt).every((row) => String(row).startsWith('["hook",')),
    because: 'clone does not run the hooks of a model',
  },
  {
    path: /^table analytics_copy\.(popular|reminders) \(VIEW\)$/,
    engine: 'postgres',
    only: ({ dbt }) => dbt === undefined,
    because: 'the view of a clone outlives the table that it reads being made again, where dbt drops it with the old one',
  },
  {
    path: /^run_results\.json results\.model\.town_library\.popular\.adapter_response\.rows_affected$/,
    engine: 'postgres',
    only: ({ dwh }) => dwh === undefined,
    because: 'the rows of a materialized view are not counted: they are counted when it is made, and not when it is refreshed',
  },
];
