// Names: their length in bytes, those of the system, those of temporary tables.
// https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
import type { Emit } from '../finding.ts';
import type { Name, QualifiedName } from '../tree/leaves.ts';
import type { Statement } from '../tree/statement.ts';
import { all } from '../tree/walk.ts';
import { fold } from './relations.ts';

const maxBytes = 127;
const systemColumns: ReadonlySet<string> = new Set(['oid', 'tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

export function checkNames(statement: Statement, emit: Emit): void {
  for (const name of all(statement, 'name')) {
    // A name of no more units than a third of the bytes needs no counting.
    const bytes = name.value.length * 3 > maxBytes ? Buffer.byteLength(name.value) : 0;
    if (bytes > maxBytes) emit('long-name', name, { name: name.value, bytes });
  }
  if (statement.kind === 'command' && statement.command === 'create schema')
    for (const { label, node } of statement.slots) if (label === 'name' && node.kind === 'name') checkSchemaName(node, emit);
}

function checkSchemaName(name: Name, emit: Emit): void {
  if (fold(name).startsWith('pg_')) emit('system-schema', name, { name: name.value });
}

export function checkColumnName(name: Name, emit: Emit): void {
  if (systemColumns.has(fold(name))) emit('system-column', name, { name: name.value });
}

/** #name, or any with the word TEMPORARY before it. */
export function checkTemporary(name: QualifiedName, temporary: boolean, emit: Emit): void {
  const { parts } = name;
  if (parts.length > 1 && (temporary || isTemporaryName(parts.at(-1)))) emit('temporary-schema', name);
}

export const isTemporaryName = (name: Name | undefined): boolean => name?.value.startsWith('#') ?? false;

/** Columns of one list, each once. */
export function checkDistinct(names: readonly Name[], emit: Emit): void {
  const seen = new Set<string>();
  for (const name of names) {
    const folded = fold(name);
    if (seen.has(folded)) emit('duplicate-column', name, { name: folded });
    seen.add(folded);
  }
}
