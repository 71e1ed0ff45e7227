// Redshift's SQL text, as its difference from Postgres. Each rule names the page that it is from.
// https://docs.aws.amazon.com/redshift/latest/dg/c_redshift-and-postgres-sql.html
import type { Relation } from '../../core/relation.ts';
import { type Column, type Statement, statement } from '../../core/statement.ts';
import type { Dialect } from '../dialect.ts';
import { grantsOf } from '../grantees.ts';
import type { Match } from '../match.ts';
import { allOf } from '../partners.ts';
import { postgresDialect } from '../postgres/dialect.ts';
import { columnList, query, quote, relationName, tableBody, tableParts, unended } from '../sql.ts';
import { bindsLate } from './bind.ts';
import { catalog } from './catalog.ts';
import { copies } from './copies.ts';
import { functions } from './functions.ts';
import { lastWritten } from './last-written.ts';
import { leadingWith } from './leading-with.ts';
import { literal } from './literal.ts';
import { materializedViews } from './materialized-views.ts';
import { showRightsSql } from './rights.ts';
import { attributes, bindOf, declaredColumns, tableChanges, tableOptions, withEncodings } from './table-options.ts';
import { columnType, MAX_VARCHAR_BYTES, standIn } from './types.ts';

/**
 * There is no IS NOT DISTINCT FROM, and a condition with OR cannot be hashed: a value stands in for NULL, and beside it
 * whether both are NULL. https://docs.aws.amazon.com/redshift/latest/dg/r_NVL2.html
 */
export function nullSafeEquals(left: string, right: string, type: string): string {
  const value = standIn(type);
  if (value === undefined) return `(${left} = ${right} or (${left} is null and ${right} is null))`;
  return `(coalesce(${left}, ${value}) = coalesce(${right}, ${value}) and nvl2(${left}, 1, 0) = nvl2(${right}, 1, 0))`;
}

/**
 * Rows whose keys are not NULL are found by plain equality, which distribution keys serve; the others, if there are any, by
 * a second statement. The target has no alias. https://docs.aws.amazon.com/redshift/latest/dg/r_DELETE.html
 */
function deleteUsing(target: Relation, staged: Relation, match: Match): readonly Statement[] {
  const [t, s] = [relationName(target), relationName(staged)];
  const { keys, both, onTarget, onStaged } = match(t, s);
  const rest = [...both, ...onTarget, ...onStaged];
  const plain = keys.map((key) => `${key.target} = ${key.staged}`);
  const nullSafe = keys.map((key) => nullSafeEquals(key.target, key.staged, key.type));
  const anyNull = `(${keys.map((key) => `${key.target} is null`).join(' or ')})`;
  return [plain, [anyNull, ...nullSafe]].map((conditions) =>
    statement(`delete from ${t} using ${s} where ${[...conditions, ...rest].join(' and ')}`),
  );
}

/** MERGE needs both of its branches and updates by one condition; these two do the same for any columns. */
function merge(
  target: Relation,
  staged: Relation,
  match: Match,
  columns: readonly string[],
  update: readonly string[],
): readonly Statement[] {
  const [t, s] = [relationName(target), relationName(staged)];
  const names = columns.map(quote).join(', ');
  const set = update.map((name) => `${quote(name)} = ${s}.${quote(name)}`).join(', ');
  const condition = allOf(match, t, s, { nullSafeEquals });
  const isNew = `not exists (select 1 from ${t} as t where ${allOf(match, 't', 's', { nullSafeEquals })})`;
  return [
    ...(update.length === 0 ? [] : [statement(`update ${t} set ${set} from ${s} where ${condition}`)]),
    statement(`insert into ${t} (${names}) select ${names} from ${s} as s where ${isNew}`),
  ];
}

/**
 * Only the width of a varchar can be altered, and not in a transaction: another column takes the values.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
 */
function alterColumnType(relation: Relation, { name, type }: Column): readonly Statement[] {
  const table = relationName(relation);
  const beside = `${name}__dwh_type`;
  return [
    statement(`alter table ${table} add column ${quote(beside)} ${type}`),
    statement(`update ${table} set ${quote(beside)} = cast(${quote(name)} as ${type})`),
    statement(`alter table ${table} drop column ${quote(name)}`),
    statement(`alter table ${table} rename column ${quote(beside)} to ${quote(name)}`),
  ];
}

const comment = (text: string): string => (text === '' ? 'null' : literal(text));

