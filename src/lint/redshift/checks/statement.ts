// All checks of one understood statement, in the order in which Redshift would come upon what is wrong.
import type { Emit } from '../finding.ts';
import type { TypeName } from '../tree/leaves.ts';
import type { Query } from '../tree/query.ts';
import type { Statement } from '../tree/statement.ts';
import { type Node, walk } from '../tree/walk.ts';
import { checkInsert, checkMerge, checkUpdate } from './changes.ts';
import { checkCall, type KnowsFunction } from './functions.ts';
import { checkCopy, checkUnload } from './loads.ts';
import { checkNames } from './names.ts';
import { checkNodes } from './nodes.ts';
import { checkOperators } from './operators.ts';
import { checkCorrelation, checkQuery, checkSelect, checkWith } from './queries.ts';
import { scopesOf } from './relations.ts';
import { checkReset, checkSet } from './settings.ts';
import { checkAlterTable, checkCreateTable, checkCreateTableAs } from './tables.ts';
import { checkType } from './types.ts';
import { checkMaterializedView, checkView } from './views.ts';
import { checkWindow } from './windows.ts';

/** `source`: the text that the tree's offsets are in. */
export function checkStatement(statement: Statement, source: string, knows: KnowsFunction, emit: Emit): void {
  const within = innerStatement(statement);
  if (within) {
    checkStatement(within, source, knows, emit);
    return;
  }
  checkNames(statement, emit);
  checkOwn(statement, emit);
  const scopes = scopesOf(statement);
  const columnTypes = new Set<TypeName>();
  // External tables have types of their data catalog.
  const external = statement.kind === 'command' && statement.command === 'create external table';
  const tops = topQueries(statement);
  if (statement.kind !== 'query' && 'with' in statement && statement.with) checkWith(statement.with, true, emit);
  walk(statement, (node) => {
    if (!(external && node.kind === 'type')) checkNode(node, columnTypes, source, knows, emit);
    if (node.kind === 'query') checkQuery(node, tops.has(node), emit);
    return undefined;
  });
  checkOperators(statement, emit);
  for (const scope of scopes) {
    if (scope.select && scope.query) checkSelect(scope.select, scope.query, source, emit);
    if (scope.select?.into && !(scope.query && tops.has(scope.query))) emit('select-into-place', scope.select.into);
    checkCorrelation(scope, emit);
  }
  if (statement.kind === 'create-view') checkView(statement, scopes, emit);
  if (statement.kind === 'create-materialized-view') checkMaterializedView(statement, scopes, emit);
  checkNodes(statement, scopes, emit);
}

/** EXPLAIN's and PREPARE's. */
export function innerStatement(statement: Statement): Statement | undefined {
  if (statement.kind === 'explain') return statement.statement;
  if (statement.kind !== 'command' || statement.command !== 'prepare') return undefined;
  return statement.slots.find(({ label }) => label === 'statement')?.node as Statement | undefined;
}

/** Queries that are the statement, or what it defines, inserts or declares: not those within others, but in parentheses. */
function topQueries(statement: Statement): ReadonlySet<Query> {
  const tops = new Set<Query>();
  for (const query of queriesOf(statement)) {
    let top: Query | undefined = query;
    while (top) {
      tops.add(top);
      top = top.body.kind === 'nested-query' ? top.body.query : undefined;
    }
  }
  return tops;
}

function queriesOf(statement: Statement): readonly Query[] {
  if (statement.kind === 'query') return [statement];
  if (statement.kind === 'insert') return statement.source.kind === 'query' ? [statement.source] : [];
  if (statement.kind === 'command') return statement.slots.flatMap(({ node }) => (node.kind === 'query' ? [node] : []));
  return 'query' in statement ? [statement.query] : [];
}

function checkOwn(statement: Statement, emit: Emit): void {
  if (statement.kind === 'create-table') checkCreateTable(statement, emit);
  else if (statement.kind === 'create-table-as') checkCreateTableAs(statement, emit);
  else if (statement.kind === 'alter-table') checkAlterTable(statement, emit);
  else if (statement.kind === 'insert') checkInsert(statement, emit);
  else if (statement.kind === 'update') checkUpdate(statement, emit);
  else if (statement.kind === 'merge') checkMerge(statement, emit);
  else if (statement.kind === 'copy') checkCopy(statement, emit);
  else if (statement.kind === 'unload') checkUnload(statement, emit);
  else if (statement.kind === 'set') checkSet(statement, emit);
  else if (statement.kind === 'command') checkReset(statement, emit);
}

function checkNode(node: Node, columnTypes: Set<TypeName>, source: string, knows: KnowsFunction, emit: Emit): void {
  if (node.kind === 'call') {
    checkCall(node, knows, emit);
    checkWindow(node, source, emit);
  }
  // Columns' types have their own texts; they come before their types in the walk.
  else if (node.kind === 'column-definition') columnTypes.add(node.type);
  else if (node.kind === 'alter-action' && node.what === 'alter column type') columnTypes.add(node.type);
  else if (node.kind === 'type' && !columnTypes.has(node)) checkType(node, emit);
  else if (node.kind === 'binary' && (node.left.kind === 'row' || node.right.kind === 'row') && rowOrder.has(node.op))
    emit('no-row-operator', node);
}

const rowOrder: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);
