// Every node of a tree, however deep: without recursion, since a chain of operators may be long.
import type {
  Assignment,
  Change,
  DefaultValues,
  MergeClauses,
  MergeDelete,
  MergeInsert,
  MergeUpdate,
  Option,
  RemoveDuplicates,
  ValueRow,
  Values,
} from './changes.ts';
import type {
  AlterAction,
  Argument,
  ColumnAttribute,
  ColumnDefinition,
  Definition,
  LikeTable,
  References,
  TableAttribute,
  TableConstraint,
} from './definitions.ts';
import type { Name, QualifiedName, TypeName } from './leaves.ts';
import type {
  AliasColumn,
  Cte,
  Exclude,
  Expression,
  Frame,
  FrameBound,
  GroupBy,
  GroupingSet,
  Into,
  OrderItem,
  QueryBody,
  SelectItem,
  Subscript,
  TableAlias,
  TableReference,
  Top,
  When,
  Window,
  With,
} from './query.ts';
import type { GrantedObject, Grantee, Privilege, Slot, Statement, Word } from './statement.ts';

export type Node =
  | (Statement | Expression | Name | QualifiedName | TypeName | Slot | Word | Grantee | GrantedObject | Privilege)
  | (
      | QueryBody
      | TableReference
      | TableAlias
      | AliasColumn
      | Subscript
      | When
      | Window
      | Frame
      | FrameBound
      | OrderItem
      | Cte
      | With
      | SelectItem
    )
  | (Exclude | Top | Into | GroupBy | GroupingSet | Assignment | Values | ValueRow | DefaultValues | Change | Option)
  | (MergeClauses | MergeUpdate | MergeDelete | MergeInsert | RemoveDuplicates)
  | (Definition | AlterAction | Argument | ColumnAttribute | ColumnDefinition | LikeTable | References | TableAttribute | TableConstraint);
/** Of a kind, or of several; a node of two kinds (GRANT, REVOKE) is of either. */
export type NodeOf<K extends Node['kind'], N = Node> = N extends { readonly kind: infer Kinds }
  ? K & Kinds extends never
    ? never
    : N
  : never;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'kind' in value && 'start' in value;

/** In the order of the text, as far as the tree's properties are. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const value of Object.values(node) as unknown[]) {
    if (Array.isArray(value)) found.push(...value.filter(isNode));
    else if (isNode(value)) found.push(value);
  }
  return found;
}

/** From the root down; `enter` says false where it wants nothing of what is below. */
export function walk(root: Node, enter: (node: Node) => boolean | undefined): void {
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (enter(node) === false) continue;
    const below = children(node);
    for (let i = below.length - 1; i >= 0; i--) {
      const child = below[i];
      if (child) stack.push(child);
    }
  }
}

/** All nodes of a kind, in the order of the text. */
export function all<const K extends Node['kind']>(root: Node, ...kinds: readonly K[]): NodeOf<K>[] {
  const found: NodeOf<K>[] = [];
  walk(root, (node) => {
    if ((kinds as readonly string[]).includes(node.kind)) found.push(node as NodeOf<K>);
    return undefined;
  });
  return found;
}
