// Rights on a relation, of users, groups, roles and everyone.
// https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_RELATION_PRIVILEGES.html, .../r_GRANT.html
import type { Relation } from '../../core/relation.ts';
import { type Row, statement } from '../../core/statement.ts';
import type { Right } from '../adapter.ts';
import { quote, relationName } from '../sql.ts';
import { literal } from './literal.ts';

/** [kind of grantee, its name, privilege, grantable]; identities that the server or a datashare made are not ours to grant to. */
export const rightsSql = ({ schema, identifier }: Relation): string =>
  `select identity_type, identity_name, privilege_type, admin_option from svv_relation_privileges
where namespace_name = ${literal(schema.toLowerCase())} and relation_name = ${literal(identifier.toLowerCase())}
and identity_name not like 'ds:%' and identity_name not like 'sys:%' and identity_name <> current_user
order by identity_type, identity_name, privilege_type`;

const GRANTEES: Readonly<Record<string, string>> = { group: 'group ', role: 'role ' };

export function rightOf([kind, name, privilege, grantable]: Row, relation: Relation): Right {
  const to = kind === 'public' ? 'public' : `${GRANTEES[String(kind)] ?? ''}${quote(String(name))}`;
  const grant = statement(
    `grant ${String(privilege).toLowerCase()} on ${relationName(relation)} to ${to}${grantable === true ? ' with grant option' : ''}`,
  );
  return { grant, column: undefined };
}
