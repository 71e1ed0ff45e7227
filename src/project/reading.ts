// What the makers of nodes share while one project is parsed.
import type { ProjectScope } from '../context/types.ts';
import type { Problem } from '../core/problem.ts';
import type { Host } from '../template/types.ts';
import type { Cascade } from './cascade.ts';
import type { Describe } from './docs.ts';
import type { Memo } from './memo.ts';
import type { EntryIndex } from './properties.ts';
import type { RecordNode } from './record.ts';
import type { RelationNames } from './relation-names.ts';

export interface Reading {
  readonly scope: ProjectScope;
  /** For texts in YAML. */
  readonly textHost: Host;
  readonly cascade: Cascade;
  readonly entries: EntryIndex;
  readonly describe: (packageName: string) => Describe;
  readonly relationNames: RelationNames;
  /** Of the root project. */
  readonly quoting: unknown;
  readonly record: RecordNode;
  readonly memo: Memo;
  /** All that a node depends on but its own file, its properties and what the memo's log notes. */
  readonly nodeWorld: string;
  readonly problems: Problem[];
}
