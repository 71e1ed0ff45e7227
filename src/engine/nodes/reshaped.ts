// Whether a table can stay where it is, for what its config says beside the columns.
import type { TableOptions } from '../../adapters/table-options.ts';
import type { RelationState } from '../../core/relation.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';

/** The table that is there was made otherwise: another must take its place. */
export async function isReshaped(
  { dialect: { tableChanges } }: Run,
  existing: RelationState | undefined,
  options: TableOptions,
  { connection }: Session,
): Promise<boolean> {
  if (existing?.kind !== 'table' || !tableChanges?.matter(options)) return false;
  return tableChanges.changed((await connection.run(tableChanges.ask(existing.relation))).rows, options);
}
