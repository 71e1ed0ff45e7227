// What every node of a run shares: the request, the linked project, the open warehouse.
import type { Credentials, Warehouse } from '../adapters/adapter.ts';
import type { Dialect } from '../adapters/dialect.ts';
import type { ProjectScope } from '../context/index.ts';
import type { Emit } from '../core/event.ts';
import type { Manifest } from '../core/manifest.ts';
import type { UniqueId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Deps, Request } from '../core/request.ts';
import type { KnownRelations, Linter } from '../lint/linter.ts';
import type { Catalog } from './catalog.ts';
import type { CommentSetting } from './comment-setting.ts';
import type { CompiledNodes } from './compiled.ts';
import type { Elsewhere } from './elsewhere.ts';
import type { Files } from './files.ts';
import type { Lease } from './lease.ts';

export interface Run {
  readonly request: Request;
  readonly deps: Deps;
  readonly emit: Emit;
  readonly manifest: Manifest;
  readonly scope: ProjectScope;
  readonly dialect: Dialect;
  readonly credentials: Credentials;
  /** What the warehouse would refuse; loaded when first asked for. */
  readonly linter: () => Promise<Linter>;
  /** What the linter knows of the project, made once. */
  readonly known: () => KnownRelations;
  readonly openWarehouse: () => Promise<Warehouse>;
  /** What query-comment says; undefined: statements carry none. */
  readonly commented: CommentSetting | undefined;
  readonly catalog: Catalog;
  readonly files: Files;
  /** Of the target; undefined where no other process can write to it, or none could be had. */
  readonly lease?: Lease | undefined;
  /** What the manifest of --state says of nodes of this project; empty unless it is asked. */
  readonly elsewhere: Elsewhere;
  /** The relations that stand for these nodes wherever one reads them; settled before anything is rendered. */
  readonly deferred: Map<UniqueId, Relation>;
  /** Chosen ids, in order. */
  readonly chosen: readonly UniqueId[];
  /** Whose connection a node works on: its number. */
  readonly threads: Map<UniqueId, number>;
  /** Loads of which it was not heard whether they were committed, or all that comes behind: the ledger tells. */
  readonly unresolved: Set<UniqueId>;
  /** As JSON, with its secrets masked. */
  readonly json: (value: unknown) => string;
  /** So far. */
  readonly compiled: CompiledNodes;
  readonly writeManifest: () => void;
  /** manifest.json as plain data, made once when a template asks for `graph`. */
  readonly graph: () => unknown;
}
