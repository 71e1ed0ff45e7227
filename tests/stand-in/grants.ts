// Users, groups and roles are roles of the server, whose names begin with the database's: the server is shared by all stand-ins
// of a process. https://docs.aws.amazon.com/redshift/latest/dg/r_GRANT.html
import type { NodeOf } from '../../src/lint/redshift/index.ts';
import type { Planner, Step } from './plan.ts';
import { list, MAX_POSTGRES_BYTES, quoted, stored } from './translate/names.ts';
import { Untranslated } from './translate/pieces.ts';

const PRIVILEGES = new Set([
  'select',
  'insert',
  'update',
  'delete',
  'references',
  'usage',
  'create',
  'temporary',
  'temp',
  'all',
  'all privileges',
]);

export type RoleKind = 'user' | 'group' | 'role';
export function roleOf(plan: Planner, what: RoleKind, name: string): string {
  const role = `${plan.context.facts.roles}/${what === 'user' ? '' : `${what}:`}${stored(name)}`;
  if (Buffer.byteLength(role) > MAX_POSTGRES_BYTES) throw new Untranslated('long names of users, groups and roles', 0);
  return quoted(role);
}

export function grantSteps(node: NodeOf<'grant' | 'revoke'>, plan: Planner): readonly Step[] {
  const to = node.grantees.map(({ what, name, start }) => {
    if (what === 'public') return 'public';
    if ((what !== 'user' && what !== 'group' && what !== 'role') || !name) throw new Untranslated(`rights of ${what}`, start);
    return roleOf(plan, what, name.value);
  });
  const direction = node.kind === 'grant' ? 'to' : 'from';
  const tag = node.kind.toUpperCase();
  // What stands behind the last grantee.
  const rest = plan.sql
    .slice(node.grantees.at(-1)?.end ?? node.end, node.end)
    .trim()
    .toLowerCase()
    .replaceAll(/\s+/g, ' ');
  if (!['', 'with grant option', 'cascade', 'restrict', 'with admin option'].includes(rest))
    throw new Untranslated(`'${rest}'`, node.start);
  if (node.roles.length > 0) {
    const roles = node.roles.map(({ value }) => roleOf(plan, 'role', value)).join(', ');
    return [plan.answer(`${node.kind} ${roles} ${direction} ${to.join(', ')}`, node.start, tag)];
  }
  const { on } = node;
  if (!on || !['table', 'schema', 'all tables in schema'].includes(on.what))
    throw new Untranslated(`rights on ${on?.what ?? 'all'}`, node.start);
  const privileges = node.privileges.map(({ words, columns, start }) => {
    if (!PRIVILEGES.has(words)) throw new Untranslated(`the privilege ${words}`, start);
    return `${words}${columns ? ` (${list(columns)})` : ''}`;
  });
  const names = on.names.map((name) => {
    if (name.kind === 'literal') throw new Untranslated('objects by a literal', name.start);
    return on.what === 'table' ? plan.relation(name) : quoted(name.parts[0].value);
  });
  const between = plan.sql
    .slice(node.start, node.privileges[0]?.start ?? node.start)
    .toLowerCase()
    .includes('grant option for')
    ? 'grant option for '
    : '';
  return [
    plan.answer(
      `${node.kind} ${between}${privileges.join(', ')} on ${on.what} ${names.join(', ')} ${direction} ${to.join(', ')} ${rest}`,
      node.start,
      tag,
    ),
  ];
}
