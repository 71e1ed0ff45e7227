// What a load says: which files it takes and why, and how many records of which file were refused for what.
import type { ListedFile, Reject } from '../../core/copy.ts';
import type { RejectCount } from '../../core/event.ts';
import type { CopySpec, SourceNode } from '../../core/node.ts';
import type { Problem } from '../../core/problem.ts';
import type { Decision } from '../../loading/index.ts';

/** Counts by file and reason. */
export class RejectTally {
  readonly #counts = new Map<string, { -readonly [K in keyof RejectCount]: RejectCount[K] }>();
  total = 0;

  add(reject: Reject): void {
    this.total++;
    const key = `${reject.file}\0${reject.reason}`;
    const known = this.#counts.get(key);
    if (known) known.count++;
    else
      this.#counts.set(key, {
        file: reject.file,
        reason: reject.reason,
        count: 1,
        line: reject.line,
        ...(reject.column !== undefined && { column: reject.column }),
        ...(reject.value !== undefined && { value: reject.value }),
      });
  }

  get counts(): readonly RejectCount[] {
    return [...this.#counts.values()];
  }
}

export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** --dry-run: which files, and why; `how` they will be read. */
export function explain(node: SourceNode, decision: Decision, how: (file: ListedFile) => string): string {
  const changed = new Set(decision.changed);
  const why = (file: ListedFile): string => (changed.has(file) ? 'changed' : decision.empties ? 'the table is loaded again' : 'new');
  const lines = [
    ...decision.load.map((file) => `load ${file.key} (${why(file)}${how(file)})`),
    ...decision.skip.map((file) => `skip ${file.key} (${changed.has(file) ? 'changed, on_change: ignore' : 'loaded before'})`),
  ];
  return `-- ${node.unique_id}: ${decision.load.length} to load, ${decision.skip.length} to skip\n${lines.map((line) => `--   ${line}\n`).join('')}`;
}

export const rejected = (total: number, node: SourceNode, spec: CopySpec, schema: string): Problem => ({
  code: 'load-rejects',
  severity: 'warning',
  at: spec.at,
  message: `${total} record${total === 1 ? ' was' : 's were'} refused and kept in ${schema}.load_rejects`,
  hint: `See them: dwh show --inline "select * from ${schema}.load_rejects" (source ${node.source_name}.${node.name})`,
});
