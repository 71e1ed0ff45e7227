// Who has rights, and the statements that give and take them, for the servers of Postgres' protocol.
// https://www.postgresql.org/docs/current/sql-grant.html
import type { Relation } from '../core/relation.ts';
import { type Statement, statement } from '../core/statement.ts';
import type { Grantee, Grants } from './rights.ts';
import { quote, relationName } from './sql.ts';

const KIND = /^(user|group|role)(?:\s*:\s*|\s+)(?=\S)/i;

/**
 * `kinds`: a group and a role are other things than a user. A name in double quotes is taken as it is, another one as the
 * server stores it.
 */
export const grantsOf = (unquoted: (name: string) => string, kinds: boolean, ask: (relation: Relation) => string): Grants => ({
  grantee(written) {
    const text = written.trim();
    if (/^public$/i.test(text)) return { kind: 'public', name: '' };
    const kind = KIND.exec(text);
    const name = kind ? text.slice(kind[0].length) : text;
    const quoted = /^"(.*)"$/s.exec(name)?.[1];
    return {
      kind: kinds && kind ? (kind[1]?.toLowerCase() as 'user' | 'group' | 'role') : 'user',
      name: quoted === undefined ? unquoted(name) : quoted.replaceAll('""', '"'),
    };
  },
  grant: (relation, privilege, to) => statement(`grant ${privilege} on ${relationName(relation)} to ${listOf(to)}`),
  revoke: (relation, privilege, from) => statement(`revoke ${privilege} on ${relationName(relation)} from ${listOf(from)}`),
  ask: (relation) => statement(ask(relation)),
});

const nameOf = ({ kind, name }: Grantee): string =>
  kind === 'public' ? 'public' : kind === 'user' ? quote(name) : `${kind} ${quote(name)}`;

const listOf = (grantees: readonly Grantee[]): string => grantees.map(nameOf).join(', ');

/** A right as it is given again to a relation of the same name. `on`: the privilege, with its column. */
export const grantAgain = (on: string, relation: Parameters<typeof relationName>[0], to: Grantee, grantable: boolean): Statement =>
  statement(`grant ${on} on ${relationName(relation)} to ${nameOf(to)}${grantable ? ' with grant option' : ''}`);
