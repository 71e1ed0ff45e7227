// The linked project: what selection, scheduling and execution work on.
import type { DocEntry, GroupEntry, MacroEntry, Node, UniqueId } from './node.ts';
import type { Problem } from './problem.ts';

/**
 * Linked: every id in every `depends_on` is a key of `nodes`; there is no cycle, and `nodes` is in an order that puts each
 * node behind all it depends on, sources first and tests last. Serialises to manifest.json.
 */
export interface Manifest {
  readonly project_name: string;
  readonly adapter_type: string;
  readonly nodes: ReadonlyMap<UniqueId, Node>;
  /** Nodes with `enabled: false`, by id: a ref to one says so. */
  readonly disabled: ReadonlyMap<UniqueId, Node>;
  readonly macros: ReadonlyMap<string, MacroEntry>;
  readonly docs: ReadonlyMap<string, DocEntry>;
  readonly groups: readonly GroupEntry[];
  /** Selectors of selectors.yml, as read from YAML; empty when there are none. */
  readonly selectors: Readonly<Record<string, unknown>>;
  /** Warnings of load, parse and link. */
  readonly warnings: readonly Problem[];
}
