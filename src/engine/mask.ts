// Secrets never leave the process: their texts are replaced in everything that is said or written.
import type { Emit, EventBody } from '../core/event.ts';

const MASK = '*****';
/** Shorter texts would blank out half of every word. */
const SHORTEST = 4;

export type Mask = (text: string) => string;

export function maskOf(secrets: readonly string[]): Mask {
  const known = [...new Set(secrets.filter((secret) => secret.length >= SHORTEST))].sort((a, b) => b.length - a.length);
  return (text) => known.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}

/** The event with every text in it masked; the same object when nothing in it is secret. */
export function maskingEmit(emit: Emit, secrets: readonly string[], mask: Mask): Emit {
  if (secrets.length === 0) return emit;
  const masked = (value: unknown): unknown => {
    if (typeof value === 'string') return mask(value);
    if (Array.isArray(value)) return value.map(masked);
    if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item)]));
    }
    return value;
  };
  return (event) => emit(masked(event) as EventBody);
}
