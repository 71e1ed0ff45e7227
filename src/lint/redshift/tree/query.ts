// The syntax tree of expressions and queries, which hold one another.
import type { Column, Default, Interval, Literal, Name, Parameter, QualifiedName, Span, Star, TypedLiteral, TypeName } from './leaves.ts';

export interface Subscript extends Span {
  readonly kind: 'subscript';
  readonly index: Expression;
}
/** `items[0].price`, `json_parse(x).a` */
export interface Navigation extends Span {
  readonly kind: 'navigation';
  readonly base: Expression;
  readonly steps: readonly (Name | Subscript)[];
}
export interface Unary extends Span {
  readonly kind: 'unary';
  readonly op: string;
  readonly operand: Expression;
}
export interface Binary extends Span {
  readonly kind: 'binary';
  /** The operator's text; 'and', 'or' and 'overlaps', too. */
  readonly op: string;
  readonly left: Expression;
  readonly right: Expression;
}
export interface Cast extends Span {
  readonly kind: 'cast';
  readonly form: '::' | 'cast' | 'try_cast' | 'convert';
  readonly operand: Expression;
  readonly type: TypeName;
}
export interface AtTimeZone extends Span {
  readonly kind: 'at-time-zone';
  readonly operand: Expression;
  readonly zone: Expression;
}
export interface Between extends Span {
  readonly kind: 'between';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
}
export interface In extends Span {
  readonly kind: 'in';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly choices: readonly Expression[] | Query;
}
export interface Like extends Span {
  readonly kind: 'like';
  readonly op: 'like' | 'ilike' | 'similar to';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly escape?: Expression;
}
export interface Is extends Span {
  readonly kind: 'is';
  readonly negated: boolean;
  readonly what: 'null' | 'true' | 'false' | 'unknown';
  readonly operand: Expression;
}
export interface Exists extends Span {
  readonly kind: 'exists';
  readonly query: Query;
}
export interface Quantified extends Span {
  readonly kind: 'quantified';
  readonly op: string;
  readonly quantifier: 'any' | 'some' | 'all';
  readonly left: Expression;
  readonly query: Query;
}
export interface When extends Span {
  readonly kind: 'when';
  readonly condition: Expression;
  readonly result: Expression;
}
export interface Case extends Span {
  readonly kind: 'case';
  readonly subject?: Expression;
  readonly whens: readonly When[];
  readonly otherwise?: Expression;
}
export interface Frame extends Span {
  readonly kind: 'frame';
  readonly from: FrameBound;
  readonly to?: FrameBound;
}
export interface FrameBound extends Span {
  readonly kind: 'frame-bound';
  readonly at: 'unbounded preceding' | 'preceding' | 'current row' | 'following' | 'unbounded following';
  readonly offset?: Expression;
}
export interface Window extends Span {
  readonly kind: 'window';
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame?: Frame;
}
export interface Call extends Span {
  readonly kind: 'call';
  /** The function's name, perhaps behind a schema. */
  readonly name: QualifiedName;
  readonly args: readonly Expression[];
  /** 'bare': without parentheses (current_date); 'words': with words between the arguments (extract, trim, position, substring). */
  readonly form: 'plain' | 'bare' | 'words';
  readonly quantifier?: 'all' | 'distinct';
  readonly approximate: boolean;
  readonly withinGroup?: readonly OrderItem[];
  readonly nulls?: 'ignore' | 'respect';
  readonly over?: Window;
}
export interface Subquery extends Span {
  readonly kind: 'subquery';
  readonly query: Query;
}
/** `(a, b)` */
export interface Row extends Span {
  readonly kind: 'row';
  readonly items: readonly Expression[];
}
/** `(a)` */
export interface Group extends Span {
  readonly kind: 'group';
  readonly inner: Expression;
}
/** `column (+)`, the side of a comma join whose rows may be missing. */
export interface OuterMark extends Span {
  readonly kind: 'outer-mark';
  readonly operand: Expression;
}
export type Expression =
  | (Literal | TypedLiteral | Interval | Parameter | Column | Star | Navigation | Unary | Binary | Cast | AtTimeZone)
  | (Between | In | Like | Is | Exists | Quantified | Case | Call | Subquery | Row | Group | OuterMark | Default);

export interface OrderItem extends Span {
  readonly kind: 'order-item';
  readonly expression: Expression;
  readonly direction?: 'asc' | 'desc';
  readonly nulls?: 'first' | 'last';
}