export const redshiftDialect: Dialect = {
  ...postgresDialect,
  name: 'redshift',
  parents: ['postgres'],
  // In bytes. https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
  maxIdentifierBytes: 127,
  ignoresCase: true,
  // Also over tables, where now() is refused; GETDATE has whole seconds only, and two versions of a row may lie within one.
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SYSDATE.html
  currentTimestamp: 'sysdate',
  inPlace: true,
  // The second to commit is refused, with 1023, whatever rows they touch.
  // https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html
  writesTogether: false,
  // Those that bind late. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
  viewsAreUnchecked: true,
  // There is no FOR SHARE, and a transaction reads what was there when it began.
  holdsRows: undefined,
  copies,
  functions,
  // Before the transaction's first look at data, so that it sees what the one before it has done. Taken on a table that
  // nobody reads. https://docs.aws.amazon.com/redshift/latest/dg/r_LOCK.html, .../c_serial_isolation.html
  lockTable: (relation) => statement(`lock table ${relationName(relation)}`),
  knowsOutcomes: false,
  literal,
  selected: (rows) => ({ _message: 'SUCCESS', rows_affected: rows }),
  // A query's numeric without a precision would be one without decimals.
  roomyType(type) {
    if (/^(character varying|varchar|text)\b/i.test(type)) return `character varying(${MAX_VARCHAR_BYTES})`;
    return /^numeric$/i.test(type) ? 'numeric(38,10)' : type;
  },
  // https://docs.aws.amazon.com/redshift/latest/dg/JSON_PARSE.html
  fromJson: (json, type) => (type.toLowerCase() === 'super' ? `json_parse(${literal(json)})` : `cast(${literal(json)} as ${type})`),
  columnType,
  nullSafeEquals,
  // https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_INSTR.html
  regexMatches: (text, pattern, flags) =>
    flags === 'i' ? `(regexp_instr(${text}, ${pattern}, 1, 1, 0, 'i') > 0)` : `(${text} ~ ${pattern})`,
  tableOptions,
  tableChanges,
  furnish: () => ({ stage: [], publish: [] }),
  // Only NOT NULL is held to; CHECK is not taken. https://docs.aws.amazon.com/redshift/latest/dg/t_Defining_constraints.html
  constraints: {
    check: 'not supported',
    not_null: 'enforced',
    unique: 'not enforced',
    primary_key: 'not enforced',
    foreign_key: 'not enforced',
  },
  tableParts: (defined, options) => tableParts(withEncodings(defined, options)),
  defineTable: (relation, defined, options) => [
    statement(`create table ${relationName(relation)} ${tableBody(tableParts(withEncodings(defined, options)))}${attributes(options)}`),
  ],
  // Names of keys are the table's own here, and are given at once.
  renameConstraint: () => [],
  createTable: (relation, columns, options) => [
    statement(`create table ${relationName(relation)} (${columnList(columns)})${attributes(options)}`),
  ],
  createTableAs(relation, sql, options, columns = []) {
    const declared = declaredColumns(options, columns);
    if (declared === undefined) return [statement(`create table ${relationName(relation)}${attributes(options)} as ${query(sql)}`)];
    const names = columns.map(({ name }) => quote(name)).join(', ');
    return [
      statement(`create table ${relationName(relation)} (${declared})${attributes(options)}`),
      statement(`insert into ${relationName(relation)} (${names})\nselect ${names} from ${query(sql)} as declared`),
    ];
  },
  materializedViews,
  leadingWith,
  createView(relation, sql, options) {
    const create = `create view ${relationName(relation)} as`;
    const text = unended(sql);
    return [statement(`${create}\n${text}${bindsLate(create, text, bindOf(options)) ? '\nwith no schema binding' : ''}`)];
  },
  // A view is renamed as a table is. https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
  rename: (state, to) => [statement(`alter table ${relationName(state.relation)} rename to ${quote(to)}`)],
  deleteUsing,
  merge,
  alterColumnType,
  commentOn: (state, text) => [
    statement(`comment on ${state.kind === 'table' ? 'table' : 'view'} ${relationName(state.relation)} is ${comment(text)}`),
  ],
  // A late-binding view has no columns to comment on. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
  commentOnColumn: (state, column, text, options) =>
    state.kind === 'view' && bindOf(options) !== 'true'
      ? []
      : [statement(`comment on column ${relationName(state.relation)}.${quote(column)} is ${comment(text)}`)],
  catalog,
  lastWritten,
  grants: grantsOf((name) => name.toLowerCase(), true, showRightsSql),
};
