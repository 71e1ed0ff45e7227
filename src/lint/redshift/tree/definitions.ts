// The syntax tree of statements that define tables, views and routines.
import type { Literal, Name, QualifiedName, Span, TypeName } from './leaves.ts';
import type { Expression, Query } from './query.ts';

export interface References extends Span {
  readonly kind: 'references';
  readonly table: QualifiedName;
  readonly columns: readonly Name[];
}
export type ColumnAttribute = Span & { readonly kind: 'column-attribute' } & (
    | { readonly what: 'default'; readonly value: Expression }
    | { readonly what: 'identity'; readonly byDefault: boolean; readonly seed?: number; readonly step?: number }
    | { readonly what: 'encode'; readonly encoding: string }
    | { readonly what: 'collate'; readonly collation: 'case_sensitive' | 'case_insensitive' }
    | { readonly what: 'distkey' | 'sortkey' | 'not null' | 'null' }
    | { readonly what: 'unique' | 'primary key'; readonly name?: Name }
    | { readonly what: 'references'; readonly name?: Name; readonly to: References }
  );
export interface ColumnDefinition extends Span {
  readonly kind: 'column-definition';
  readonly name: Name;
  readonly type: TypeName;
  readonly attributes: readonly ColumnAttribute[];
}
export interface TableConstraint extends Span {
  readonly kind: 'table-constraint';
  readonly name?: Name;
  readonly what: 'unique' | 'primary key' | 'foreign key';
  readonly columns: readonly Name[];
  readonly to?: References;
}
export interface LikeTable extends Span {
  readonly kind: 'like-table';
  readonly table: QualifiedName;
  readonly defaults?: 'including' | 'excluding';
}
/** A key column by name, or in CREATE TABLE AS by its place, from 1. */
export type KeyColumn = Name | Literal;
export type TableAttribute = Span & { readonly kind: 'table-attribute' } & (
    | { readonly what: 'diststyle'; readonly style: 'auto' | 'even' | 'key' | 'all' }
    | { readonly what: 'distkey'; readonly column: KeyColumn }
    | { readonly what: 'sortkey'; readonly form: 'compound' | 'interleaved' | 'auto' | 'none'; readonly columns: readonly KeyColumn[] }
    | { readonly what: 'encode auto' }
    | { readonly what: 'backup' | 'auto refresh'; readonly yes: boolean }
  );

export interface CreateTable extends Span {
  readonly kind: 'create-table';
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly name: QualifiedName;
  readonly elements: readonly (ColumnDefinition | TableConstraint | LikeTable)[];
  readonly attributes: readonly TableAttribute[];
}
export interface CreateTableAs extends Span {
  readonly kind: 'create-table-as';
  readonly temporary: boolean;
  readonly name: QualifiedName;
  readonly columns?: readonly Name[];
  readonly attributes: readonly TableAttribute[];
  readonly query: Query;
}
export interface CreateView extends Span {
  readonly kind: 'create-view';
  readonly orReplace: boolean;
  /** A view of the data catalogue, outside the database. */
  readonly external: boolean;
  readonly name: QualifiedName;
  readonly columns?: readonly Name[];
  readonly query: Query;
  readonly noSchemaBinding: boolean;
}
export interface CreateMaterializedView extends Span {
  readonly kind: 'create-materialized-view';
  readonly name: QualifiedName;
  readonly columns?: readonly Name[];
  readonly attributes: readonly TableAttribute[];
  readonly query: Query;
}

export type AlterAction = Span & { readonly kind: 'alter-action' } & (
    | { readonly what: 'add constraint'; readonly constraint: TableConstraint }
    | { readonly what: 'drop constraint'; readonly name: Name; readonly behavior?: 'cascade' | 'restrict' }
    | { readonly what: 'owner to' | 'rename to'; readonly to: Name }
    | { readonly what: 'rename column'; readonly name: Name; readonly to: Name }
    | { readonly what: 'alter column type'; readonly name: Name; readonly type: TypeName }
    | { readonly what: 'alter column encode'; readonly name: Name; readonly encoding: string }
    | {
        readonly what: 'alter distkey' | 'alter diststyle' | 'alter sortkey' | 'alter encode auto';
        readonly attributes: readonly TableAttribute[];
      }
    | { readonly what: 'add column'; readonly column: ColumnDefinition }
    | { readonly what: 'drop column'; readonly name: Name; readonly behavior?: 'cascade' | 'restrict' }
    | { readonly what: 'append from'; readonly table: QualifiedName; readonly option?: 'ignoreextra' | 'filltarget' }
    | { readonly what: 'row level security' | 'masking'; readonly on: boolean }
    | { readonly what: 'external' }
  );
export interface AlterTable extends Span {
  readonly kind: 'alter-table';
  readonly name: QualifiedName;
  readonly actions: readonly AlterAction[];
}

export interface Argument extends Span {
  readonly kind: 'argument';
  readonly mode?: 'in' | 'out' | 'inout';
  readonly name?: Name;
  readonly type: TypeName;
}
export interface CreateRoutine extends Span {
  readonly kind: 'create-routine';
  readonly routine: 'function' | 'procedure' | 'external function';
  readonly orReplace: boolean;
  readonly name: QualifiedName;
  readonly args: readonly Argument[];
  readonly returns?: TypeName;
  readonly language?: string;
  readonly body?: Literal;
}

export type Definition = CreateTable | CreateTableAs | CreateView | CreateMaterializedView | AlterTable | CreateRoutine;
