// pre-hook and post-hook: a text, a mapping with `sql` and `transaction`, or the JSON text that before_begin() and
// after_commit() make of one. https://docs.getdbt.com/reference/resource-configs/pre-hook-post-hook
import { isMapping } from '../core/config-reader.ts';
import type { Hook } from '../core/node.ts';

export const hooksOf = (value: unknown): readonly Hook[] =>
  (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).flatMap(hookOf);

function hookOf(item: unknown): Hook[] {
  if (isMapping(item)) return typeof item.sql === 'string' ? [{ sql: item.sql, transaction: item.transaction !== false }] : [];
  const sql = String(item ?? '');
  if (sql.trimStart().startsWith('{"')) {
    try {
      const parsed: unknown = JSON.parse(sql);
      if (isMapping(parsed) && typeof parsed.sql === 'string') return hookOf(parsed);
    } catch {
      // SQL that begins with a brace and a quote.
    }
  }
  return sql.trim() === '' ? [] : [{ sql, transaction: true }];
}
