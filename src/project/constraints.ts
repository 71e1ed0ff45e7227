// `constraints:` of a model and of its columns, checked; what an enforced contract asks of the model; the contract's checksum.

import type { ConfigReader } from '../core/config-reader.ts';
import { CONSTRAINED, CONSTRAINT_TYPES, type ColumnConstraint, type ConstraintType, type ModelConstraint } from '../core/constraints.ts';
import type { Location } from '../core/location.ts';
import type { ColumnSpec, ModelContract } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import { repr } from '../template/index.ts';
import type { Config } from './config-rules.ts';
import { sha256 } from './hash.ts';

const KEYS = ['type', 'name', 'expression', 'warn_unenforced', 'warn_unsupported', 'to', 'to_columns', 'columns'];

const NEEDS: Readonly<Partial<Record<ConstraintType, string>>> = {
  check: "Write the condition:  expression: 'amount > 0'",
  custom: 'Write what stands in the DDL:  expression: …',
};

function readConstraint(reader: ConfigReader): ColumnConstraint | undefined {
  const type = reader.oneOf('type', CONSTRAINT_TYPES);
  if (!type) {
    if (!reader.has('type'))
      reader.problem('config-missing', "a constraint needs a 'type'", `It is one of: ${CONSTRAINT_TYPES.join(', ')}`, []);
    return undefined;
  }
  const constraint: ColumnConstraint = {
    type,
    name: reader.string('name') ?? null,
    expression: reader.string('expression') ?? null,
    warn_unenforced: reader.boolean('warn_unenforced') ?? true,
    warn_unsupported: reader.boolean('warn_unsupported') ?? true,
    to: reader.string('to') ?? null,
    to_columns: reader.strings('to_columns'),
  };
  const { expression, to, to_columns } = constraint;
  const hint = NEEDS[type];
  if (hint !== undefined && expression === null)
    reader.problem('constraint-invalid', `a constraint '${type}' needs an 'expression'`, hint, []);
  if (type === 'foreign_key' && expression === null && (to === null || to_columns.length === 0))
    reader.problem(
      'constraint-invalid',
      `a foreign key needs 'to' and 'to_columns', or an 'expression'`,
      "Write:  to: ref('customers') and  to_columns: [id]",
      [],
    );
  if (type !== 'foreign_key' && to !== null)
    reader.problem('constraint-invalid', `'to' is of foreign keys, and this constraint is '${type}'`, undefined, ['to'], 'warning');
  return constraint;
}

export function columnConstraints(column: ConfigReader): readonly ColumnConstraint[] {
  return column.mappings('constraints').flatMap((reader) => {
    const constraint = readConstraint(reader);
    reader.reportUnread(KEYS, 'a constraint');
    return constraint ?? [];
  });
}

export function modelConstraints(entry: ConfigReader): readonly ModelConstraint[] {
  return entry.mappings('constraints').flatMap((reader) => {
    const constraint = readConstraint(reader);
    const columns = reader.strings('columns');
    reader.reportUnread(KEYS, 'a constraint');
    if (!constraint) return [];
    if (columns.length === 0 && ['unique', 'primary_key', 'foreign_key', 'not_null'].includes(constraint.type))
      reader.problem('constraint-invalid', `a constraint '${constraint.type}' of a model names its columns`, 'Write:  columns: [id]', []);
    return { ...constraint, columns };
  });
}

/** Constraints that stand in a column's or in a model's own list, and where. */
export interface Described {
  readonly columns: readonly ColumnSpec[];
  readonly constraints: readonly ModelConstraint[];
  readonly reader: ConfigReader;
}

export const constraintsOf = ({ extra }: Pick<ColumnSpec, 'extra'>): readonly ColumnConstraint[] =>
  Array.isArray(extra.constraints) ? (extra.constraints as readonly ColumnConstraint[]) : [];

export const modelConstraintsOf = ({ constraints }: Readonly<Record<string, unknown>>): readonly ModelConstraint[] =>
  Array.isArray(constraints) ? (constraints as readonly ModelConstraint[]) : [];

/** One primary key, in one place. */
export function reviewKeys({ columns, constraints, reader }: Described): void {
  const isKey = ({ type }: ColumnConstraint): boolean => type === 'primary_key';
  const keyed = columns.filter((column) => constraintsOf(column).some(isKey)).map(({ name }) => name);
  const ofModel = constraints.filter(isKey).length;
  if (keyed.length > 1)
    reader.problem(
      'constraint-invalid',
      `${keyed.length} columns are a primary key each: ${keyed.join(', ')}`,
      `A key of several columns is the model's:  constraints: [{type: primary_key, columns: [${keyed.join(', ')}]}]`,
      [],
    );
  if (ofModel > 1 || (ofModel > 0 && keyed.length > 0))
    reader.problem('constraint-invalid', 'the model has more than one primary key', 'Keep one: of the model, or of a column.', [
      'constraints',
    ]);
}

const CALL = /^\s*(?:ref|source)\s*\(.*\)\s*$/s;

