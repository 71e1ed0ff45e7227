// What rendering needs to know of the project, and what it brings back from parsing a node.
import type { Dialect } from '../adapters/dialect.ts';
import type { FilePlaces } from '../adapters/output-files.ts';
import type { FunctionCall, RefCall, SourceCall } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import type { ModelVersion } from '../core/versions.ts';
import type { Host, TemplateValue } from '../template/types.ts';
import type { MacroLibrary } from './macro-library.ts';

/** The project as templates see it, the same for all nodes of a run. */
export interface ProjectScope {
  readonly projectName: string;
  /** 'duckdb', 'postgres', 'redshift'. */
  readonly adapterType: string;
  /** Adapters whose macros serve this one too, nearest first: redshift → postgres. */
  readonly adapterParents: readonly string[];
  readonly dialect: Dialect;
  /** Where files of models go; undefined: the warehouse has none. */
  readonly files?: FilePlaces | undefined;
  /** `target.*`: name, profile_name, schema, database, type, threads and the adapter's shown keys. */
  readonly target: Readonly<Record<string, unknown>>;
  readonly database: string;
  readonly schema: string;
  /** A var as a file of `package` sees it: --vars first, then the root project's vars for that package, its own, the global ones. */
  readonly findVar: (name: string, packageName: string) => unknown;
  readonly varNames: (packageName: string) => Iterable<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly macros: MacroLibrary;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly invocationId: string;
  readonly version: string;
  /** Every env_var that any template asked for, with what it got (undefined: unset): part of the parse cache's key. */
  readonly envRead: Map<string, string | undefined>;
  /** The options as given, for `invocation_args_dict`. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** log() and exceptions.warn() of templates. */
  readonly say: (message: string, level: 'debug' | 'info') => void;
  readonly warn: (problem: Problem) => void;
  /** print() of templates: an answer, which --quiet leaves alone. While parsing there is none, and it is said like a log line. */
  readonly print?: (text: string) => void;
  /** Values that all templates of the run share, made on first use; starts empty. */
  readonly shared: Map<string, TemplateValue>;
}

/** What texts in YAML may use: no ref, no config. */
export type TextScope = Pick<
  ProjectScope,
  | 'projectName'
  | 'target'
  | 'findVar'
  | 'varNames'
  | 'env'
  | 'envRead'
  | 'startedAt'
  | 'invocationId'
  | 'version'
  | 'flags'
  | 'args'
  | 'say'
  | 'print'
  | 'warn'
>;

/** Values by name, made of what a kind of text is rendered with. undefined: it has no such name after all. */
export type MakersOf<Self> = Readonly<Record<string, (self: Self) => TemplateValue | undefined>>;

/** The node that a template belongs to, as far as it is known while parsing. */
export interface ParsingSubject {
  readonly unique_id: string;
  readonly name: string;
  /** Of a model with versions. */
  readonly version?: ModelVersion;
  readonly package_name: string;
  readonly resource_type: string;
  readonly original_file_path: string;
  readonly path: string;
  readonly fqn: readonly string[];
  /** Config from project.yml and properties, before the file's own config() calls; config() adds to it while rendering. */
  readonly baseConfig: Readonly<Record<string, unknown>>;
  readonly raw_code: string;
  /** Names that this kind of node adds, as they are before anything ran: results and schemas of on-run-end. */
  readonly more?: Readonly<Record<string, TemplateValue>>;
}

/** What a template said while it was parsed. */
export interface Recorded {
  readonly refs: RefCall[];
  readonly sources: SourceCall[];
  readonly functions: FunctionCall[];
  /** The keyword arguments of each config() call, in order. */
  readonly configs: Record<string, unknown>[];
  /** Unique ids of the macros that were reached. */
  readonly macros: Set<string>;
  /** Of those the ones that the text itself calls, in the order of the calls. */
  readonly called: Set<string>;
}

export interface ParsingHost {
  readonly host: Host;
  readonly recorded: Recorded;
}
