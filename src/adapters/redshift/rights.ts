// Rights on a relation, of users, groups, roles and everyone.
// https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_RELATION_PRIVILEGES.html, .../r_GRANT.html
import type { Relation } from '../../core/relation.ts';
import type { Row } from '../../core/statement.ts';
import { grantAgain } from '../grantees.ts';
import type { Grantee, Right } from '../rights.ts';
import { literal } from './literal.ts';

/** [kind of grantee, its name, privilege, grantable]; identities that the server or a datashare made are not ours to grant to. */
export const rightsSql = ({ schema, identifier }: Relation): string =>
  `select identity_type, identity_name, privilege_type, admin_option from svv_relation_privileges
where namespace_name = ${literal(schema.toLowerCase())} and relation_name = ${literal(identifier.toLowerCase())}
and identity_name not like 'ds:%' and identity_name not like 'sys:%' and identity_name <> current_user
order by identity_type, identity_name, privilege_type`;

/** As templates ask for them. */
export const showRightsSql = (relation: Relation): string =>
  `select r.identity_name as grantee, r.privilege_type from (\n${rightsSql(relation)}\n) as r where r.identity_type <> 'public'`;

const kindOf = (kind: string): Grantee['kind'] => (kind === 'group' || kind === 'role' || kind === 'public' ? kind : 'user');

export function rightOf([kind, name, privilege, grantable]: Row, relation: Relation): Right {
  const of = kindOf(String(kind));
  const grantee: Grantee = { kind: of, name: of === 'public' ? '' : String(name) };
  const word = String(privilege).toLowerCase();
  return { grantee, privilege: word, grant: grantAgain(word, relation, grantee, grantable === true), column: undefined };
}
