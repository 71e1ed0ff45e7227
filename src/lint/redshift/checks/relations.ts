// Which relations a statement reads and where they run; which query a name belongs to.
// https://docs.aws.amazon.com/redshift/latest/dg/c_sql-functions-leader-node.html
import { foldCase } from '../tokens.ts';
import type { Column, QualifiedName } from '../tree/leaves.ts';
import type { Expression, Query, QueryBody, Select, TableReference } from '../tree/query.ts';
import type { Statement } from '../tree/statement.ts';
import { children, type Node } from '../tree/walk.ts';

/** One SELECT, or the FROM of a change, with the names that its columns may be qualified by. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly query: Query | undefined;
  readonly select: Select | undefined;
  readonly names: ReadonlyMap<string, QualifiedName | undefined>;
  readonly relations: readonly QualifiedName[];
  /** Columns that stand in it and in no query within it. */
  readonly columns: readonly Column[];
  readonly underOr: boolean;
  readonly inOuterJoin: boolean;
  /** Common table expressions that may be read here. */
  readonly ctes: ReadonlySet<string>;
}

export const fold = (name: { readonly value: string }): string => foldCase(name.value);
export const lastPart = ({ parts }: QualifiedName): string => fold(parts.at(-1) ?? parts[0]);

/** Every scope of the statement, outer ones before inner ones. */
export function scopesOf(root: Statement): Scope[] {
  const scopes: Scope[] = [];
  const none: Place = { parent: undefined, ctes: new Set(), underOr: false, inOuterJoin: false };
  if (root.kind === 'query') query(root, none, scopes);
  else if (root.kind === 'update' || root.kind === 'delete') change(root, none, scopes);
  else {
    const ctes = root.kind === 'insert' ? withClause(root.with, none.ctes, scopes) : none.ctes;
    const parts = root.kind === 'insert' ? [root.source] : [root];
    for (const child of parts.flatMap((part) => queriesBelow(part))) query(child.query, { ...none, ctes }, scopes);
  }
  return scopes;
}

interface Place {
  readonly parent: Scope | undefined;
  readonly ctes: ReadonlySet<string>;
  readonly underOr: boolean;
  readonly inOuterJoin: boolean;
}

function change(root: Extract<Statement, { kind: 'update' | 'delete' }>, place: Place, scopes: Scope[]): void {
  const ctes = withClause(root.with, place.ctes, scopes);
  const references = root.kind === 'update' ? root.from : root.using;
  const target = fold(root.alias ?? root.table.parts.at(-1) ?? root.table.parts[0]);
  const expressions: Node[] = root.kind === 'update' ? root.assignments.map(({ value }) => value) : [];
  if (root.where) expressions.push(root.where);
  scope({ ...place, ctes }, { query: undefined, select: undefined, references, expressions, own: [[target, root.table]] }, scopes);
}

function query(root: Query, place: Place, scopes: Scope[]): void {
  const ctes = withClause(root.with, place.ctes, scopes);
  body(root, root.body, { ...place, ctes }, scopes);
}

function withClause(clause: Query['with'], before: ReadonlySet<string>, scopes: Scope[]): ReadonlySet<string> {
  if (!clause) return before;
  const seen = new Set(before);
  for (const cte of clause.ctes) {
    if (clause.recursive) seen.add(fold(cte.name));
    query(cte.query, { parent: undefined, ctes: new Set(seen), underOr: false, inOuterJoin: false }, scopes);
    seen.add(fold(cte.name));
  }
  return seen;
}

function body(root: Query, part: QueryBody, place: Place, scopes: Scope[]): void {
  const stack: QueryBody[] = [part];
  for (let one = stack.pop(); one; one = stack.pop()) {
    if (one.kind === 'set-operation') stack.push(one.right, one.left);
    else if (one.kind === 'nested-query') query(one.query, place, scopes);
    else {
      const { from, kind: _, into: __, ...rest } = one;
      const expressions = Object.values(rest).flatMap((value) => (typeof value === 'object' ? (value as Node | Node[]) : []));
      expressions.push(...root.orderBy.map(({ expression }) => expression));
      scope(place, { query: root, select: one, references: from, expressions, own: [] }, scopes);
    }
  }
}

interface Parts {
  readonly query: Query | undefined;
  readonly select: Select | undefined;
  readonly references: readonly TableReference[];
  readonly expressions: readonly Node[];
  readonly own: readonly [string, QualifiedName][];
}

