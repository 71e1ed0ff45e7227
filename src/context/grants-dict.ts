// What a warehouse answers of rights, as `adapter.standardize_grants_dict` hands it to macros.
import { iterate, text } from '../template/index.ts';
import type { TemplateValue } from '../template/types.ts';

const rowsIn = (table: TemplateValue): readonly TemplateValue[] => [...(iterate(table) ?? [])];
const cellOf = (row: TemplateValue, name: string): string => {
  const cell = typeof row === 'object' && row !== null && 'kind' in row && row.kind === 'host' ? row.item?.(name) : undefined;
  return cell === undefined || cell === null ? '' : text(cell);
};

/** Rows with `grantee` and `privilege_type`, as {privilege: [grantees]}. */
export function grantsDict(table: TemplateValue): TemplateValue {
  const grants = new Map<TemplateValue, TemplateValue>();
  for (const row of rowsIn(table)) {
    const privilege = cellOf(row, 'privilege_type');
    const grantees = grants.get(privilege);
    if (Array.isArray(grantees)) grants.set(privilege, [...grantees, cellOf(row, 'grantee')]);
    else grants.set(privilege, [cellOf(row, 'grantee')]);
  }
  return grants;
}
