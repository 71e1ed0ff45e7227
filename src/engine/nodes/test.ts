// A data test: a query for bad rows, counted and judged by its severity. A user's macro comes before dwh's own test of the
// same name. https://docs.getdbt.com/reference/resource-configs/severity

import { BUILTIN_PACKAGE, RelationValue } from '../../context/index.ts';
import { ConfigReader } from '../../core/config-reader.ts';
import { nearestName } from '../../core/nearest.ts';
import type { TestNode } from '../../core/node.ts';
import { runs } from '../../core/plan.ts';
import { DwhError, fail, type Problem, throwIfAny } from '../../core/problem.ts';
import { type Column, statement } from '../../core/statement.ts';
import { NO_POLICY, TEST_RESULT, verdictOf } from '../../core/warnings.ts';
import { type DataTest, type DataTestTask, dataTests } from '../../data-tests/index.ts';
import { fromTemplate, parseTemplate, render, text, toTemplate } from '../../template/index.ts';
import type { Ask, Callable, Dict, Host, Rendered, TemplateValue } from '../../template/types.ts';
import { drive } from '../answer.ts';
import { type Compiled, compileNode, compileWith, PUBLIC, type Situation } from '../compile.ts';
import { keepCompiled } from '../compiled.ts';
import { lintBeforeRun } from '../lint/before-run.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { callPlainly, type PlainCall, plainCall } from './plain-call.ts';
import { compareRows } from './question.ts';
import { type Outcome, type Runner, runSteps } from './runner.ts';

const SAMPLE_ROWS = 5;
const CALL = /^\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*$/s;

interface TestConfig {
  readonly severity: 'error' | 'warn';
  readonly warnIf: string;
  readonly errorIf: string;
  readonly failCalc: string;
  readonly limit: number | undefined;
  readonly storeFailures: boolean;
  readonly storeAs: 'table' | 'view';
}

/** What the test says of itself goes before the command line, as in dbt. */
export const storesFailures = ({ request }: Run, { config }: TestNode): boolean =>
  config.store_failures === undefined || config.store_failures === null ? request.storeFailures === true : config.store_failures === true;

function readConfig(run: Run, node: TestNode, test: DataTest | undefined): TestConfig {
  const problems: Problem[] = [];
  const config = new ConfigReader(node.config, { locate: () => node.at, problems });
  const severity = (config.string('severity') ?? 'error').toLowerCase();
  if (severity !== 'error' && severity !== 'warn')
    config.problem('config-value', `'severity' is '${severity}', and may be 'error' or 'warn'`, undefined, ['severity']);
  const storeAs = config.oneOf('store_failures_as', ['table', 'view', 'ephemeral'] as const);
  const read = {
    severity: severity === 'warn' ? ('warn' as const) : ('error' as const),
    warnIf: config.string('warn_if') ?? '!= 0',
    errorIf: config.string('error_if') ?? '!= 0',
    failCalc: config.string('fail_calc') ?? test?.failCalc ?? 'count(*)',
    limit: config.number('limit'),
    storeFailures: storesFailures(run, node),
    storeAs: storeAs === 'view' ? ('view' as const) : ('table' as const),
  };
  throwIfAny(problems);
  return read;
}

const WHERE = 'get_where_subquery';

/** Of a test without a condition, dwh's own macro for it gives what it was given, at more than the rest of the test costs. */
function withoutCondition({ scope: { macros } }: Run, { config, package_name }: TestNode, call: PlainCall): PlainCall {
  const [relation, ...more] = call.args;
  const isOwn = (): boolean =>
    macros.findUser(WHERE, package_name) === undefined &&
    macros.dispatch(WHERE, BUILTIN_PACKAGE, BUILTIN_PACKAGE)?.package === BUILTIN_PACKAGE;
  return call.name === WHERE && typeof relation === 'object' && more.length === 0 && (config.where ?? null) === null && isOwn()
    ? relation
    : call;
}

/** The value of an expression: handed to a function that keeps it, since rendering gives text. */
function* expressionValue(run: Run, source: string, node: TestNode, host: Host): Generator<Ask, TemplateValue, unknown> {
  const expression = /^\s*\{\{(.*)\}\}\s*$/s.exec(source)?.[1] ?? source;
  const call = plainCall(expression);
  const plainly = call && withoutCondition(run, node, call);
  try {
    const called = plainly && (yield* callPlainly(plainly, host, { at: node.at, package: node.package_name }));
    if (called) return called.value;
  } catch (error) {
    // The template fails in the same way, and says where.
    if (!(error instanceof DwhError)) throw error;
  }
  let kept: TemplateValue = null;
  const keep: Callable = {
    kind: 'function',
    name: 'keep',
    call: ([value]) => {
      kept = value ?? null;
      return '';
    },
  };
  const template = parseTemplate(`{% do __dwh_keep(${expression}) %}`, { file: node.original_file_path, package: node.package_name });
  yield* render(template, {
    resolve: (name, from) => (name === '__dwh_keep' ? keep : host.resolve(name, from)),
    names: (from) => host.names(from),
  });
  return kept;
}

