// Every option of the command line, in dbt's spelling: what it is called, what it takes, which environment variable stands in
// for it. Tables only; cli/given.ts reads them.

export interface Option {
  readonly kind: 'flag' | 'text' | 'texts' | 'number';
  readonly describe: string;
  readonly short?: string;
  readonly aliases?: readonly string[];
  readonly choices?: readonly string[];
  /** May stand without a value, and is then true. */
  readonly bare?: true;
  /** In help: the group it is listed in. None: hidden. */
  readonly group?: 'Selection' | 'Execution' | 'Project' | 'Output';
  /** Read from DWH_<env>, then DBT_ENGINE_<env> and DBT_<env> where the variable is dbt's. */
  readonly env?: string;
  readonly ours?: true;
  /** A flag that is on unless --no-<name> is given: help shows that form. */
  readonly on?: true;
}

const option = <T extends Readonly<Record<string, Option>>>(table: T): { readonly [K in keyof T]: Option } => table;

const indirectSelection: Option = {
  kind: 'text',
  choices: ['eager', 'cautious', 'buildable', 'empty'],
  env: 'INDIRECT_SELECTION',
  describe: 'Which tests come with their nodes: eager (default), cautious, buildable, empty',
};
const state: Option = { kind: 'text', env: 'STATE', describe: 'The folder with the artifacts of an earlier run' };

const deferral = option({
  defer: { kind: 'flag', env: 'DEFER', describe: 'Take what is not there, and not selected, from where --state has it' },
  'defer-state': { kind: 'text', env: 'DEFER_STATE', describe: 'The folder for --defer, where it is another than that of --state' },
  'favor-state': { kind: 'flag', env: 'FAVOR_STATE', describe: 'With --defer: take all that is not selected from there' },
});

/** Of the commands that render SQL. */
export const deferOptions = option({
  defer: { ...deferral.defer, group: 'Selection' },
  'defer-state': { ...deferral['defer-state'], group: 'Selection' },
  'favor-state': { ...deferral['favor-state'], group: 'Selection' },
});

export const selectionOptions = option({
  select: {
    kind: 'texts',
    short: 's',
    aliases: ['m', 'models', 'model'],
    group: 'Selection',
    describe: 'The nodes to take: names, paths, tag:x, +parents, children+',
  },
  exclude: { kind: 'texts', group: 'Selection', describe: 'The nodes to leave out' },
  selector: { kind: 'text', group: 'Selection', describe: 'A selector of selectors.yml' },
  'indirect-selection': { ...indirectSelection, group: 'Selection' },
  'fail-on-empty': { kind: 'flag', ours: true, env: 'FAIL_ON_EMPTY', group: 'Selection', describe: 'Exit with 2 when nothing is selected' },
  state: { ...state, group: 'Selection' },
});

export const RESOURCE_TYPES = [
  'model',
  'seed',
  'snapshot',
  'source',
  'test',
  'unit_test',
  'analysis',
  'exposure',
  'metric',
  'semantic_model',
  'saved_query',
  'function',
  'default',
  'all',
];

export const resourceTypeOptions = option({
  'resource-type': {
    kind: 'texts',
    aliases: ['resource-types'],
    choices: RESOURCE_TYPES,
    env: 'RESOURCE_TYPES',
    group: 'Selection',
    describe: 'Only nodes of these types: model, test, source, seed, analysis, …',
  },
  'exclude-resource-type': {
    kind: 'texts',
    aliases: ['exclude-resource-types'],
    choices: RESOURCE_TYPES,
    env: 'EXCLUDE_RESOURCE_TYPES',
    group: 'Selection',
    describe: 'No nodes of these types',
  },
});

