// `config.<key>…:value`: nodes by what their configuration holds at a path of keys.
import { isMapping } from '../core/config-reader.ts';
import type { Node } from '../core/node.ts';

/** What dbt's configuration holds when nobody has set it, and what our nodes keep beside their config. */
function configOf(node: Node): Readonly<Record<string, unknown>> {
  const defaults: Record<string, unknown> = { enabled: true, tags: node.tags, meta: node.meta };
  if (node.resource_type === 'model') Object.assign(defaults, { materialized: node.materialized, on_schema_change: 'ignore' });
  if (node.resource_type === 'seed') Object.assign(defaults, { materialized: node.materialized });
  if (node.resource_type === 'test') Object.assign(defaults, { materialized: 'test', severity: 'ERROR' });
  return { ...defaults, ...node.config };
}

/** Undefined: nothing stands there, or it is a kind of node that dbt, too, does not look at. */
export function configAt(node: Node, path: readonly string[]): unknown {
  if (node.resource_type === 'exposure') return undefined;
  let value: unknown = configOf(node);
  for (const key of path) {
    if (!isMapping(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** A list holds the value; true and false in any case; `severity` in any case. */
export function configMatcher(path: readonly string[], wanted: string): (node: Node) => boolean {
  const anyCase = path.join('.') === 'severity';
  const lower = wanted.toLowerCase();
  const equal = (value: unknown): boolean => {
    if (typeof value === 'boolean') return String(value) === lower;
    if (typeof value === 'number' || typeof value === 'bigint') return String(value) === wanted;
    return typeof value === 'string' && (value === wanted || (anyCase && value.toLowerCase() === lower));
  };
  return (node) => {
    const value = configAt(node, path);
    return Array.isArray(value) ? value.some(equal) : equal(value);
  };
}
