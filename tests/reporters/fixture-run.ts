// One run with everything that a report can show, as the engine would tell it; and what a reporter makes of it.
import type { Event, EventBody, NodeLabel, NodeResult } from '../../src/core/event.ts';
import { uniqueId } from '../../src/core/node.ts';
import { advance, type Progress, startProgress } from '../../src/reporters/reporter.ts';

export const START = Date.UTC(2024, 0, 15, 12);

const id = {
  load: uniqueId('source', 'shop', 'raw', 'events'),
  seed: uniqueId('seed', 'shop', 'countries'),
  staging: uniqueId('model', 'shop', 'stg_orders'),
  orders: uniqueId('model', 'shop', 'orders'),
  broken: uniqueId('model', 'shop', 'customers'),
  report: uniqueId('model', 'shop', 'report'),
  unique: uniqueId('test', 'shop', 'unique_orders_order_id', 'a1b2c3d4e5'),
  warned: uniqueId('test', 'shop', 'no_old_orders'),
  passed: uniqueId('test', 'shop', 'not_null_stg_orders_order_id', 'ffffffffff'),
};
export const ids = id;

const label = (node: NodeLabel['node'], resource_type: NodeLabel['resource_type'], text: string, file: string, line = 1): NodeLabel => ({
  node,
  resource_type,
  label: text,
  file,
  line,
  name: node.split('.')[2] ?? node,
  path: file.slice(file.indexOf('/') + 1),
  materialized: resource_type === 'model' ? (text.split(' ')[0] ?? '') : resource_type,
});

const labels: readonly NodeLabel[] = [
  label(id.load, 'source', 'load of raw.events', 'models/sources.yml', 7),
  label(id.seed, 'seed', 'seed main.countries', 'seeds/countries.csv'),
  label(id.staging, 'model', 'view model main.stg_orders', 'models/stg_orders.sql'),
  label(id.passed, 'test', 'test not_null_stg_orders_order_id', 'models/schema.yml', 6),
  label(id.orders, 'model', 'table model main.orders', 'models/orders.sql'),
  label(id.unique, 'test', 'test unique_orders_order_id', 'models/schema.yml', 12),
  label(id.warned, 'test', 'test no_old_orders', 'data-tests/no_old_orders.sql'),
  label(id.broken, 'model', 'table model main.customers', 'models/customers.sql'),
  label(id.report, 'model', 'table model main.report', 'models/report.sql'),
];

const result = (node: NodeResult['node'], status: NodeResult['status'], ms: number, more: Partial<NodeResult> = {}): NodeResult => ({
  node,
  status,
  ms,
  startedAt: START + 100,
  executeAt: START + 110,
  endedAt: START + 100 + ms,
  thread: 0,
  adapterResponse: {},
  warnings: [],
  ...more,
});

const results: readonly NodeResult[] = [
  result(id.load, 'success', 340, {
    message: 'COPY (6820 rows)',
    adapterResponse: { rows_affected: 6820, files: 2, files_skipped: 1, rejected: 3 },
    warnings: [
      {
        code: 'load-rejects',
        severity: 'warning',
        message: '3 records were rejected',
        at: { file: 'models/sources.yml', line: 7, column: 9 },
      },
    ],
    rejects: [
      { file: 'log-data/2018-11-01.json', reason: 'not a number', count: 2, line: 12, column: 'ts', value: 'yesterday' },
      { file: 'log-data/2018-11-02.json', reason: 'not one JSON object', count: 1, line: 3 },
    ],
  }),
  result(id.seed, 'success', 20, { message: 'INSERT 195', relationName: '"main"."countries"' }),
  result(id.staging, 'success', 10, {
    message: 'CREATE VIEW',
    compiledCode: 'select 1',
    compiledPath: 'target/compiled/shop/models/stg_orders.sql',
    relationName: '"main"."stg_orders"',
  }),
  result(id.passed, 'pass', 5, { failures: 0, thread: 1 }),
  result(id.unique, 'fail', 12, {
    failures: 2,
    message: 'Got 2 results, configured to fail if != 0',
    compiledCode: 'select order_id from x',
    compiledPath: 'target/compiled/shop/models/schema.yml/unique_orders_order_id.sql',
    sample: {
      columns: ['order_id', 'note', 'n'],
      rows: [
        [17, 'twice, "quoted"', 2n],
        [9007199254740993n, null, 3],
        [4, 'zwölf 日本 🎵', 11],
        [5, 'bell\u0007, colour \u001b[31mred, and\na new line; and a text that is far longer than a cell may be', 1],
      ],
    },
  }),
  result(id.orders, 'error', 51, { message: `held back by ${id.unique}`, compiledPath: 'target/compiled/shop/models/orders.sql' }),
  result(id.warned, 'warn', 4, { failures: 1, message: 'Got 1 result, configured to warn if != 0' }),
  result(id.broken, 'error', 8, {
    message: 'Binder Error: column "nmae" not found',
    compiledPath: 'target/compiled/shop/models/customers.sql',
    problem: {
      code: 'database-error',
      message: 'Binder Error: column "nmae" not found\nCandidate bindings: "name"',
      at: { file: 'models/customers.sql', line: 3, column: 5 },
      detail: ['3 |     nmae,', '        ^', 'compiled: target/compiled/shop/models/customers.sql:3'],
      hint: 'Did you mean name?',
    },
  }),
  result(id.report, 'skipped', 0),
];

const starts = labels
  .filter(({ node }) => node !== id.report)
  .map((one, index): EventBody => ({ type: 'node-started', node: one.node, thread: index % 2 }));
const ends = results.map((one): EventBody => ({ type: 'node-finished', result: one }));
const bodies: readonly EventBody[] = [
  {
    type: 'problems',
    problems: [
      {
        code: 'unknown-key',
        severity: 'warning',
        message: "'materialised' is not a key of models, and is ignored",
        at: { file: 'project.yml', line: 9, column: 5 },
        hint: "Did you mean 'materialized'?",
      },
    ],
  },
  {
    type: 'run-started',
    command: 'build',
    version: '0.1.0',
    adapter: 'duckdb',
    target: 'dev',
    threads: 2,
    targetPath: '/shop/target',
    nodes: labels,
    found: { models: 4, seeds: 1, sources: 1, 'data tests': 3, analyses: 1, operations: 0 },
  },
  ...starts.slice(0, 2),
  { type: 'statement', node: id.seed, sql: 'insert into countries\nvalues (1)\n' },
  { type: 'note', level: 'debug', message: 'cache: 12 of 12 files unchanged' },
  ...ends.slice(0, 2),
  ...starts.slice(2, 5),
  ...ends.slice(2, 4),
  ...starts.slice(5),
  ...ends.slice(4),
  { type: 'run-finished', ms: 1530, interrupted: false },
];

/** A tenth of a second between any two. */
export const events: readonly Event[] = bodies.map((body, index) => ({ at: START + index * 100, ...body }));

/** Every event in turn, with the progress that includes it. */
export function fold<T>(step: (event: Event, progress: Progress) => T, of: readonly Event[] = events): T[] {
  const progress = startProgress();
  return of.map((event) => {
    advance(progress, event);
    return step(event, progress);
  });
}

export function progressAfter(of: readonly Event[] = events): Progress {
  const progress = startProgress();
  for (const event of of) advance(progress, event);
  return progress;
}

/** A stream that keeps what is written to it. */
export function collector(): { readonly write: (text: string) => void; readonly text: () => string } {
  let kept = '';
  return {
    write(text) {
      kept += text;
    },
    text: () => kept,
  };
}
