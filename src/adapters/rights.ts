// Who may do what with a relation.
import type { Relation } from '../core/relation.ts';
import type { Statement } from '../core/statement.ts';

/** Who can be given rights. `kind` is 'user' where the warehouse does not tell them apart; the name of 'public' is ''. */
export interface Grantee {
  readonly kind: 'user' | 'group' | 'role' | 'public';
  /** As it is stored. */
  readonly name: string;
}

export interface Grants {
  /** As a project writes it: a name, in double quotes or not, with the kind before it where there are kinds. */
  grantee(written: string): Grantee;
  grant(relation: Relation, privilege: string, to: readonly Grantee[]): Statement;
  revoke(relation: Relation, privilege: string, from: readonly Grantee[]): Statement;
  /** Who has what on all of the relation: rows of grantee and privilege_type. */
  ask(relation: Relation): Statement;
}

/** Of a user, a group or everyone on a relation. */
export interface Right {
  readonly grantee: Grantee;
  /** Lower-case: 'select'. */
  readonly privilege: string;
  /** Gives it again to a relation of the same name. */
  readonly grant: Statement;
  /** undefined: on all columns. */
  readonly column: string | undefined;
}
