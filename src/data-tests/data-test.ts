// What a data test is: a named query for the rows that should not be there, with the arguments it takes. Pure SQL text; the
// `test` materialization runs it and judges the count.
import type { Dialect } from '../adapters/dialect.ts';
import type { ConfigReader } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import type { Column } from '../core/statement.ts';
import type { Arguments, Values } from './arguments.ts';

/** One test of one model, with everything that templates stand for filled in. */
export interface DataTestTask {
  /** A from-item: the relation as quoted text, or '(select …) alias' when the test has a `where`. */
  readonly model: string;
  /** The column that the test stands under, as SQL text. */
  readonly column?: string;
  /** As in YAML; refs and sources are relation text. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Columns of what `columnsOf` names. */
  readonly columns?: Readonly<Record<string, readonly Column[]>>;
}

export interface DataTest {
  readonly name: string;
  /** When it passes: the rest of a sentence that begins with the name. */
  readonly summary: string;
  readonly on: 'column' | 'model' | 'either';
  readonly arguments: Arguments;
  /** Arguments for the docs. */
  readonly example: Readonly<Record<string, unknown>>;
  /** Counts the failures in place of count(*), unless the project says otherwise. */
  readonly failCalc?: string;
  /** What is wrong with arguments that are each well. */
  conflict(given: Readonly<Record<string, unknown>>): string | undefined;
  /** 'model', or arguments that are relations: what the query needs to know the columns of. */
  columnsOf(given: Readonly<Record<string, unknown>>): readonly string[];
  /** The query for the bad rows. Throws a DwhError for arguments it cannot read. */
  sql(task: DataTestTask, dialect: Dialect): string;
  /**
   * An aggregate over the model's rows that is 0 when there are no bad rows, so that several tests share one scan; what they
   * are, `sql` says. undefined: the test is more than one look at each row.
   */
  scan?(task: DataTestTask, dialect: Dialect): string;
}

export interface Subject<A> {
  readonly model: string;
  readonly column: string;
  /** False under `on: 'either'` without a column. */
  readonly hasColumn: boolean;
  readonly given: Values<A>;
  columns(of: string): readonly Column[];
}

interface Definition<A extends Arguments> {
  readonly name: string;
  readonly summary: string;
  readonly on?: DataTest['on'];
  readonly arguments: A;
  readonly example: Readonly<Record<string, unknown>>;
  readonly failCalc?: string;
  readonly columnsOf?: (given: Readonly<Record<string, unknown>>) => readonly string[];
  /** See DataTest.conflict. */
  readonly check?: (given: Values<A>) => string | undefined;
  /** A predicate over the model's rows. */
  readonly badRows?: (subject: Subject<A>, dialect: Dialect) => string;
  /** The whole query; default: the rows of the model for which `badRows` holds. */
  readonly query?: (subject: Subject<A>, dialect: Dialect) => string;
  /** See DataTest.scan; default: the count of bad rows. */
  readonly scan?: (subject: Subject<A>, dialect: Dialect) => string;
}

interface Finding {
  readonly argument?: string;
  readonly message: string;
  readonly hint?: string;
}

const CODE = 'test-argument';

/** Text that a template will make a value of: nothing to check yet. */
const isTemplated = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isTemplated) : typeof value === 'string' && /\{[{%]/.test(value);

const shown = (value: unknown): string =>
  value === null || value === undefined ? 'empty' : JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item));

/** dbt hands these to every generic test of a column or model. */
const always = ['model', 'column_name'];

