// What the scheduler says and the executor does: steps, the moments they wait for, and the tests that hold them back.
import type { Node, UniqueId } from '../core/node.ts';

/**
 * A moment of another step.
 * - `staged`: the stage steps of its plan are committed, and its candidate can be read;
 * - `published`: it is public, and so are its loads, grants and ledger rows (a step with no gates: as soon as it is built);
 * - `passed`: a test ended and blocks nothing: status pass or warn.
 * When the moment can no longer come (the other step erred, was held back, failed or was skipped), the step that waits is
 * skipped, and so are its own waiters in turn.
 */
export interface Wait {
  readonly node: UniqueId;
  readonly until: 'staged' | 'published' | 'passed';
}

/** When nodes become public. */
export interface Publication {
  /** As asked for on the command line or in the environment; undefined: each node's `publish` config, 'tested' by default. */
  readonly publish: 'tested' | 'always' | undefined;
  /** Its tests can read what it will be; else they run behind its publication. Default: of every node. */
  readonly hasCandidate?: (node: Node) => boolean;
}

export interface Step {
  /** A model that is not ephemeral, a seed, a snapshot, a source with `load:`, a test, or a unit test. */
  readonly node: UniqueId;
  /** All of them before the step begins. Every one names a step of this schedule. */
  readonly after: readonly Wait[];
  /** Tests that read this step's candidate: it publishes when every one has passed, and is held back when one has not. */
  readonly gates: readonly UniqueId[];
  /** A test: the step that it gates, whose candidate it reads. All other relations it reads as they are published. */
  readonly gated?: UniqueId;
  /** Ms from the start of this step to the end of the longest chain that waits for it. */
  readonly priority: number;
}

/** In order of priority, the highest first; a step never stands before one it waits for. */
export interface Schedule {
  readonly steps: readonly Step[];
}

/** Before its priority is known. */
export type DraftStep = Omit<Step, 'priority'>;

/** Nodes that are built here, and that others wait for. */
export type Built = ReadonlyMap<UniqueId, Node>;

export interface ReadingTest {
  readonly test: UniqueId;
  /** What it reads, in the graph's order. */
  readonly on: readonly UniqueId[];
}
