// Tables that refer to another: the constraint goes before it, and comes back behind it.
// https://www.postgresql.org/docs/current/catalog-pg-constraint.html
import type { Relation } from '../../core/relation.ts';
import { type Row, statement } from '../../core/statement.ts';
import type { ForeignKey } from '../dependents.ts';
import { quote, relationName } from '../sql.ts';
import { literal } from './literal.ts';

/** [schema, table, name, definition] */
export const foreignKeysSql = ({
  schema,
  identifier,
}: Relation): string => `select n.nspname::text, c.relname::text, k.conname::text, pg_catalog.pg_get_constraintdef(k.oid)
from pg_catalog.pg_constraint as k join pg_catalog.pg_class as c on c.oid = k.conrelid join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_class as t on t.oid = k.confrelid join pg_catalog.pg_namespace as tn on tn.oid = t.relnamespace
where k.contype = 'f' and k.conrelid <> k.confrelid and t.relname = ${literal(identifier)} and tn.nspname = ${literal(schema)} order by 1, 2, 3`;

/** `unchecked`: what lets rows be that are there. */
export function foreignKeyOf([schema, identifier, name, definition]: Row, database: string | undefined, unchecked: string): ForeignKey {
  const table: Relation = { ...(database !== undefined && { database }), schema: String(schema), identifier: String(identifier) };
  const alter = `alter table ${relationName(table)}`;
  // One that was not checked says so itself.
  const text = String(definition).replace(/ not valid$/i, '');
  const add = `${alter} add constraint ${quote(String(name))} ${text}`;
  return {
    table,
    release: [statement(`${alter} drop constraint ${quote(String(name))}`)],
    restore: [statement(`${add}${text === String(definition) ? '' : unchecked}`)],
    restoreUnchecked: [statement(`${add}${unchecked}`)],
  };
}
