// Leader and compute nodes: which functions and catalogs go together with which relations.
// https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions_leader_node_only.html
// https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions_compute_node_only.html
import type { Emit } from '../finding.ts';
import type { QualifiedName } from '../tree/leaves.ts';
import type { Statement } from '../tree/statement.ts';
import { all } from '../tree/walk.ts';
import { functionName, signaturesOf } from './functions.ts';
import { lastPart, placeOf, type Scope } from './relations.ts';
import { serverType } from './types-of.ts';

/** Whether the statement puts rows into a table: what the leader computes cannot go there. */
function writes(statement: Statement): boolean {
  return ['insert', 'update', 'delete', 'merge', 'create-table-as', 'create-materialized-view', 'unload'].includes(statement.kind);
}

export function checkNodes(statement: Statement, scopes: readonly Scope[], emit: Emit): void {
  const relations = scopes.flatMap((scope) => scope.relations);
  const intoTable = writes(statement) || scopes.some(({ select }) => select?.into);
  const places = new Set(relations.map(placeOf));
  const onCompute = intoTable || places.has('compute');
  for (const call of all(statement, 'call')) {
    const kind = signaturesOf(call)?.[0]?.kind;
    const values = { name: functionName(call).toUpperCase() };
    if ((kind === 'leader' || kind === 'catalog' || kind === 'records') && onCompute && !isDefault(statement))
      emit('leader-function', call, values);
    else if (kind === 'catalog' && places.size === 0)
      emit('catalog-function', call, { ...values, call: `${functionName(call)}(${call.args.map(serverType).join(', ')})` });
    if (kind === 'sorted' && !places.has('compute') && !places.has('system')) emit('compute-function', call.name, values);
  }
  if (!onCompute) return;
  for (const relation of relations)
    if (isLeaderOnly(relation)) emit('leader-catalog', relation, { name: lastPart(relation).toUpperCase() });
}

/** Defaults are computed when rows come. */
const isDefault = ({ kind }: Statement): boolean => kind === 'create-table' || kind === 'alter-table';

/** Views that only the leader can answer; other catalogs are tables there and on the compute nodes. */
const isLeaderOnly = (name: QualifiedName): boolean =>
  placeOf(name) === 'leader' &&
  (name.parts.length > 1 ? name.parts[name.parts.length - 2]?.value.toLowerCase() === 'information_schema' : false);
