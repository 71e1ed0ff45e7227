// Views that bind late, and materialized views.
// https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
// https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html
import type { Emit } from '../finding.ts';
import type { CreateMaterializedView, CreateView } from '../tree/definitions.ts';
import type { Query, SelectItem } from '../tree/query.ts';
import { all } from '../tree/walk.ts';
import { functionName } from './functions.ts';
import { checkDistinct, isTemporaryName } from './names.ts';
import { fold, lastPart, placeOf, type Scope } from './relations.ts';

export function checkView(statement: CreateView, scopes: readonly Scope[], emit: Emit): void {
  if (statement.columns) checkDistinct(statement.columns, emit);
  if (!statement.noSchemaBinding) return;
  for (const relation of scopes.flatMap(({ relations }) => relations))
    if (relation.parts.length === 1) emit('unqualified-in-late-binding-view', relation, { name: relation.parts[0].value });
}

/** The names of a view's columns, as far as the text tells: not behind a star. */
export function viewColumns({ columns, query }: CreateView): readonly string[] | undefined {
  if (columns) return columns.map(fold);
  let first = query.body;
  while (first.kind !== 'select') first = first.kind === 'set-operation' ? first.left : first.query.body;
  const names = first.exclude ? [undefined] : first.items.map(columnName);
  return names.includes(undefined) ? undefined : names.map(String);
}

function columnName({ alias, expression }: SelectItem): string | undefined {
  if (alias) return fold(alias);
  let named = expression;
  while (named.kind === 'cast' || named.kind === 'group') named = named.kind === 'cast' ? named.operand : named.inner;
  if (named.kind === 'column') return fold(named.parts.at(-1) ?? named.parts[0]);
  return named.kind === 'call' ? functionName(named) : undefined;
}

/** Of a view that the same text created before. */
export function checkReplaced(statement: CreateView, before: readonly string[] | undefined, emit: Emit): void {
  const now = viewColumns(statement);
  if (!statement.orReplace || !before || !now) return;
  const changed = before.findIndex((name, i) => now[i] !== undefined && now[i] !== name);
  const says =
    before.length !== now.length
      ? 'cannot change number of columns in view'
      : changed >= 0
        ? `cannot change name of view column "${before[changed]}"`
        : undefined;
  if (says !== undefined) emit('replaced-view-columns', statement.name, { says, columns: before.join(', ') });
}

const mutable: ReadonlySet<string> = new Set(
  'current_date current_user getdate random sysdate timeofday current_database session_user user'.split(' '),
);

/** Parentheses around the query make no difference. */
function checkClauses({ orderBy: [ordered], limit, offset, body }: Query, emit: Emit): void {
  if (ordered) emit('mv-clause', ordered, { what: 'ORDER BY' });
  if (limit) emit('mv-clause', limit, { what: 'LIMIT' });
  if (offset) emit('mv-clause', offset, { what: 'OFFSET' });
  if (body.kind === 'nested-query') checkClauses(body.query, emit);
}

export function checkMaterializedView(statement: CreateMaterializedView, scopes: readonly Scope[], emit: Emit): void {
  const { query, attributes } = statement;
  if (statement.columns) checkDistinct(statement.columns, emit);
  checkClauses(query, emit);
  for (const relation of scopes.flatMap(({ relations }) => relations)) {
    if (isTemporaryName(relation.parts.at(-1))) emit('mv-relation', relation, { what: 'temporary tables' });
    const name = lastPart(relation);
    const system = ['stl_', 'stv_', 'svl_', 'svcs_'].some((prefix) => name.startsWith(prefix));
    if (system || placeOf(relation) !== 'compute') emit('mv-relation', relation, { what: 'system tables' });
  }
  if (!attributes.some((one) => one.what === 'auto refresh' && one.yes)) return;
  for (const call of all(query, 'call')) {
    const name = functionName(call);
    if (mutable.has(name)) emit('mv-mutable', call, { name: name.toUpperCase() });
  }
}
