// Hashes of texts, as text.
import * as crypto from 'node:crypto';

/** One call where node has it (from 20.12): making a Hash for each of a hundred thousand short texts costs more than hashing them. */
function hashOf(algorithm: 'sha256' | 'md5', text: string | Uint8Array, encoding: 'hex' | 'base64'): string {
  if (typeof crypto.hash === 'function') return crypto.hash(algorithm, text, encoding);
  return crypto.createHash(algorithm).update(text).digest(encoding);
}

export const sha256 = (text: string | Uint8Array, encoding: 'hex' | 'base64' = 'hex'): string => hashOf('sha256', text, encoding);
export const md5 = (text: string): string => hashOf('md5', text, 'hex');
