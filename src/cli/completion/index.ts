// `dwh __complete SHELL LINE`, which the scripts of `dwh completion` call at each key: one candidate a line, never an error, and
// nothing is ever written.
import { homedir } from 'node:os';
import { candidates } from './answer.ts';

export async function complete([shell = '', line = '']: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  try {
    const found = await candidates(line, { cwd, env, homeDir: env.HOME || homedir() });
    return found.map((one) => `${shell === 'bash' ? lastPart(one, line) : one}\n`).join('');
  } catch {
    return '';
  }
}

/** bash takes ':' and '=' for ends of words, and replaces only what stands behind the last of them. */
function lastPart(word: string, line: string): string {
  const typed = /\S*$/.exec(line)?.[0] ?? '';
  const kept = Math.max(typed.lastIndexOf(':'), typed.lastIndexOf('=')) + 1;
  return word.slice(kept);
}