/** Arguments of the test with their templates filled in: `to: ref('users')` becomes the relation. */
function* argumentsOf(run: Run, node: TestNode, host: Host): Generator<Ask, Map<string, TemplateValue>, unknown> {
  function* filled(value: unknown): Generator<Ask, TemplateValue, unknown> {
    if (typeof value === 'string') {
      if (CALL.test(value) || /^\s*\{\{((?!\}\}).)*\}\}\s*$/s.test(value)) return yield* expressionValue(run, value, node, host);
      if (/\{[{%]/.test(value))
        return (yield* render(parseTemplate(value, { file: node.original_file_path, package: node.package_name }), host)).text;
      return value;
    }
    if (Array.isArray(value)) {
      const items: TemplateValue[] = [];
      for (const item of value) items.push(yield* filled(item));
      return items;
    }
    if (typeof value === 'object' && value !== null) {
      const dict: Dict = new Map();
      for (const [key, item] of Object.entries(value)) dict.set(key, yield* filled(item));
      return dict;
    }
    return toTemplate(value);
  }
  const values = new Map<string, TemplateValue>();
  for (const [name, value] of Object.entries(node.test_metadata?.kwargs ?? {}))
    values.set(name, name === 'column_name' ? toTemplate(value) : yield* filled(value));
  return values;
}

const plain = (value: TemplateValue): unknown => {
  if (value instanceof RelationValue) return value.toText();
  if (Array.isArray(value)) return value.map(plain);
  return fromTemplate(value);
};

const verbatim = (sql: string, node: TestNode): Rendered => ({ text: sql, map: { locate: () => node.at } });

/** dwh's own test as SQL. */
function* ownTest(run: Run, node: TestNode, test: DataTest, host: Host): Generator<Ask, Rendered, unknown> {
  const values = yield* argumentsOf(run, node, host);
  const model = values.get('model') ?? null;
  values.delete('model');
  const given = Object.fromEntries([...values].map(([name, value]) => [name, plain(value)]));
  const columns: Record<string, readonly Column[]> = {};
  for (const name of test.columnsOf(given)) {
    const subject = name === 'model' ? model : (values.get(name) ?? null);
    columns[name] = (yield { ask: 'describe', sql: `select * from ${text(subject)}` }) as readonly Column[];
  }
  const column = columnText(run, node);
  const task: DataTestTask = { model: text(model), arguments: given, columns, ...(column !== undefined && { column }) };
  return verbatim(test.sql(task, run.dialect), node);
}

/** Quoted when the column's properties say so, as in dbt. */
function columnText(run: Run, node: TestNode): string | undefined {
  if (node.column_name === undefined) return undefined;
  const attached = node.attached_node && run.manifest.nodes.get(node.attached_node);
  const column = attached?.columns.find((one) => one.name === node.column_name);
  return column?.quote ? run.dialect.quote(node.column_name) : node.column_name;
}

/** The macro that the project or a package gives for the test; undefined: dwh's own serves it. */
function userMacro(run: Run, node: TestNode): boolean {
  const { name, namespace } = node.test_metadata ?? { name: node.name };
  const macro = `test_${name}`;
  return namespace === undefined || !run.scope.macros.hasPackage(namespace)
    ? run.scope.macros.findUser(macro, node.package_name) !== undefined
    : run.scope.macros.inPackage(namespace, macro) !== undefined;
}

function testOf(run: Run, node: TestNode): DataTest | undefined {
  if (node.test_kind !== 'generic' || userMacro(run, node)) return undefined;
  const name = node.test_metadata?.name ?? node.name;
  const found = dataTests.get(name);
  if (found) return found;
  const near = nearestName(name, dataTests.keys());
  return fail({
    code: 'test-not-found',
    at: node.at,
    message: `no data test is called '${name}'`,
    hint: near ? `Did you mean '${near}'?` : 'Write it as a macro: {% test name(model, column_name) %}',
  });
}

