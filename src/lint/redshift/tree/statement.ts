// What a statement may be.
import type { Change } from './changes.ts';
import type { Definition } from './definitions.ts';
import type { Literal, Name, QualifiedName, Span, TypeName } from './leaves.ts';
import type { Expression, Query } from './query.ts';

/** A word, or several, of which a command's grammar has a choice: 'sort only'. */
export interface Word extends Span {
  readonly kind: 'word';
  readonly value: string;
}
/** What a command's grammar gives a name to. */
export interface Slot extends Span {
  readonly kind: 'slot';
  readonly label: string;
  readonly node: Name | QualifiedName | Literal | Word | TypeName | Expression | Query | Statement;
}
/** A statement of the table in grammar/commands/: which it is, and its slots in the order of the text. */
export interface Command extends Span {
  readonly kind: 'command';
  /** The words it begins with: 'vacuum', 'create user'. */
  readonly command: string;
  readonly slots: readonly Slot[];
}

export interface SetParameter extends Span {
  readonly kind: 'set';
  readonly scope?: 'session' | 'local';
  /** Lower-case; with a dot for a session context variable: 'app_context.user_id'. */
  readonly name: string;
  /** The values between commas; none for DEFAULT. */
  readonly values: readonly string[];
}
export interface Explain extends Span {
  readonly kind: 'explain';
  readonly verbose: boolean;
  readonly statement: Statement;
}
export interface Grantee extends Span {
  readonly kind: 'grantee';
  readonly what: 'user' | 'group' | 'role' | 'public' | 'iam_role' | 'namespace' | 'account' | 'rls policy';
  readonly name?: Name | Literal;
}
export interface Privilege extends Span {
  readonly kind: 'privilege';
  readonly words: string;
  readonly columns?: readonly Name[];
}
export interface GrantedObject extends Span {
  readonly kind: 'granted-object';
  /** 'table', 'schema', 'database', 'all tables in schema' … */
  readonly what: string;
  readonly names: readonly (QualifiedName | Literal)[];
}
/** GRANT and REVOKE; `roles` for roles given to users, `on` left out for system privileges. */
export interface Grant extends Span {
  readonly kind: 'grant' | 'revoke';
  readonly privileges: readonly Privilege[];
  readonly roles: readonly Name[];
  readonly on?: GrantedObject;
  readonly grantees: readonly Grantee[];
}

export type Statement = Query | Change | Definition | Command | SetParameter | Explain | Grant;
