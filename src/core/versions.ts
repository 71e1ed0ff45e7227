// Versions of a model: numbers, or texts; how they are compared.

import type { ModelVersion, Node } from './node.ts';

export type { ModelVersion } from './node.ts';

const isVersion = (value: unknown): value is ModelVersion => typeof value === 'string' || typeof value === 'number';

/** undefined: a node without versions. */
export function versionOf(node: Node): { readonly v: ModelVersion; readonly latest: ModelVersion } | undefined {
  if (node.resource_type !== 'model') return undefined;
  const { version, latest_version: latest } = node.extra;
  return isVersion(version) ? { v: version, latest: isVersion(latest) ? latest : version } : undefined;
}

/** Below zero: `a` is older. As numbers where both are, else as texts. */
export function compareVersions(a: ModelVersion, b: ModelVersion): number {
  const [one, other] = [a, b].map((version) => (String(version).trim() === '' ? Number.NaN : Number(version)));
  const difference = (one ?? Number.NaN) - (other ?? Number.NaN);
  if (!Number.isNaN(difference)) return difference;
  const [first, second] = [String(a), String(b)];
  return first === second ? 0 : first < second ? -1 : 1;
}

/** Of two that are equal, the first. */
export const laterVersion = (a: ModelVersion, b: ModelVersion): ModelVersion => (compareVersions(a, b) < 0 ? b : a);
