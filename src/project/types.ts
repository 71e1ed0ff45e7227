// What the two phases of reading hand on: `load` gives ProjectFiles (everything read from disk), `parse` gives a Project
// (nodes whose refs are unresolved). The graph links a Project, the engine renders with its scope.
import type { Credentials } from '../adapters/adapter.ts';
import type { Dialect } from '../adapters/dialect.ts';
import type { ProjectScope } from '../context/types.ts';
import type { ConfigReader } from '../core/config-reader.ts';
import type { Manifest } from '../core/manifest.ts';
import type { DocEntry, GroupEntry, MacroEntry, Node } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import type { Request } from '../core/request.ts';
import type { FileRecord, Kept, Remembered } from './records.ts';

/** A file of a project. Its text is read when it is asked for: a warm run needs only the hash. */
export interface SourceFile {
  /** Relative to its project's root, with forward slashes. */
  readonly path: string;
  /** Relative to the root project's root (packages: 'dbt_packages/…'): the name that problems use. */
  readonly file: string;
  /** Absolute. */
  readonly location: string;
  /** Bytes. */
  readonly size: number;
  /** Equal hashes mean equal texts; the first 64 characters are dbt's checksum (sha256 of the stripped text, hex). */
  hash(): string;
  text(): string;
}

/** A file found below one of a kind's folders: `path` of 'models/staging/a.sql' below 'models' is 'staging/a.sql'. */
export interface FoundFile {
  readonly source: SourceFile;
  /** 'models' */
  readonly folder: string;
  /** 'staging/a.sql' */
  readonly below: string;
}

export type FileKind = 'model' | 'seed' | 'snapshot' | 'macro' | 'test' | 'fixture' | 'analysis' | 'function' | 'docs' | 'properties';

/** One project folder: the root, or a package below dbt_packages/. */
export interface PackageFiles {
  readonly name: string;
  readonly projectFile: SourceFile;
  /** The values of the project file, as read; not yet checked. */
  readonly project: ConfigReader;
  /** Relative to the package's root. */
  readonly folders: Readonly<Record<FileKind, readonly string[]>>;
  /** In order of folder, then path. */
  readonly files: Readonly<Record<FileKind, readonly FoundFile[]>>;
}

/** The target of a profile, rendered: what the adapter is made from. */
export interface TargetChoice {
  readonly profileName: string;
  readonly targetName: string;
  /** 'duckdb', 'postgres', 'redshift'. */
  readonly type: string;
  readonly config: ConfigReader;
  /** Values that must never be shown: passwords, tokens, environment variables of the names DBT_ENV_SECRET_…. */
  readonly secrets: readonly string[];
  /** True: no profile is named, and dwh's own default is used. */
  readonly embedded: boolean;
}

/** Everything that parsing reads. */
export interface ProjectFiles {
  /** Absolute. */
  readonly root: string;
  /** Absolute; where artifacts and the parse cache live. */
  readonly targetPath: string;
  readonly target: TargetChoice;
  /** The root project first, then its packages by name. */
  readonly packages: readonly [PackageFiles, ...PackageFiles[]];
  readonly selectors: SourceFile | undefined;
  /** Found while reading; parse adds its own and throws them all. */
  readonly problems: readonly Problem[];
  /** What the last parse left in the target folder; undefined: the request does not let it be used. */
  readonly remembered: Remembered | undefined;
  /** Size, times and hash of every file handed out: what the next run compares with. undefined: nothing is to be kept. */
  readonly fileRecords: () => ReadonlyMap<string, FileRecord> | undefined;
  /** Texts of files that are named in configs (a question's expected rows), relative to the root; undefined: cannot be read. */
  readonly sideFile: (path: string) => SourceFile | undefined;
}

/** What parsing needs to know of the warehouse; nothing is asked of it. */
export interface AdapterInfo {
  readonly dialect: Dialect;
  readonly credentials: Credentials;
}

/** What the project file says beyond nodes. */
export interface ProjectSettings {
  readonly name: string;
  readonly version: string | undefined;
  readonly profile: string | undefined;
  readonly cleanTargets: readonly string[];
  /** As written: text, mapping, null (no comment), or undefined (the default one). */
  readonly queryComment: unknown;
  readonly quoting: Readonly<Record<'database' | 'schema' | 'identifier', boolean | undefined>>;
  /** `flags:` of the project file. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** Folders relative to the root, for `clean` and `init`. */
  readonly paths: Readonly<Record<FileKind, readonly string[]>>;
}

export interface Before {
  /** Equal ids, equal contents. */
  readonly id: string;
  /** What link made of it, with the warnings of load and parse as they are now. */
  readonly manifest: Manifest | undefined;
  /** Where refs look, groups and access are as they were. */
  readonly sameNames: boolean;
}

/** Parsed: every node is complete but for what its refs and sources resolve to. `link` takes it as it is. */
export interface Project {
  readonly project_name: string;
  readonly adapter_type: string;
  /** Names of the packages, the root project first: where ref() looks. */
  readonly packageOrder: readonly string[];
  /** The flag of dbt's by which ref() looks in the caller's package before the root project. */
  readonly ownPackageFirst: boolean;
  readonly settings: ProjectSettings;
  /** In a stable order: packages, kinds, paths. */
  readonly nodes: readonly Node[];
  /** Nodes with `enabled: false`. */
  readonly disabled: readonly Node[];
  readonly macros: ReadonlyMap<string, MacroEntry>;
  readonly docs: ReadonlyMap<string, DocEntry>;
  readonly groups: readonly GroupEntry[];
  /** Packages that keep to themselves what is not public. */
  readonly restricted: readonly string[];
  /** `selectors:` of selectors.yml by name; empty when there are none. */
  readonly selectors: Readonly<Record<string, unknown>>;
  /** Of load and parse. */
  readonly warnings: readonly Problem[];
  /** What templates see. Made when first asked for: a warm `ls` needs none. */
  readonly scope: () => ProjectScope;
  /** What link made of it in an earlier run: nothing that was read has changed since. */
  readonly linked: Manifest | undefined;
  /** Of the last parse of this target that was kept. */
  readonly before: Before | undefined;
  /** What to keep for the next run; undefined when nothing changed. For rememberParse. */
  readonly remember: ((linked: Manifest | undefined) => Kept | undefined) | undefined;
}

/** `say` takes what log() and print() of templates say while they are parsed. */
export type Parse = (
  files: ProjectFiles,
  request: Request,
  adapter: AdapterInfo,
  say?: (message: string, level: 'debug' | 'info') => void,
) => Project;
