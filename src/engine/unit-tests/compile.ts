// A unit test to SQL: its model's query, with the inputs as CTEs before it, and what it expects as a query of the same types.
import type { MacroAnswers, ProjectScope, WarehouseAsk } from '../../context/index.ts';
import { nearestName } from '../../core/nearest.ts';
import type { ModelNode, UnitTestNode } from '../../core/node.ts';
import { fail, type Problem } from '../../core/problem.ts';
import type { Column } from '../../core/statement.ts';
import { parseTemplate, render, text, toTemplate, truth } from '../../template/index.ts';
import type { Ask, TemplateValue } from '../../template/types.ts';
import { drive } from '../answer.ts';
import { type Compiled, compileWith, type GivenInputs, givenRelation, renderText, type Situation } from '../compile.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { type Cte, prependCtes } from '../with-clause.ts';
import { callText, type Input, inputsOf, notGiven } from './inputs.ts';
import { knownColumns } from './parents.ts';
import { type GivenRow, namedColumns, rowsSql } from './rows-sql.ts';

export const unended = (sql: string): string => sql.trim().replace(/(?:\s*;)+$/, '');

export function testedModel(run: Run, test: UnitTestNode): ModelNode {
  const [id] = test.depends_on;
  const model = id === undefined ? undefined : run.manifest.nodes.get(id);
  if (model?.resource_type !== 'model') throw new Error(`${test.unique_id} tests no model`);
  return model;
}

const SELF = '__dwh__this__';

/** Throws DwhError. */
export async function compileUnitTest(
  run: Run,
  test: UnitTestNode,
  session: Session,
): Promise<Compiled & { readonly warnings: readonly Problem[] }> {
  const model = testedModel(run, test);
  const inputs = inputsOf(run, test, model);
  const { answers, warnings } = answersOf(run, test, model);
  const used = new Set<Input>();
  const own = inputs.find(({ parent }) => parent === model);
  const given: GivenInputs = {
    cteOf(parent) {
      const input = inputs.find((one) => one.parent === parent);
      if (input) used.add(input);
      else if (parent.resource_type !== 'model' || parent.materialized !== 'ephemeral') fail(notGiven(test, model, callText(parent)));
      return input?.name;
    },
    self: givenRelation(own?.name ?? SELF, run.dialect),
    tested: model.unique_id,
    scope: scopeOf(run, test),
    answers,
  };
  const isIncremental = answers?.get('is_incremental') ?? answers?.get('dbt.is_incremental') ?? false;
  const situation: Situation = { isIncremental: truth(isIncremental), candidates: new Map(), given };
  const ctes = new Map<Input, Cte>();
  const columnsOf = knownColumns(run, session);
  for (const input of inputs) ctes.set(input, { name: input.name, sql: await inputSql(run, model, input, situation, session, columnsOf) });
  const rendering = compileWith(run, model, situation, (host) =>
    render(parseTemplate(model.raw_code, { file: model.original_file_path, package: model.package_name }), host),
  );
  const compiled = await drive(overInputs(rendering, [...ctes.values()]), async () => session, run.catalog);
  if (own && mentions(compiled.sql, own.name)) used.add(own);
  if (!own && mentions(compiled.sql, SELF)) fail(notGiven(test, model, 'this'));
  const before = inputs.flatMap((input) => (used.has(input) ? (ctes.get(input) ?? []) : []));
  const { sql, origin } = prependCtes(unended(compiled.sql), before);
  const skipped = compiled.sql.length - compiled.sql.trimStart().length;
  return {
    sql,
    called: [],
    ctes: compiled.ctes,
    warnings,
    locate(offset) {
      const from = origin(offset);
      if (!from) return undefined;
      const input = from.cte === undefined ? undefined : inputs.filter((one) => used.has(one))[from.cte];
      return input ? input.given.at : compiled.locate(from.offset + skipped);
    },
  };
}