/** Taken before and after every command. */
export const globalOptions = option({
  'project-dir': {
    kind: 'text',
    env: 'PROJECT_DIR',
    group: 'Project',
    describe: 'The folder of the project (default: here, or the nearest above)',
  },
  'profiles-dir': { kind: 'text', env: 'PROFILES_DIR', group: 'Project', describe: 'The folder of profiles.yml' },
  profile: { kind: 'text', env: 'PROFILE', group: 'Project', describe: 'The profile to use' },
  target: { kind: 'text', short: 't', env: 'TARGET', group: 'Project', describe: 'The target of the profile to use' },
  'target-path': { kind: 'text', env: 'TARGET_PATH', group: 'Project', describe: 'Where artifacts go (default: target)' },
  vars: { kind: 'text', group: 'Project', describe: "Variables, as YAML or JSON: '{name: value}'" },
  threads: { kind: 'number', env: 'THREADS', ours: true, group: 'Project', describe: 'How many nodes may run at once' },
  'partial-parse': { kind: 'flag', on: true, env: 'PARTIAL_PARSE', group: 'Project', describe: 'Read every file anew' },
  quiet: { kind: 'flag', short: 'q', env: 'QUIET', group: 'Output', describe: 'Only errors, and what was asked for' },
  debug: { kind: 'flag', short: 'd', env: 'DEBUG', group: 'Output', describe: 'Show every statement' },
  'log-level': {
    kind: 'text',
    choices: ['debug', 'info', 'warn', 'error', 'none'],
    env: 'LOG_LEVEL',
    group: 'Output',
    describe: 'The least that is shown: debug, info (default), warn, error, none',
  },
  'log-format': {
    kind: 'text',
    choices: ['text', 'json', 'debug', 'default'],
    env: 'LOG_FORMAT',
    group: 'Output',
    describe: 'text (default), or json: one object a line',
  },
  'log-path': { kind: 'text', env: 'LOG_PATH', group: 'Output', describe: 'A folder for a log file, dbt.log (default: none is written)' },
  'log-level-file': {
    kind: 'text',
    choices: ['debug', 'info', 'warn', 'error', 'none'],
    env: 'LOG_LEVEL_FILE',
    describe: 'The least that goes into the log file (default: debug)',
  },
  'log-format-file': {
    kind: 'text',
    choices: ['text', 'json', 'debug', 'default'],
    env: 'LOG_FORMAT_FILE',
    describe: 'text (default) or json',
  },
  'log-file-max-bytes': {
    kind: 'number',
    env: 'LOG_FILE_MAX_BYTES',
    describe: 'A larger log file is put aside (default: 10485760; 0: never)',
  },
  'use-colors': {
    kind: 'flag',
    env: 'USE_COLORS',
    group: 'Output',
    describe: 'Colours, or with --no-use-colors none (default: on a terminal)',
  },
  print: { kind: 'flag', on: true, env: 'PRINT', describe: 'Do not show what templates print()' },
  'printer-width': { kind: 'number', env: 'PRINTER_WIDTH', describe: 'How wide lines are' },
  'warn-error': { kind: 'flag', env: 'WARN_ERROR', group: 'Output', describe: 'Treat warnings as errors' },
  'warn-error-options': {
    kind: 'text',
    env: 'WARN_ERROR_OPTIONS',
    group: 'Output',
    describe: "Which ones, by name: '{error: all, warn: [name], silence: [name]}'",
  },
  'write-json': { kind: 'flag', on: true, env: 'WRITE_JSON', describe: 'Write no manifest.json and no run_results.json' },
  'fail-fast': { kind: 'flag', short: 'x', env: 'FAIL_FAST', group: 'Execution', describe: 'Stop at the first failure' },
  // Of the commands that select, and taken before all of them, as in dbt.
  'indirect-selection': indirectSelection,
  state,
  ...deferral,
  'single-threaded': { kind: 'flag', env: 'SINGLE_THREADED', describe: 'Like --threads 1' },
  help: { kind: 'flag', short: 'h', group: 'Output', describe: 'Show this help' },
  version: { kind: 'flag', short: 'v', aliases: ['V'], describe: 'Show the version' },
  // What a dbt user's scripts may say of dbt's caches, parsers and telemetry. There is nothing here that they could
  // change.
  'use-colors-file': { kind: 'flag', env: 'USE_COLORS_FILE', describe: '' },
  'log-cache-events': { kind: 'flag', env: 'LOG_CACHE_EVENTS', describe: '' },
  'cache-selected-only': { kind: 'flag', env: 'CACHE_SELECTED_ONLY', describe: '' },
  'populate-cache': { kind: 'flag', env: 'POPULATE_CACHE', describe: '' },
  'static-parser': { kind: 'flag', env: 'STATIC_PARSER', describe: '' },
  'use-experimental-parser': { kind: 'flag', env: 'USE_EXPERIMENTAL_PARSER', describe: '' },
  'use-fast-test-edges': { kind: 'flag', env: 'USE_FAST_TEST_EDGES', describe: '' },
  'partial-parse-file-path': { kind: 'text', env: 'PARTIAL_PARSE_FILE_PATH', describe: '' },
  'partial-parse-file-diff': { kind: 'flag', env: 'PARTIAL_PARSE_FILE_DIFF', describe: '' },
  'macro-debugging': { kind: 'flag', env: 'MACRO_DEBUGGING', describe: '' },
  'show-all-deprecations': { kind: 'flag', env: 'SHOW_ALL_DEPRECATIONS', describe: '' },
  'upload-to-artifacts-ingest-api': { kind: 'flag', env: 'UPLOAD_TO_ARTIFACTS_INGEST_API', describe: '' },
  'version-check': { kind: 'flag', env: 'VERSION_CHECK', describe: '' },
  'send-anonymous-usage-stats': { kind: 'flag', env: 'SEND_ANONYMOUS_USAGE_STATS', describe: '' },
  'record-timing-info': { kind: 'text', short: 'r', describe: '' },
});