function findings(
  test: DataTest,
  given: Readonly<Record<string, unknown>>,
  underColumn: boolean,
  later: (value: unknown) => boolean,
): readonly Finding[] {
  const found: Finding[] = [];
  const names = Object.keys(test.arguments);
  const known = test.on === 'model' ? names : [...names, 'column_name'];
  for (const name of Object.keys(given)) {
    if (known.includes(name) || always.includes(name)) continue;
    const near = nearestName(name, known);
    const hint = near ? `Did you mean '${near}'?` : known.length > 0 ? `It takes: ${known.join(', ')}` : 'It takes no arguments.';
    found.push({ argument: name, message: `'${name}' is not an argument of the test '${test.name}'`, hint });
  }
  for (const [name, argument] of Object.entries(test.arguments)) {
    const value = given[name];
    if (value === undefined || value === null) {
      if (argument.required) found.push({ message: `the test '${test.name}' needs '${name}': ${argument.kind}` });
    } else if (!later(value) && argument.read(value) === undefined) {
      found.push({ argument: name, message: `'${name}' of the test '${test.name}' should be ${argument.kind}, and is ${shown(value)}` });
    }
  }
  const column = underColumn || (given.column_name !== undefined && given.column_name !== null);
  if (test.on === 'column' && !column) {
    found.push({
      message: `the test '${test.name}' is about one column, and stands under none`,
      hint: 'Move it under a column, or give it a column_name.',
    });
  }
  if (test.on === 'model' && column) {
    found.push({
      message: `the test '${test.name}' is about a whole model, and stands under a column`,
      hint: "Move it to the model's own data_tests.",
    });
  }
  if (found.length > 0 || Object.values(given).some(later)) return found;
  const conflict = test.conflict(given);
  return conflict === undefined ? [] : [{ message: `the test '${test.name}' ${conflict}` }];
}

/** Reports what is wrong with arguments as they stand in YAML, where they stand; values that a template makes are left for later. */
export function checkArguments(test: DataTest, given: ConfigReader, underColumn: boolean): void {
  const raw = Object.fromEntries(given.keys().map((key) => [key, given.raw(key)]));
  for (const { argument, message, hint } of findings(test, raw, underColumn, isTemplated)) {
    given.problem(CODE, message, hint, argument === undefined ? [] : [argument]);
  }
}

/** Arguments that `findings` has nothing to say about, as their kinds read them. */
function valuesOf<A extends Arguments>(spec: A, given: Readonly<Record<string, unknown>>): Values<A> {
  const entries = Object.entries(spec).map(([name, argument]) => {
    const value = given[name];
    return [name, value === undefined || value === null ? argument.fallback : argument.read(value)] as const;
  });
  return Object.fromEntries(entries) as Values<A>;
}

export function dataTest<const A extends Arguments>(definition: Definition<A>): DataTest {
  const { name, summary, example, failCalc, check, badRows, query, scan, columnsOf } = definition;
  const subject = (task: DataTestTask): Subject<A> => {
    const [first, ...rest] = findings(test, task.arguments, task.column !== undefined, () => false).map(
      ({ message, hint }): Problem => ({ code: CODE, message, ...(hint !== undefined && { hint }) }),
    );
    if (first) throw new DwhError([first, ...rest]);
    const given = valuesOf(definition.arguments, task.arguments);
    const column = task.column ?? (typeof task.arguments.column_name === 'string' ? task.arguments.column_name : undefined);
    return { model: task.model, column: column ?? '', hasColumn: column !== undefined, given, columns: (of) => task.columns?.[of] ?? [] };
  };
  const scanned = scan ?? (badRows && ((of: Subject<A>, dialect: Dialect) => `count(case when ${badRows(of, dialect)} then 1 end)`));
  const test: DataTest = {
    name,
    summary,
    on: definition.on ?? 'column',
    arguments: definition.arguments,
    example,
    ...(failCalc !== undefined && { failCalc }),
    conflict: (given) => check?.(valuesOf(definition.arguments, given)),
    columnsOf: columnsOf ?? (() => []),
    sql(task, dialect) {
      const of = subject(task);
      if (query) return query(of, dialect);
      return `select *\nfrom ${of.model}\nwhere ${badRows?.(of, dialect)}`;
    },
    ...(scanned && { scan: (task, dialect) => scanned(subject(task), dialect) }),
  };
  return test;
}
