// Whether a view is bound to what it reads. A late-binding view outlives the relations below it, and needs all of them to be
// named with their schemas. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
import { check } from '../../lint/redshift/check.ts';
import { all } from '../../lint/redshift/tree/walk.ts';

export const BINDS = ['auto', 'true', 'false'] as const;
export type Bind = (typeof BINDS)[number];

/** `create`: 'create view "a"."b" as', without the query. */
export function bindsLate(create: string, query: string, bind: Bind): boolean {
  if (bind !== 'auto') return bind === 'false';
  const [statement] = check(`${create}\n${query}\nwith no schema binding`);
  // What the grammar does not know is left to the server, as an ordinary view.
  if (statement?.tree?.kind !== 'create-view' || statement.refused) return false;
  return ![...all(statement.tree, 'with')].some((clause) => clause.recursive);
}
