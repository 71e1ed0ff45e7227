// The nodes of a project. Every resource is one: a model, a seed, a source table, a test, an analysis, a hook.
import type { Location } from './location.ts';
import type { Relation } from './relation.ts';

/** 'model.shop.orders'; made only by uniqueId(). */
export type UniqueId = string & { readonly __brand: 'UniqueId' };
export const uniqueId = (...parts: readonly string[]): UniqueId => parts.join('.') as UniqueId;

export type ResourceType =
  | 'model'
  | 'seed'
  | 'snapshot'
  | 'source'
  | 'test'
  | 'unit_test'
  | 'analysis'
  | 'operation'
  | 'exposure'
  | 'function';

/** A column as the properties describe it. */
export interface ColumnSpec {
  readonly name: string;
  readonly description: string;
  readonly data_type?: string;
  readonly quote?: boolean;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly doc_blocks?: readonly string[];
  /** Whatever else stands there: `encode`, `constraints`, … */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Of a model: a number, or a text. */
export type ModelVersion = string | number;

/** A `ref()` as it was written: ref('name'), ref('package', 'name'), ref('name', v=1). */
export interface RefCall {
  readonly name: string;
  readonly package?: string;
  readonly version?: ModelVersion;
  readonly at: Location;
}

export interface SourceCall {
  readonly source: string;
  readonly table: string;
  readonly at: Location;
}

/** A `function()` as it was written: function('name'), function('package', 'name'). */
export interface FunctionCall {
  readonly function: string;
  readonly package?: string;
  readonly at: Location;
}

export interface Hook {
  readonly sql: string;
  readonly transaction: boolean;
}

export interface NodeBase {
  readonly unique_id: UniqueId;
  readonly name: string;
  readonly package_name: string;
  /** Relative to the folder of its kind (`models/`, …). */
  readonly path: string;
  /** Relative to its project's root, with forward slashes. */
  readonly original_file_path: string;
  /** Package, folders, name: what the config cascade and `fqn:` selection go by. */
  readonly fqn: readonly string[];
  /** Where it is written. */
  readonly at: Location;
  readonly description: string;
  /** Unique ids of the docs blocks that the description shows. Absent: none. */
  readonly doc_blocks?: readonly string[];
  /** Merged: project.yml, folder by folder, properties, config(). */
  readonly config: Readonly<Record<string, unknown>>;
  /** Configs as they are written: of project files, of properties and of config(), the nearest of each key. Absent: there are none. */
  readonly unrendered_config?: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly columns: readonly ColumnSpec[];
  /** The properties file that describes it: 'package://path'. */
  readonly patch_path?: string;
  /** Of the file's text: sha256, hex. */
  readonly checksum: string;
  readonly refs: readonly RefCall[];
  readonly sources: readonly SourceCall[];
  /** Absent: none. */
  readonly functions?: readonly FunctionCall[];
  /** Unique ids of the macros that its text calls: 'macro.shop.cents_to_dollars'. */
  readonly depends_on_macros: readonly string[];
  /** Where there are more: of all macros that rendering reached. */
  readonly reached_macros?: readonly string[];
  /** Filled by link; empty before. */
  readonly depends_on: readonly UniqueId[];
}

/** An enforced contract: the columns are the model's own. */
export interface ModelContract {
  /** dbt's. */
  readonly checksum: string;
  /** Where each column is described. */
  readonly places: Readonly<Record<string, Location>>;
}

export interface ModelNode extends NodeBase {
  readonly resource_type: 'model';
  readonly materialized: string;
  readonly alias: string;
  readonly relation: Relation;
  readonly raw_code: string;
  readonly pre_hooks: readonly Hook[];
  readonly post_hooks: readonly Hook[];
  /** Keys of the properties entry that only later features read: access, constraints, versions, … */
  readonly extra: Readonly<Record<string, unknown>>;
  /** Present: the contract is enforced. */
  readonly contract?: ModelContract;
}

export interface SeedNode extends NodeBase {
  readonly resource_type: 'seed';
  readonly materialized: 'seed';
  readonly alias: string;
  readonly relation: Relation;
  readonly pre_hooks: readonly Hook[];
  readonly post_hooks: readonly Hook[];
}

export interface SnapshotNode extends NodeBase {
  readonly resource_type: 'snapshot';
  readonly materialized: 'snapshot';
  readonly alias: string;
  readonly relation: Relation;
  /** What stands in the block; of one that YAML describes, a query for all of its `relation`. */
  readonly raw_code: string;
  readonly raw_code_at: Location;
  readonly pre_hooks: readonly Hook[];
  readonly post_hooks: readonly Hook[];
}

export interface TestNode extends NodeBase {
  readonly resource_type: 'test';
  readonly test_kind: 'generic' | 'singular' | 'question';
  readonly alias: string;
  /** Where stored failures go. */
  readonly relation: Relation;
  /** A generic test: a call of its macro; a singular test: the file's text; a question: the analysis' text. */
  readonly raw_code: string;
  readonly test_metadata?: { readonly name: string; readonly namespace?: string; readonly kwargs: Readonly<Record<string, unknown>> };
  readonly column_name?: string;
  /** 'models.orders': the section and entry of the properties file that declares it. */
  readonly file_key_name?: string;
  /** The node whose properties declare it: the unresolved call until link, the id after. */
  readonly attached_to?:
    | { readonly kind: 'node'; readonly name: string; readonly version?: ModelVersion }
    | { readonly kind: 'source'; readonly source: string; readonly table: string };
  readonly attached_node?: UniqueId | undefined;
  /** Of the node that it is attached to. */
  readonly group?: string | undefined;
  /** A question: the expected rows. */
  readonly expect?: { readonly file: string; readonly text: string; readonly ordered: boolean; readonly tolerance: number };
}

export interface AnalysisNode extends NodeBase {
  readonly resource_type: 'analysis';
  readonly alias: string;
  /** Where it would stand: nothing makes it. */
  readonly relation: Relation;
  readonly raw_code: string;
}

/** A function of the user's own, made in the warehouse before what calls it. */
export interface FunctionNode extends NodeBase {
  readonly resource_type: 'function';
  readonly materialized: string;
  readonly alias: string;
  readonly relation: Relation;
  readonly raw_code: string;
  readonly pre_hooks: readonly Hook[];
  readonly post_hooks: readonly Hook[];
  readonly arguments: readonly FunctionArgument[];
  readonly returns?: { readonly data_type: string; readonly description: string | null };
}

export interface FunctionArgument {
  readonly name: string;
  readonly data_type: string;
  readonly description: string | null;
  readonly default_value: string | number | boolean | null;
}

/** One on-run-start or on-run-end statement. */
export interface OperationNode extends NodeBase {
  readonly resource_type: 'operation';
  readonly when: 'on-run-start' | 'on-run-end';
  readonly alias: string;
  readonly relation: Relation;
  readonly index: number;
  readonly raw_code: string;
}

export interface FreshnessSpec {
  readonly warn_after?: { readonly count: number; readonly period: 'minute' | 'hour' | 'day' };
  readonly error_after?: { readonly count: number; readonly period: 'minute' | 'hour' | 'day' };
  readonly filter?: string;
}

export interface SourceNode extends NodeBase {
  readonly resource_type: 'source';
  readonly source_name: string;
  readonly source_description: string;
  /** Of the source alone. */
  readonly source_meta?: Readonly<Record<string, unknown>>;
  /** As written, where it is. */
  readonly unrendered_database?: string;
  readonly unrendered_schema?: string;
  /** As the source and its table say it. Absent: neither does. */
  readonly quoting?: Readonly<Record<string, unknown>>;
  readonly loader: string;
  readonly relation: Relation;
  readonly loaded_at_field?: string;
  readonly loaded_at_query?: string;
  readonly freshness?: FreshnessSpec;
  /** What macros of packages make an external table of; as it is written. */
  readonly external?: Readonly<Record<string, unknown>>;
  /** Present: the table is loaded by dwh, as materialization 'copy'. */
  readonly load?: CopySpec;
}

/** How a source table is loaded. Relative paths in `from` and `jsonpaths` are relative to the project folder. */
export interface CopySpec {
  readonly from: string;
  readonly format: 'json' | 'csv' | 'parquet';
  /** 'auto', 'auto ignorecase', or the path of a jsonpaths file. */
  readonly jsonpaths: string;
  readonly mode: 'append' | 'replace';
  readonly on_error: 'abort' | 'reject';
  /** Rejects beyond this many stop the load; undefined: no limit. */
  readonly max_errors?: number;
  readonly on_change: 'error' | 'reload' | 'ignore';
  readonly truncate_columns: boolean;
  readonly allow_empty: boolean;
  /** Everything else under `load:`: Redshift's own COPY parameters, and csv's delimiter, header, quote, null_as. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Where `load:` is written. */
  readonly at: Location;
}

/** What is made from the project's nodes outside of it: a dashboard, an application. */
export interface ExposureNode extends NodeBase {
  readonly resource_type: 'exposure';
  /** 'dashboard', 'notebook', … */
  readonly exposure_type: string;
  readonly owner: Readonly<Record<string, unknown>>;
  readonly label: string | null;
  readonly maturity: string | null;
  readonly url: string | null;
}

/** Rows of a unit test, as they are written. */
export interface FixtureRows {
  readonly format: 'dict' | 'csv' | 'sql';
  /** The name of the file that they stand in; null: they stand in the properties. */
  readonly fixture: string | null;
  /** sql: a query. */
  readonly rows: readonly Readonly<Record<string, unknown>>[] | string;
  /** Of all of them. */
  readonly at: Location;
  /** Of each row; of a query nothing. */
  readonly rowsAt: readonly Location[];
}

/** What stands for one of the relations that the model reads. */
export interface GivenRows extends FixtureRows {
  /** As it is written: "ref('orders')", "source('raw', 'orders')", 'this'. */
  readonly input: string;
  readonly call: { readonly of: 'this' } | ({ readonly of: 'ref' } & RefCall) | ({ readonly of: 'source' } & SourceCall);
}

/** A model's query over rows that are given, against the rows that it should make of them. */
export interface UnitTestNode extends NodeBase {
  readonly resource_type: 'unit_test';
  /** The model's name. */
  readonly model: string;
  /** The schema of the model. */
  readonly schema: string;
  readonly given: readonly GivenRows[];
  readonly expect: FixtureRows;
  readonly overrides?: UnitTestOverrides;
  readonly versions?: { readonly include: readonly (string | number)[] | null; readonly exclude: readonly (string | number)[] | null };
  /** Of the model, when it has versions. */
  readonly version?: string | number;
}

export interface UnitTestOverrides {
  readonly macros: Readonly<Record<string, unknown>>;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly env_vars: Readonly<Record<string, unknown>>;
}

export type Node =
  | ModelNode
  | SeedNode
  | SnapshotNode
  | TestNode
  | AnalysisNode
  | OperationNode
  | SourceNode
  | ExposureNode
  | UnitTestNode
  | FunctionNode;

/** Nodes that stand in the warehouse under a name of their own and can be ref()ed or source()d. */
export type RelationNode = ModelNode | SeedNode | SnapshotNode | SourceNode;
const RELATION_TYPES: ReadonlySet<ResourceType> = new Set(['model', 'seed', 'snapshot', 'source'] as const);
export const isRelationNode = (node: Node): node is RelationNode => RELATION_TYPES.has(node.resource_type);

export interface MacroEntry {
  /** 'macro.shop.cents_to_dollars' */
  readonly unique_id: string;
  readonly name: string;
  readonly package_name: string;
  readonly original_file_path: string;
  readonly macro_sql: string;
  readonly at: Location;
  readonly description: string;
  readonly arguments: readonly unknown[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly docs: Readonly<Record<string, unknown>>;
  readonly patch_path?: string;
}

/** `groups:` of a properties file. */
export interface GroupEntry {
  /** 'group.shop.finance' */
  readonly unique_id: string;
  readonly name: string;
  readonly package_name: string;
  /** Relative to the folder of its kind. */
  readonly path: string;
  readonly original_file_path: string;
  readonly owner: Readonly<Record<string, unknown>>;
  readonly description: string | null;
  readonly config: Readonly<Record<string, unknown>>;
  readonly at: Location;
}

export interface DocEntry {
  readonly unique_id: string;
  readonly name: string;
  readonly package_name: string;
  /** Relative to the folder that it was looked for in. */
  readonly path: string;
  readonly original_file_path: string;
  readonly block_contents: string;
}