function scope(place: Place, { query: of, select, references, expressions, own }: Parts, scopes: Scope[]): void {
  const names = new Map<string, QualifiedName | undefined>(own);
  const relations: QualifiedName[] = [];
  const columns: Column[] = [];
  const { parent, ctes, underOr, inOuterJoin } = place;
  const made: Scope = { parent, query: of, select, names, relations, columns, underOr, inOuterJoin, ctes };
  scopes.push(made);
  const conditions: { readonly on: Expression; readonly outer: boolean }[] = [];
  const derived: Query[] = [];
  for (const reference of references) fromItem(reference, made, relations, names, conditions, derived);
  for (const inner of derived) query(inner, { parent, ctes, underOr: false, inOuterJoin: false }, scopes);
  const within = (nodes: readonly Node[], outer: boolean): void => {
    const found = nodes.flatMap((node) => queriesBelow(node, columns));
    for (const inner of found) query(inner.query, { parent: made, ctes, underOr: inner.underOr, inOuterJoin: outer }, scopes);
  };
  within(expressions, false);
  for (const { on, outer } of conditions) within([on], outer);
}

/** A relation of FROM, and what joins it, into the scope's lists. */
function fromItem(
  root: TableReference,
  within: Scope,
  relations: QualifiedName[],
  names: Map<string, QualifiedName | undefined>,
  conditions: { readonly on: Expression; readonly outer: boolean }[],
  derived: Query[],
): void {
  const stack: TableReference[] = [root];
  for (let item = stack.pop(); item; item = stack.pop()) {
    if (item.kind === 'join') {
      stack.push(item.right, item.left);
      if (item.on) conditions.push({ on: item.on, outer: item.type !== 'inner' && item.type !== 'cross' });
    } else if (item.kind === 'table-group') stack.push(item.inner);
    else if (item.kind === 'pivot' || item.kind === 'unpivot') {
      stack.push(item.source);
      if (item.alias) names.set(fold(item.alias.name), undefined);
    } else {
      const alias = item.alias && fold(item.alias.name);
      if (item.kind === 'derived') derived.push(item.query);
      const named = item.kind === 'table' ? item.name : undefined;
      const reads = named && readsRelation(named, within, names) ? named : undefined;
      if (reads) relations.push(reads);
      const called = alias ?? (named && lastPart(named));
      if (called !== undefined) names.set(called, reads);
    }
  }
}

/** Not of a WITH query, and no SUPER value of a relation before it. */
function readsRelation({ parts }: QualifiedName, { ctes }: Scope, names: ReadonlyMap<string, unknown>): boolean {
  const first = fold(parts[0]);
  return parts.length === 1 ? !ctes.has(first) : !names.has(first);
}

/** The queries that a node holds, not those within them; the columns on the way, too. */
function queriesBelow(root: Node, columns: Column[] = []): { readonly query: Query; readonly underOr: boolean }[] {
  const found: { readonly query: Query; readonly underOr: boolean }[] = [];
  const stack: { readonly node: Node; readonly underOr: boolean }[] = [{ node: root, underOr: false }];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { node, underOr } = top;
    if (node.kind === 'query') found.push({ query: node, underOr });
    else if (node.kind === 'column') columns.push(node);
    else {
      const or = underOr || (node.kind === 'binary' && node.op === 'or');
      for (const child of children(node).reverse()) stack.push({ node: child, underOr: or });
    }
  }
  return found;
}

/** The scope around that a qualified column belongs to, by how many levels out; 0: its own, undefined: not known. */
export function levelsOut(column: Column, from: Scope): number | undefined {
  if (column.parts.length < 2) return undefined;
  const qualifiers = column.parts.slice(0, -1).map(fold);
  let level = 0;
  for (let at: Scope | undefined = from; at; at = at.parent) {
    const { names } = at;
    if (qualifiers.some((one) => names.has(one))) return level;
    level++;
  }
  return undefined;
}

/** 'leader': a catalog; 'system': a view that either node may answer; 'compute': a table, or what is read from them. */
export type RunsOn = 'leader' | 'system' | 'compute';

export function placeOf({ parts }: QualifiedName): RunsOn {
  const name = fold(parts.at(-1) ?? parts[0]);
  const schema = parts.length > 1 ? fold(parts.at(-2) ?? parts[0]) : undefined;
  if (schema === 'information_schema' || (schema === 'pg_catalog' && name.startsWith('pg_'))) return 'leader';
  if (schema === undefined && name.startsWith('pg_')) return 'leader';
  const system = ['svv_', 'sys_'].some((prefix) => name.startsWith(prefix));
  return system && (schema === undefined || schema === 'pg_catalog') ? 'system' : 'compute';
}