export interface Cte extends Span {
  readonly kind: 'cte';
  readonly name: Name;
  readonly columns?: readonly Name[];
  readonly query: Query;
}
export interface With extends Span {
  readonly kind: 'with';
  readonly recursive: boolean;
  readonly ctes: readonly Cte[];
}
export interface Query extends Span {
  readonly kind: 'query';
  readonly with?: With;
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  /** A word `all` is no expression and leaves this out. */
  readonly limit?: Expression;
  readonly offset?: Expression;
}
export type QueryBody = Select | SetOperation | NestedQuery;
export interface SetOperation extends Span {
  readonly kind: 'set-operation';
  readonly op: 'union' | 'intersect' | 'except' | 'minus';
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}
/** `(select …)` where a select may stand. */
export interface NestedQuery extends Span {
  readonly kind: 'nested-query';
  readonly query: Query;
}
export interface Select extends Span {
  readonly kind: 'select';
  readonly top?: Top;
  readonly quantifier?: 'all' | 'distinct';
  readonly items: readonly SelectItem[];
  readonly exclude?: Exclude;
  readonly into?: Into;
  readonly from: readonly TableReference[];
  readonly where?: Expression;
  readonly startWith?: Expression;
  readonly connectBy?: Expression;
  readonly groupBy?: GroupBy;
  readonly having?: Expression;
  readonly qualify?: Expression;
}
/** `top 10`, with the word and the parentheses that may be about the number. */
export interface Top extends Span {
  readonly kind: 'top';
  readonly count: Expression;
}
export interface SelectItem extends Span {
  readonly kind: 'select-item';
  readonly expression: Expression;
  readonly alias?: Name;
}
/** `* exclude (a, b)`: columns left out of the whole list. */
export interface Exclude extends Span {
  readonly kind: 'exclude';
  readonly columns: readonly Name[];
}
export interface Into extends Span {
  readonly kind: 'into';
  readonly temporary: boolean;
  readonly name: QualifiedName;
}
export interface GroupBy extends Span {
  readonly kind: 'group-by';
  /** `group by all` has no items. */
  readonly all: boolean;
  readonly items: readonly GroupItem[];
}
export type GroupItem = Expression | GroupingSet;
export interface GroupingSet extends Span {
  readonly kind: 'grouping-set';
  readonly form: 'rollup' | 'cube' | 'grouping sets' | 'set';
  readonly items: readonly GroupItem[];
}

/** With a type behind a function that returns records. */
export interface AliasColumn extends Span {
  readonly kind: 'alias-column';
  readonly name: Name;
  readonly type?: TypeName;
}
export interface TableAlias extends Span {
  readonly kind: 'table-alias';
  readonly name: Name;
  readonly columns: readonly AliasColumn[];
  /** `from t.items as item at place`: the index or key within a SUPER value. */
  readonly at?: Name;
}
/** A relation, or a SUPER value of a relation named before it (`from orders o, o.items i`). */
export interface TableNamed extends Span {
  readonly kind: 'table';
  readonly name: QualifiedName;
  readonly alias?: TableAlias;
}
/** `from t, t.a[0].b as x` */
export interface Unnested extends Span {
  readonly kind: 'unnested';
  readonly path: Expression;
  readonly alias?: TableAlias;
}
export interface Derived extends Span {
  readonly kind: 'derived';
  readonly query: Query;
  readonly alias?: TableAlias;
}
export interface TableFunction extends Span {
  readonly kind: 'table-function';
  readonly call: Expression;
  readonly alias?: TableAlias;
}
export interface Join extends Span {
  readonly kind: 'join';
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross';
  readonly natural: boolean;
  readonly left: TableReference;
  readonly right: TableReference;
  readonly on?: Expression;
  readonly using?: readonly Name[];
}
export interface TableGroup extends Span {
  readonly kind: 'table-group';
  readonly inner: TableReference;
}
export interface Pivot extends Span {
  readonly kind: 'pivot';
  readonly source: TableReference;
  readonly aggregate: SelectItem;
  readonly column: Name;
  readonly values: readonly SelectItem[];
  readonly alias?: TableAlias;
}
export interface Unpivot extends Span {
  readonly kind: 'unpivot';
  readonly source: TableReference;
  readonly nulls?: 'include' | 'exclude';
  readonly value: Name;
  readonly name: Name;
  readonly columns: readonly SelectItem[];
  readonly alias?: TableAlias;
}
/** `from t, unpivot t.attributes as value at key` */
export interface ObjectUnpivot extends Span {
  readonly kind: 'object-unpivot';
  readonly path: Expression;
  readonly alias?: TableAlias;
}
export type TableReference = TableNamed | Unnested | Derived | TableFunction | Join | TableGroup | Pivot | Unpivot | ObjectUnpivot;
