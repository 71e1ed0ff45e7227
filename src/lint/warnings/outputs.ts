// Columns of WITH queries and subqueries: which expression one is made of.
import { fold, type Scope } from '../redshift/checks/relations.ts';
import type { Expression, Query, TableReference } from '../redshift/tree/query.ts';
import type { Statement } from '../redshift/tree/statement.ts';
import { all } from '../redshift/tree/walk.ts';

/** `qualifier`: the name that the query has in the FROM of the scope; without one, any of them. undefined: not known. */
export type Outputs = (scope: Scope, qualifier: string | undefined, column: string) => Expression | undefined;

export function outputsOf(statement: Statement): Outputs {
  let ctes: ReadonlyMap<string, Query | undefined> | undefined;
  const inScope = new Map<Scope, ReadonlyMap<string, Query | undefined>>();
  return (scope, qualifier, column) => {
    ctes ??= ctesOf(statement);
    const queries = inScope.get(scope) ?? queriesOf(scope.select?.from ?? [], ctes);
    inScope.set(scope, queries);
    const from = qualifier === undefined ? [...queries.values()] : [queries.get(qualifier)];
    const found = from.flatMap((query) => (query && output(query, column)) ?? []);
    return found.length === 1 ? found[0] : undefined;
  };
}

/** Two of one name are not told apart. */
function ctesOf(statement: Statement): ReadonlyMap<string, Query | undefined> {
  const ctes = new Map<string, Query | undefined>();
  for (const { name, columns, query } of all(statement, 'cte')) {
    const named = fold(name);
    ctes.set(named, ctes.has(named) || columns ? undefined : query);
  }
  return ctes;
}

/** By the names under which they stand there. */
function queriesOf(from: readonly TableReference[], ctes: ReadonlyMap<string, Query | undefined>): ReadonlyMap<string, Query | undefined> {
  const found = new Map<string, Query | undefined>();
  const stack = [...from];
  for (let item = stack.pop(); item; item = stack.pop()) {
    if (item.kind === 'join') stack.push(item.left, item.right);
    else if (item.kind === 'table-group') stack.push(item.inner);
    else if (item.kind === 'derived' && item.alias?.columns.length === 0) found.set(fold(item.alias.name), item.query);
    else if (item.kind === 'table' && item.name.parts.length === 1) {
      const [name] = item.name.parts;
      if (ctes.has(fold(name)) && (item.alias?.columns.length ?? 0) === 0) found.set(fold(item.alias?.name ?? name), ctes.get(fold(name)));
    }
  }
  return found;
}

/** Of one SELECT only: the parts of a UNION may differ. */
function output({ body }: Query, column: string): Expression | undefined {
  if (body.kind === 'nested-query') return output(body.query, column);
  if (body.kind !== 'select') return undefined;
  return body.items.find(({ alias, expression }) => {
    if (alias) return fold(alias) === column;
    return expression.kind === 'column' && fold(expression.parts.at(-1) ?? expression.parts[0]) === column;
  })?.expression;
}