export const fullRefreshOption = option({
  'full-refresh': {
    kind: 'flag',
    short: 'f',
    env: 'FULL_REFRESH',
    group: 'Execution',
    describe: 'Rebuild incremental models and seeds from nothing',
  },
});

/** Of those that compile only. */
export const compiledAnewOption = option({
  'full-refresh': { ...fullRefreshOption['full-refresh'], describe: 'As for a --full-refresh: is_incremental() is false' },
});

/** Of the commands that have a target to themselves. */
export const leaseOptions = option({
  wait: {
    kind: 'number',
    bare: true,
    ours: true,
    env: 'WAIT',
    group: 'Execution',
    describe: 'Wait for another run on the target to end, [SECONDS] at most',
  },
  steal: { kind: 'flag', ours: true, group: 'Execution', describe: 'Take the target over from another run' },
});

/** Of the commands whose SQL reads inputs. */
export const sampleOption = option({
  sample: { kind: 'text', env: 'SAMPLE', group: 'Execution', describe: "Read inputs of a time only: '3 days', '{start: …, end: …}'" },
});

/** Of the commands that run batches. */
export const eventTimeOptions = option({
  'event-time-start': {
    kind: 'text',
    env: 'EVENT_TIME_START',
    group: 'Execution',
    describe: 'Microbatch models: run the batches from then',
  },
  'event-time-end': { kind: 'text', env: 'EVENT_TIME_END', group: 'Execution', describe: 'Microbatch models: run the batches before then' },
});

export const dryRunOption = option({
  'dry-run': { kind: 'flag', ours: true, group: 'Execution', describe: 'Print the statements instead of running them' },
});

export const emptyOption = option({
  empty: { kind: 'flag', env: 'EMPTY', group: 'Execution', describe: 'Read no rows: make the relations, empty' },
});

/** Of the commands that change the warehouse. */
export const writingOptions = option({ ...leaseOptions, ...dryRunOption });

/** Of those of them that may rebuild what is there. */
export const rebuildingOptions = option({ ...fullRefreshOption, ...writingOptions });

/** Of those of them that make models. */
export const executionOptions = option({ ...rebuildingOptions, ...emptyOption, ...sampleOption, ...eventTimeOptions });

export const loadOption = option({
  load: { kind: 'flag', on: true, ours: true, env: 'LOAD', group: 'Execution', describe: 'Load no files' },
});

export const testOptions = option({
  'store-failures': { kind: 'flag', env: 'STORE_FAILURES', group: 'Execution', describe: 'Keep the failing rows in the warehouse' },
});

export const publishOption = option({
  publish: {
    kind: 'text',
    choices: ['tested', 'always'],
    ours: true,
    env: 'PUBLISH',
    group: 'Execution',
    describe: 'tested (default): only what passed its tests; always: at once',
  },
});

export const answerOptions = option({
  output: { kind: 'text', choices: ['text', 'json'], group: 'Output', describe: 'text (default) or json' },
  inline: { kind: 'text', group: 'Selection', describe: 'SQL of your own, in place of a node' },
  introspect: { kind: 'flag', on: true, env: 'INTROSPECT', describe: 'Templates may not ask the warehouse' },
});

/** Sample rows of what was seeded. */
export const showOption = option({ show: { kind: 'flag', group: 'Output', describe: 'Show the first rows of each seed' } });

export const leaseOfClusterOptions = option({
  cluster: {
    kind: 'text',
    bare: true,
    ours: true,
    choices: ['pause', 'delete'],
    group: 'Execution',
    describe: 'Make or resume the cluster first, and pause it afterwards, or: delete',
  },
  ttl: { kind: 'text', ours: true, group: 'Execution', describe: 'With --cluster: it may run so long at most (default: 4h)' },
});
