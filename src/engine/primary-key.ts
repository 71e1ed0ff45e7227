// What manifest.json says of a model's primary key: the constraint's columns, else what its tests let one infer. dbt's order:
// columns that are unique and not null, unique ones, ones whose unique test is disabled.
import type { Manifest } from '../core/manifest.ts';
import type { ModelNode, TestNode, UniqueId } from '../core/node.ts';

type OfModel = (node: ModelNode) => readonly string[];

export function primaryKeys(manifest: Manifest): OfModel {
  const tests = new Map<UniqueId, TestNode[]>();
  for (const node of [...manifest.nodes.values(), ...manifest.disabled.values()]) {
    if (node.resource_type !== 'test' || node.attached_node === undefined || !KINDS.has(node.test_metadata?.name ?? '')) continue;
    const list = tests.get(node.attached_node);
    if (list) list.push(node);
    else tests.set(node.attached_node, [node]);
  }
  return (node) => [...new Set(declared(node) ?? inferred(tests.get(node.unique_id) ?? NONE))].sort();
}

const NONE: readonly never[] = [];
const UNIQUE = new Set(['unique', 'unique_combination_of_columns']);
const KINDS = new Set([...UNIQUE, 'not_null']);

type Constraint = Readonly<Record<string, unknown>>;
const isKey = (constraint: Constraint): boolean => constraint.type === 'primary_key';

function declared({ extra, columns }: ModelNode): readonly string[] | undefined {
  const ofModel = Array.isArray(extra.constraints) ? (extra.constraints as readonly Constraint[]).find(isKey) : undefined;
  if (ofModel) return Array.isArray(ofModel.columns) ? ofModel.columns.map(String) : [];
  const column = columns.find(
    ({ extra: { constraints } }) => Array.isArray(constraints) && (constraints as readonly Constraint[]).some(isKey),
  );
  return column && [column.name];
}

function inferred(tests: readonly TestNode[]): readonly string[] {
  const [unique, disabled, filled] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { test_metadata, config } of tests) {
    const { name = '', kwargs = {} } = test_metadata ?? {};
    const { column_name, combination_of_columns: combination } = kwargs;
    const columns =
      typeof column_name === 'string'
        ? [column_name]
        : Array.isArray(combination)
          ? combination.filter((one) => typeof one === 'string')
          : [];
    const into = name === 'not_null' ? filled : config.enabled === false ? disabled : unique;
    for (const column of columns) into.add(column);
  }
  const both = [...filled].filter((column) => unique.has(column) || disabled.has(column));
  if (both.length > 0) return both;
  return unique.size > 0 ? [...unique] : [...disabled];
}
