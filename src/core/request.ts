// What a command asks for: argv, environment and clock, read once by the cli and passed down as data.
import type { Span } from './batch.ts';
import type { Secrets } from './secrets.ts';
import type { WarningPolicy } from './warnings.ts';

export type IndirectSelection = 'eager' | 'cautious' | 'buildable' | 'empty';

export interface Selection {
  /** Each term group as one -s argument; together a union. Empty: everything. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  /** A named selector of selectors.yml. */
  readonly selector?: string;
  readonly resourceTypes: readonly string[];
  readonly excludeResourceTypes: readonly string[];
  readonly indirect: IndirectSelection;
}

export interface LintRequest {
  /** An adapter's name. */
  readonly dialect: string;
  /** As given, relative to `cwd`; '-' is `stdin`. None: the selected nodes of the project. */
  readonly files: readonly string[];
  readonly stdin?: string;
  /** Files are rewritten where that changes no meaning. */
  readonly fix: boolean;
  /** Only the rules. */
  readonly listRules: boolean;
}

export interface DepsRequest {
  /** The lock file is resolved anew, whatever it was made from. */
  readonly upgrade: boolean;
  /** Nothing is installed. */
  readonly lock: boolean;
  readonly add?: { readonly name: string; readonly version: string | undefined; readonly source: 'hub' | 'git' | 'local' };
}

/** docs generate. */
export interface DocsRequest {
  /** Nodes are compiled first. */
  readonly compile: boolean;
  /** The warehouse is not asked. */
  readonly emptyCatalog: boolean;
  /** The page under a second name, as dbt has it. */
  readonly static: boolean;
}

/** run-operation. */
export interface OperationRequest {
  /** 'name' or 'package.name'. */
  readonly macro: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What `retry` takes over from the run that it goes on with. */
export interface Retry {
  /** What failed, was skipped, or was cut off. */
  readonly nodes: readonly string[];
  /** All that the first run had. */
  readonly all: readonly string[];
  /** Epoch ms at which the first run began. */
  readonly startedAt: number;
  /** Its results, as run_results.json has them. */
  readonly results: readonly Readonly<Record<string, unknown>>[];
}

export interface Request {
  readonly command: string;
  /** Absolute. */
  readonly projectDir: string;
  readonly profilesDir?: string;
  readonly profile?: string;
  readonly target?: string;
  /** No profile is read: the target is the embedded one. */
  readonly embedded?: boolean;
  /** Absolute, or relative to the project; undefined: the project's target-path, else 'target'. */
  readonly targetPath?: string;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly selection: Selection;
  readonly threads?: number;
  readonly fullRefresh: boolean;
  readonly failFast: boolean;
  readonly storeFailures?: boolean;
  readonly publish?: 'tested' | 'always';
  readonly load: boolean;
  readonly dryRun: boolean;
  readonly empty: boolean;
  /** Inputs with an event_time are read as far as they are within it. */
  readonly sample?: Span;
  /** The batches of microbatch models are those of this time. */
  readonly eventTime?: Span;
  readonly warnError: boolean;
  /** What becomes of warnings; with `warnError` all not named otherwise are errors. */
  readonly warnings?: WarningPolicy;
  readonly failOnEmpty: boolean;
  readonly partialParse: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Epoch ms at which the command began. */
  readonly startedAt: number;
  /** Goes on with an earlier run: its nodes instead of the selection's, and its time for templates. */
  readonly retry?: Retry;
  readonly invocationId: string;
  readonly version: string;
  readonly homeDir: string;
  /** Of the process, for messages. */
  readonly cwd: string;
  /** How many statements may be in flight without starving Node's own I/O: UV_THREADPOOL_SIZE - 1. */
  readonly maxConcurrency: number;
  /** show, compile: SQL given on the command line; rows to show (-1: all). */
  readonly inline?: string;
  readonly limit?: number;
  /** For so many seconds another run that holds the target is waited for. Infinity: as long as it takes. Default 0. */
  readonly waitSeconds?: number;
  /** Another run that still holds the target then loses it. */
  readonly steal?: boolean;
  /** ls: 'selector' (default), 'name', 'path', 'json'; show and compile: 'text' (default), 'json'. */
  readonly output?: string;
  /** ls --output json: the properties to print. Undefined: dbt's own choice. */
  readonly outputKeys?: readonly string[];
  /** The folder that holds an earlier run's artifacts. */
  readonly state?: string;
  /** What is not there and not built is taken from where the manifest in `deferState`, else `state`, has it. */
  readonly defer?: boolean;
  readonly deferState?: string;
  /** With `defer`: all that is not selected, also what is there. */
  readonly favorState?: boolean;
  /** false: no manifest.json and no run_results.json. Default true. */
  readonly writeJson?: boolean;
  /** false: what templates print() is not shown. Default true. */
  readonly print?: boolean;
  /** compile, show: false: templates may not ask the warehouse. Default true. */
  readonly introspect?: boolean;
  /** lint: what is looked at, and as whose SQL. */
  readonly lint?: LintRequest;
  readonly operation?: OperationRequest;
  readonly deps?: DepsRequest;
  readonly docs?: DocsRequest;
  /** seed, build: rows of each seed are shown. */
  readonly show?: boolean;
  /** debug: only the connection. */
  readonly connectionOnly?: boolean;
  /** debug: only where profiles.yml is; nothing is connected to. */
  readonly profilesOnly?: boolean;
  /** For `invocation_args_dict` and run_results.json: the options as given. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** This process, as others on the same machine can know it again. */
export interface Here {
  readonly host: string;
  /** The same for processes that can see one another: those of one boot, and in one container. */
  readonly machine: string;
  readonly process: number;
  /** When it began, as the machine counts; '' where that cannot be told. A later process of the same number began at another time. */
  readonly born: string;
  /** Whether that process of this machine still runs. */
  runs(process: number, born: string): boolean;
}

/** What lies outside: the clock and the user's Ctrl-C. */
export interface Deps {
  readonly here: () => Here;
  readonly clock: () => number;
  readonly signal: AbortSignal;
  /** Hears of all secrets that are found, for what is written of the run beside its events, which have none. */
  readonly secrets?: Secrets;
}