const mentions = (sql: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(sql);

async function inputSql(
  run: Run,
  model: ModelNode,
  { given, parent }: Input,
  situation: Situation,
  session: Session,
  columnsOf: ReturnType<typeof knownColumns>,
): Promise<string> {
  if (typeof given.rows === 'string')
    return unended((await drive(renderText(run, model, given.rows, given.at.file, situation), async () => session, run.catalog)).text);
  const rows: readonly GivenRow[] = given.rows;
  const known = await columnsOf(parent);
  const named = namedColumns(given, rows, known, `the input ${given.input}`, run.dialect);
  const others = known.columns.filter((column) => !named.includes(column));
  const columns = [
    ...known.columns.filter((column) => named.includes(column)),
    ...named.filter((column) => !known.columns.includes(column)),
    ...others,
  ];
  if (columns.length > 0) return rowsSql(rows, columns, run.dialect);
  return fail({
    code: 'unit-test-column',
    message: `nobody can tell the columns of the input ${given.input}: it is not in the warehouse, and it has no rows`,
    at: given.at,
    hint: "Describe its columns with 'data_type' in its properties, or give the rows as SQL.",
  });
}

/** What a template asks of the warehouse about an input is asked of its rows. */
function* overInputs<T>(rendering: Generator<Ask, T, unknown>, ctes: readonly Cte[]): Generator<Ask, T, unknown> {
  let step = rendering.next();
  while (!step.done) {
    const ask = step.value as WarehouseAsk;
    let reply: unknown;
    try {
      reply = yield 'sql' in ask ? { ...ask, sql: withInputs(ask.sql, ctes) } : ask;
    } catch (error) {
      step = rendering.throw(error);
      continue;
    }
    step = rendering.next(reply);
  }
  return step.value;
}

const withInputs = (sql: string, ctes: readonly Cte[]): string =>
  prependCtes(
    sql,
    ctes.filter(({ name }) => mentions(sql, name)),
  ).sql;

function scopeOf({ scope }: Run, { overrides }: UnitTestNode): ProjectScope {
  if (!overrides) return scope;
  const { vars, env_vars } = overrides;
  return {
    ...scope,
    findVar: (name, packageName) => (Object.hasOwn(vars, name) ? vars[name] : scope.findVar(name, packageName)),
    varNames: (packageName) => [...Object.keys(vars), ...scope.varNames(packageName)],
    env: { ...scope.env, ...Object.fromEntries(Object.entries(env_vars).map(([name, value]) => [name, text(toTemplate(value))])) },
    envRead: new Map(),
    // What is made once for all knows the variables of all.
    shared: new Map(),
  };
}

function answersOf(
  run: Run,
  { overrides, name, at }: UnitTestNode,
  model: ModelNode,
): { readonly answers: MacroAnswers | undefined; readonly warnings: readonly Problem[] } {
  const macros = Object.entries(overrides?.macros ?? {});
  if (macros.length === 0) return { answers: undefined, warnings: [] };
  const { macros: library } = run.scope;
  const isKnown = (written: string): boolean => {
    const [first = '', second] = written.split('.');
    return second === undefined
      ? library.find(first, model.package_name) !== undefined || CONTEXT.has(first)
      : library.inPackage(first, second) !== undefined || (first === 'dbt' && CONTEXT.has(second));
  };
  const warnings = macros.flatMap(([written]): readonly Problem[] => {
    if (isKnown(written)) return [];
    const near = nearestName(written, [...library.names(model.package_name), ...CONTEXT]);
    return [
      {
        code: 'unit-test-override',
        severity: 'warning',
        message: `the unit test '${name}' overrides '${written}', and there is no such macro`,
        at,
        ...(near && { hint: `Did you mean '${near}'?` }),
      },
    ];
  });
  return { answers: new Map(macros.map(([written, value]): [string, TemplateValue] => [written, toTemplate(value)])), warnings };
}

/** Names that are no macros here and may be overridden all the same. */
const CONTEXT: ReadonlySet<string> = new Set([
  'is_incremental',
  'should_full_refresh',
  'run_started_at',
  'invocation_id',
  'execute',
  'target',
  'flags',
]);

export interface Expected {
  readonly columns: readonly Column[];
  readonly sql: string;
}

/** `actual`: the columns of the model's query. Throws DwhError. */
export async function expectedQuery(run: Run, test: UnitTestNode, actual: readonly Column[], session: Session): Promise<Expected> {
  const { expect } = test;
  const model = testedModel(run, test);
  const of = `the model '${model.name}'`;
  const known = { columns: actual, complete: true };
  if (typeof expect.rows !== 'string') {
    const rows: readonly GivenRow[] = expect.rows;
    const named = namedColumns(expect, rows, known, of, run.dialect);
    const columns = named.length > 0 ? named : actual;
    return { columns, sql: rowsSql(rows, columns, run.dialect) };
  }
  const situation: Situation = { isIncremental: false, candidates: new Map() };
  const sql = unended((await drive(renderText(run, model, expect.rows, expect.at.file, situation), async () => session, run.catalog)).text);
  const names = (await session.describe(sql)).map(({ name }) => name);
  const row = Object.fromEntries(names.map((name) => [name, null]));
  const columns = namedColumns({ ...expect, rowsAt: [expect.at] }, [row], known, of, run.dialect);
  const cast = columns.map(
    ({ type }, index) => `cast(${run.dialect.quote(names[index] ?? '')} as ${type}) as ${run.dialect.quote(columns[index]?.name ?? '')}`,
  );
  return { columns, sql: `select ${cast.join(', ')} from (\n${sql}\n) as dwh_expected_rows` };
}
