// What the text itself says of relations: its CREATE TABLE statements.
import type { KnownColumn, KnownRelation, KnownRelations } from './linter.ts';
import { fold } from './redshift/checks/relations.ts';
import type { CreateTable, TableAttribute } from './redshift/tree/definitions.ts';
import type { Statement } from './redshift/tree/statement.ts';

/** Those that the statements create, then those that `others` knows. */
export function knownFrom(statements: readonly (Statement | undefined)[], others: KnownRelations | undefined): KnownRelations {
  const created = relationsByName(
    statements.flatMap((one) => (one?.kind === 'create-table' ? [{ parts: one.name.parts.map(fold), relation: relationOf(one) }] : [])),
  );
  return (parts) => created(parts) ?? others?.(parts);
}

export interface NamedRelation {
  /** Database, schema and name, lower-case, as far as they are known. */
  readonly parts: readonly string[];
  readonly relation: KnownRelation;
}

/** By any number of the last parts of its name, as long as they mean one relation only. */
export function relationsByName(named: readonly NamedRelation[]): KnownRelations {
  const byLast = new Map<string, NamedRelation[]>();
  for (const one of named) {
    const last = one.parts.at(-1) ?? '';
    byLast.set(last, [...(byLast.get(last) ?? []), one]);
  }
  return (parts) => {
    const found = (byLast.get(parts.at(-1) ?? '') ?? []).filter((one) => agree(one.parts, parts));
    return found.length === 1 ? found[0]?.relation : undefined;
  };
}

/** As far as both names go, from their ends. */
function agree(one: readonly string[], other: readonly string[]): boolean {
  for (let i = 1; i <= Math.min(one.length, other.length); i++) if (one.at(-i) !== other.at(-i)) return false;
  return true;
}

function relationOf({ name, elements, attributes }: CreateTable): KnownRelation {
  const columns = new Map<string, KnownColumn>();
  const keys = new Set<string>();
  let dist = distOf(attributes);
  for (const element of elements) {
    if (element.kind === 'table-constraint' && element.what === 'primary key') for (const key of element.columns) keys.add(fold(key));
    if (element.kind !== 'column-definition') continue;
    const { type, attributes: own } = element;
    const column = fold(element.name);
    const written = type.args.length === 0 ? type.name : `${type.name}(${type.args.join(', ')})`;
    columns.set(column, { type: written, notNull: own.some(({ what }) => what === 'not null' || what === 'primary key') });
    if (own.some(({ what }) => what === 'distkey')) dist = { style: 'key', column };
  }
  for (const key of keys) columns.set(key, { type: columns.get(key)?.type, notNull: true });
  const schema = name.parts.at(-2);
  return { schema: schema && fold(schema), columns, dist };
}

function distOf(attributes: readonly TableAttribute[]): KnownRelation['dist'] {
  for (const one of attributes) {
    if (one.what === 'distkey' && one.column.kind === 'name') return { style: 'key', column: fold(one.column) };
    if (one.what === 'diststyle' && (one.style === 'even' || one.style === 'all')) return { style: one.style };
  }
  return undefined;
}
