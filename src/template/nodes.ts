// The syntax tree, plain data with nunjucks' names: its parser makes nodes of its own for `or`, `and` and `not`. `lineno` is an
// offset into the text (see lexer.ts).
import type { TemplateValue } from './types.ts';

interface At {
  readonly lineno: number;
}
type NodeOf<Name extends string, Fields> = At & { readonly typename: Name } & Readonly<Fields>;

export type LiteralNode = NodeOf<'Literal', { value: TemplateValue }>;
export type SymbolNode = NodeOf<'Symbol', { value: string }>;
export type GroupNode = NodeOf<'Group', { children: readonly Expr[] }>;
export type ArrayNode = NodeOf<'Array', { children: readonly Expr[] }>;
export type PairNode = NodeOf<'Pair', { key: Expr; value: Expr }>;
export type DictNode = NodeOf<'Dict', { children: readonly PairNode[] }>;
export type LookupNode = NodeOf<'LookupVal', { target: Expr; val: Expr; dotted: boolean }>;
export type SliceNode = NodeOf<'Slice', { start: Expr | null; stop: Expr | null; step: Expr | null }>;
export type InlineIfNode = NodeOf<'InlineIf', { cond: Expr; body: Expr; else_: Expr | null }>;
export type BinaryName = 'Add' | 'Sub' | 'Mul' | 'Div' | 'FloorDiv' | 'Mod' | 'Pow';
export type BinaryNode = { [Name in BinaryName]: NodeOf<Name, { left: Expr; right: Expr }> }[BinaryName];
export type LogicNode = NodeOf<'And', { left: Expr; right: Expr }> | NodeOf<'Or', { left: Expr; right: Expr }>;
export type UnaryNode = NodeOf<'Not', { target: Expr }> | NodeOf<'Neg', { target: Expr }> | NodeOf<'Pos', { target: Expr }>;
export type ConcatNode = NodeOf<'Concat', { parts: readonly Expr[] }>;
export type CompareNode = NodeOf<'Compare', { expr: Expr; ops: readonly NodeOf<'CompareOperand', { expr: Expr; type: string }>[] }>;

/** Arguments as written. `spread`: *list; `spreadNames`: **dict. */
export interface CallArguments {
  readonly positional: readonly Expr[];
  readonly named: readonly { readonly name: string; readonly value: Expr }[];
  readonly spread: Expr | undefined;
  readonly spreadNames: Expr | undefined;
}
export type CallNode = NodeOf<'FunCall', { name: Expr; args: CallArguments }>;
export type FilterNode = NodeOf<'Filter', { name: string; target: Expr; args: CallArguments }>;
export type IsNode = NodeOf<'Is', { name: string; target: Expr; args: CallArguments }>;
/** Renders its body to a text. */
export type CaptureNode = NodeOf<'Capture', { body: readonly Stmt[] }>;
/** The function that a call block hands to its macro. */
export type CallerNode = NodeOf<'Caller', { parameters: readonly ParameterNode[]; body: readonly Stmt[]; uses: Uses }>;

export type Expr =
  | LiteralNode
  | SymbolNode
  | GroupNode
  | ArrayNode
  | DictNode
  | LookupNode
  | SliceNode
  | InlineIfNode
  | BinaryNode
  | LogicNode
  | UnaryNode
  | ConcatNode
  | CompareNode
  | CallNode
  | FilterNode
  | IsNode
  | CaptureNode
  | CallerNode;

export interface ParameterNode {
  readonly name: string;
  readonly default: Expr | undefined;
  /** The default as written. */
  readonly text: string | undefined;
}
/** Which of the names that Jinja2 gives a macro on demand its body mentions. */
export interface Uses {
  varargs: boolean;
  kwargs: boolean;
  caller: boolean;
}

/** What `set` and `for` write to: a name, ns.name, or several. */
export type Target =
  | SymbolNode
  | NodeOf<'NamespaceRef', { name: string; attribute: string }>
  | NodeOf<'TargetList', { children: readonly Target[] }>;

export type DataNode = NodeOf<'TemplateData', { value: string }>;
export type OutputNode = NodeOf<'Output', { children: readonly Expr[] }>;
export type IfNode = NodeOf<'If', { cond: Expr; body: readonly Stmt[]; else_: readonly Stmt[] }>;
export type ForNode = NodeOf<
  'For',
  { name: Target; arr: Expr; test: Expr | undefined; recursive: boolean; body: readonly Stmt[]; else_: readonly Stmt[] }
>;
export type SetNode = NodeOf<'Set', { target: Target; value: Expr }>;
export type DoNode = NodeOf<'Do', { value: Expr }>;
export type WithNode = NodeOf<'With', { pairs: readonly { readonly target: Target; readonly value: Expr }[]; body: readonly Stmt[] }>;
export type LoopControlNode = NodeOf<'Break', object> | NodeOf<'Continue', object>;
export type MacroNode = NodeOf<
  'Macro',
  { name: string; parameters: readonly ParameterNode[]; body: readonly Stmt[]; uses: Uses; source: string }
>;
export type Stmt = DataNode | OutputNode | IfNode | ForNode | SetNode | DoNode | WithNode | LoopControlNode | MacroNode;
