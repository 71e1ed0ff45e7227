// YAML's reader gives 1.0 as 1. Where it matters that it is a float, what is written tells.
import { type ConfigPath, isMapping } from '../core/config-reader.ts';
import { PyFloat } from '../template/index.ts';

/** With a dot; what stands behind an exponent has a sign, in YAML 1.1. */
const FLOAT = /^[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?$/;

export const isWrittenAsFloat = (value: unknown, written: string | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && written !== undefined && FLOAT.test(written);

/** The same value with its whole floats as templates have them: they print their dot, and divide without remainders. */
export function withFloats(value: unknown, path: ConfigPath, written: (path: ConfigPath) => string | undefined): unknown {
  if (Array.isArray(value)) return value.map((one, index) => withFloats(one, [...path, index], written));
  if (isMapping(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withFloats(one, [...path, key], written)]));
  return typeof value === 'number' && isWrittenAsFloat(value, written(path)) ? new PyFloat(value) : value;
}
