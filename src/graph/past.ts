// What a selection may compare the project with. Nothing of it is read before a selector asks.
import type { Node } from '../core/node.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Each throws a DwhError when what it reads is not there. */
export interface Past {
  /** manifest.json of --state, dbt's or ours. */
  readonly manifest: () => Json;
  /** A node as the manifest.json of today has it. */
  readonly today: (node: Node) => Json;
  /** Status by unique_id, from run_results.json of --state. */
  readonly results: () => ReadonlyMap<string, string>;
  /** When the newest rows of each source came, in epoch ms: from sources.json of --state, and from that of the target folder. */
  readonly freshness: () => { readonly before: ReadonlyMap<string, number>; readonly now: ReadonlyMap<string, number> };
  /** Files that are not as they were at a commit, relative to the root project. */
  readonly changedSince: (ref: string) => ReadonlySet<string>;
}
