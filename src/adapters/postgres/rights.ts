// Rights on a relation, which go with it when another takes its place: read before, granted again after.
// https://www.postgresql.org/docs/current/ddl-priv.html
import type { Relation } from '../../core/relation.ts';
import type { Row } from '../../core/statement.ts';
import { grantAgain } from '../grantees.ts';
import type { Grantee, Right } from '../rights.ts';
import { quote } from '../sql.ts';
import { literal } from './literal.ts';

/** [grantee or NULL for everyone, privilege, grantable, column or NULL], without those of the owner and of columns that are gone. */
export function rightsSql({ schema, identifier }: Relation): string {
  const relation = `to_regclass(${literal(`${quote(schema)}.${quote(identifier)}`)})`;
  const select = (acl: string, column: string, from: string): string =>
    `select case when a.grantee = 0 then null else pg_catalog.pg_get_userbyid(a.grantee)::text end, a.privilege_type::text, a.is_grantable, ${column}
from ${from}, aclexplode(${acl}) as a where c.oid = ${relation} and a.grantee <> c.relowner`;
  return `${select('c.relacl', 'null::text', 'pg_catalog.pg_class as c')}
union all
${select('t.attacl', 't.attname::text', 'pg_catalog.pg_class as c join pg_catalog.pg_attribute as t on t.attrelid = c.oid and not t.attisdropped')}
order by 1, 4, 2`;
}

/** As templates ask for them. */
export const showRightsSql = (relation: Relation): string =>
  `select r.grantee, r.privilege_type from (\n${rightsSql(relation)}\n) as r (grantee, privilege_type, is_grantable, of_column)
where r.grantee is not null and r.of_column is null`;

export function rightOf([grantee, privilege, grantable, column]: Row, relation: Relation): Right {
  const of = column === null ? '' : ` (${quote(String(column))})`;
  const to: Grantee = grantee === null ? { kind: 'public', name: '' } : { kind: 'user', name: String(grantee) };
  return {
    grantee: to,
    privilege: String(privilege).toLowerCase(),
    grant: grantAgain(`${privilege}${of}`, relation, to, grantable === true),
    column: column === null ? undefined : String(column),
  };
}
