// What nodes hold is plain data: it goes into manifest.json and into the parse cache, and comes back as it was. Templates also
// know numbers that JSON cannot say; these become the text that a template prints of them.
import { isMapping } from '../core/config-reader.ts';

export function plainData(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return plainNumber(value);
  if (Array.isArray(value)) return value.map(plainData);
  return isMapping(value) ? plainMapping(value) : value;
}

export const plainMapping = (value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainData(item)]));

function plainNumber(value: number): number | string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return value === 0 ? 0 : value;
}