/** What foreign keys name by ref() or source(), and where; anything else is a mistake. */
export function foreignKeys(
  reader: ConfigReader,
  columns: readonly ColumnSpec[],
  constraints: readonly ModelConstraint[],
): readonly { readonly to: string; readonly at: Location }[] {
  const all = [
    ...constraints.map((constraint, index) => ({ constraint, path: ['constraints', index] })),
    ...columns.flatMap((column) => {
      const place = (Array.isArray(reader.raw('columns')) ? reader.mappings('columns') : []).findLastIndex(
        (one) => one.raw('name') === column.name,
      );
      return constraintsOf(column).map((constraint, index) => ({ constraint, path: ['columns', place, 'constraints', index] }));
    }),
  ];
  return all.flatMap(({ constraint: { type, to }, path }) => {
    const at = reader.source.locate([...reader.path, ...path, 'to']);
    if (type !== 'foreign_key' || to === null || !at) return [];
    if (CALL.test(to)) return [{ to, at }];
    reader.problem(
      'constraint-invalid',
      `'to' is '${to}', and should be a ref() or a source()`,
      "Write:  to: ref('customers'), or name the table in an expression:  expression: 'other.customers (id)'",
      [...path, 'to'],
    );
    return [];
  });
}

export interface Asked {
  readonly name: string;
  readonly materialized: string;
  readonly config: Config;
  readonly columns: readonly ColumnSpec[];
  readonly constraints: readonly ModelConstraint[];
  /** Of the model's file. */
  readonly at: Location;
  /** Of what describes it; undefined: nothing does. */
  readonly reader: ConfigReader | undefined;
}

/** What an enforced contract holds the model to. */
export function contractOf(asked: Asked, problems: Problem[]): ModelContract {
  const { name, materialized, config, columns, constraints, at, reader } = asked;
  const wrong = (message: string, hint: string, place: Location | undefined): void => {
    problems.push({ code: 'contract-invalid', message, hint, at: place ?? at });
  };
  const places = columnPlaces(reader);
  const held = materialized !== 'ephemeral' && materialized !== 'materialized_view';
  if (!held) {
    problems.push({
      code: 'contract-invalid',
      severity: 'warning',
      message: `'${name}' is ${materialized === 'ephemeral' ? 'ephemeral' : 'a materialized view'}, and nothing holds it to its contract`,
      hint: 'Materialize it as a table, a view or incremental, or take the contract out.',
      at: reader?.at() ?? at,
    });
  } else if (columns.length === 0) {
    wrong(`'${name}' has an enforced contract, and no columns are described`, 'Describe each with its name and data_type.', reader?.at());
  }
  for (const column of held ? columns : []) {
    if (column.data_type === undefined || column.data_type.trim() === '')
      wrong(
        `the column '${column.name}' of '${name}' has no data_type, and the contract is enforced`,
        'Give it one:  data_type: integer',
        places[column.name],
      );
  }
  const untold = [...constraints, ...columns.flatMap(constraintsOf)].filter(({ warn_unsupported }) => warn_unsupported);
  if (held && materialized === 'view' && untold.length > 0)
    problems.push({
      code: 'constraint-not-supported',
      severity: 'warning',
      message: `'${name}' is a view, and a view has no constraints: only its columns' names and types are held`,
      hint: 'Materialize it as a table, or say warn_unsupported: false at each constraint.',
      at: reader?.at() ?? at,
    });
  const change = config.on_schema_change;
  if (materialized === 'incremental' && change !== 'append_new_columns' && change !== 'fail')
    wrong(
      `'${name}' is incremental with an enforced contract, and on_schema_change is '${String(change)}'`,
      'Set on_schema_change: append_new_columns, or fail: else the table that is there may have other columns than the contract.',
      reader?.at(),
    );
  return { checksum: contractChecksum({ materialized, columns, constraints }), places };
}

function columnPlaces(reader: ConfigReader | undefined): Readonly<Record<string, Location>> {
  if (!Array.isArray(reader?.raw('columns'))) return {};
  return Object.fromEntries(
    reader.mappings('columns').flatMap((column): (readonly [string, Location])[] => {
      const at = column.at();
      return at ? [[String(column.raw('name')), at]] : [];
    }),
  );
}

/** As dbt makes it: of the text that Python shows these objects as. */
export function contractChecksum({
  materialized,
  columns,
  constraints,
}: {
  readonly materialized: string;
  readonly columns: readonly ColumnSpec[];
  readonly constraints: readonly ModelConstraint[];
}): string {
  const text = (value: string | null): string => (value === null ? 'None' : repr(value));
  const flag = (value: boolean): string => (value ? 'True' : 'False');
  const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;
  const shown = (kind: string, one: ColumnConstraint, more = ''): string =>
    `${kind}(type=<ConstraintType.${one.type}: '${one.type}'>, name=${text(one.name)}, expression=${text(one.expression)}, warn_unenforced=${flag(one.warn_unenforced)}, warn_unsupported=${flag(one.warn_unsupported)}, to=${text(one.to)}, to_columns=${list(one.to_columns)}${more})`;
  const parts = [...columns]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      (column) =>
        `|${column.name}${column.data_type ?? 'None'}[${constraintsOf(column)
          .map((one) => shown('ColumnLevelConstraint', one))
          .join(', ')}]`,
    );
  const ofModel = constraints.map((one) => shown('ModelLevelConstraint', one, `, columns=${list(one.columns)}`)).join(', ');
  return sha256(parts.join('') + (CONSTRAINED.has(materialized) ? `${materialized}[${ofModel}]` : ''));
}