export const compileTest = (run: Run, written: TestNode, situation: Situation): Generator<Ask, Compiled, unknown> => {
  const test = testOf(run, written);
  if (written.test_kind !== 'generic') return compileNode(run, written, situation);
  const config = { ...written.config };
  const node: TestNode = { ...written, config };
  return compileWith(run, node, situation, function* (host) {
    // A condition that names other nodes is a template until now.
    if (typeof config.where === 'string' && /\{[{%]/.test(config.where)) {
      const template = parseTemplate(config.where, { file: node.at.file, package: node.package_name, at: node.at });
      config.where = (yield* render(template, host)).text;
    }
    if (test) return yield* ownTest(run, node, test, host);
    const values: Dict = new Map(yield* argumentsOf(run, node, host));
    const withArguments: Host = {
      resolve: (name, from) => (name === '_dbt_generic_test_kwargs' ? values : host.resolve(name, from)),
      names: (from) => host.names(from),
    };
    // The text is a call that dwh wrote: its place is that of the test.
    const template = parseTemplate(node.raw_code, { file: node.original_file_path, package: node.package_name });
    return verbatim((yield* render(template, withArguments)).text, node);
  });
};

const trimmed = (sql: string): string => sql.trim().replace(/;+\s*$/, '');

export function testRunner(run: Run, node: TestNode): Runner {
  let compiled: Compiled | undefined;
  let executed: Compiled | undefined;
  return {
    compiled: () => compiled,
    executed: () => executed,
    async stage(session, { candidates }) {
      const open = async (): Promise<Session> => session;
      compiled = await drive(compileTest(run, node, PUBLIC), open, run.catalog);
      keepCompiled(run, node, compiled);
      await lintBeforeRun(run, node, compiled);
      executed = candidates.size === 0 ? compiled : await drive(compileTest(run, node, { ...PUBLIC, candidates }), open, run.catalog);
      return undefined;
    },
    async publish(session): Promise<Outcome> {
      const sql = trimmed(executed?.sql ?? '');
      return node.test_kind === 'question' ? ask(run, node, sql, session) : count(run, node, sql, session, executed !== compiled);
    },
    async discard() {},
  };
}

async function ask(run: Run, node: TestNode, sql: string, session: Session): Promise<Outcome> {
  const { expect } = node;
  if (!expect) throw new Error(`${node.unique_id} is a question without expected rows`);
  const rows = await session.run(statement(sql));
  // --dry-run: there are none to compare.
  const difference = session.prints ? undefined : compareRows(rows, expect);
  const adapterResponse = run.dialect.selected(rows.rows.length);
  if (!difference) return { status: 'pass', failures: 0, adapterResponse };
  const problem: Problem = { code: 'test-failed', message: difference.message, at: node.at };
  return {
    status: 'fail',
    failures: difference.failures,
    message: difference.message,
    adapterResponse,
    sample: difference.sample,
    problem,
  };
}

async function stored(run: Run, node: TestNode, sql: string, as: 'table' | 'view', session: Session): Promise<string> {
  const existing = await run.catalog.get(node.relation, session.connection);
  const make = as === 'view' ? run.dialect.createView(node.relation, sql) : run.dialect.createTableAs(node.relation, sql);
  const all = [...(existing ? run.dialect.drop(existing) : []), ...make];
  await session.together(all.length, () => runSteps(runs(all), session));
  run.catalog.set(node.relation, { relation: node.relation, kind: as });
  return run.dialect.relationName(node.relation);
}

/** `ofCandidate`: what it reads will be gone, or have another name, so that a view of it would not outlive it. */
async function count(run: Run, node: TestNode, sql: string, session: Session, ofCandidate: boolean): Promise<Outcome> {
  const config = readConfig(run, node, testOf(run, node));
  const limited = config.limit === undefined ? sql : `select * from (\n${sql}\n) as dwh_limited limit ${config.limit}`;
  const storeAs = ofCandidate ? 'table' : config.storeAs;
  const from = config.storeFailures ? `select * from ${await stored(run, node, limited, storeAs, session)}` : limited;
  const judged = await session.run(
    statement(
      `select ${config.failCalc} as failures, ${config.failCalc} ${config.warnIf} as should_warn, ${config.failCalc} ${config.errorIf} as should_error\nfrom (\n${from}\n) as dbt_internal_test`,
    ),
  );
  const [failures, shouldWarn, shouldError] = judged.rows[0] ?? [0, false, false];
  const number = Number(failures ?? 0);
  const isTrue = (value: unknown): boolean => value === true || value === 't' || value === 'true' || value === 1;
  const status =
    config.severity === 'error' && isTrue(shouldError)
      ? 'fail'
      : isTrue(shouldWarn)
        ? verdictOf(run.request.warnings ?? NO_POLICY, TEST_RESULT) === 'error'
          ? 'fail'
          : 'warn'
        : 'pass';
  const told = {
    adapterResponse: run.dialect.selected(1),
    ...(config.storeFailures && { relationName: run.dialect.relationName(node.relation) }),
  };
  // What a threshold lets pass is no failure.
  if (status === 'pass') return { status, failures: 0, ...told };
  const rule = status === 'fail' && config.severity === 'error' ? `fail if ${config.errorIf}` : `warn if ${config.warnIf}`;
  const message = `Got ${number} result${number === 1 ? '' : 's'}, configured to ${rule}`;
  const rows = await session.run(statement(`select * from (\n${from}\n) as dwh_sample limit ${SAMPLE_ROWS}`));
  const problem: Problem = { code: 'test-failed', message, at: node.at, severity: status === 'warn' ? 'warning' : 'error' };
  return {
    status,
    failures: number,
    message,
    ...told,
    problem,
    sample: { columns: rows.columns.map((column) => column.name), rows: rows.rows },
  };
}
