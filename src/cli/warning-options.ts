// --warn-error and --warn-error-options: which warnings are errors, and which are not said.
import { nearestName } from '../core/nearest.ts';
import { NO_POLICY, type WarningPolicy, warningNames } from '../core/warnings.ts';
import { type Given, usage } from './given.ts';
import { dictionary } from './vars.ts';

const NAME = '--warn-error-options';
/** In older projects the keys have other names. */
const KEYS = { error: 'error', include: 'error', warn: 'warn', exclude: 'warn', silence: 'silence' } as const;
const HOW = `Write it like this: ${NAME} '{error: all, warn: [NoNodesForSelectionCriteria], silence: [JinjaLogWarning]}'`;

function listOf(key: string, value: unknown): 'all' | readonly string[] {
  if (value === null) return [];
  if (value === 'all' || value === '*') return 'all';
  if (!Array.isArray(value)) return usage(`'${key}' of ${NAME} should be a list of names${key === 'error' ? ", or 'all'" : ''}`, HOW);
  const known = warningNames();
  return value.map((name) => {
    if (known.includes(String(name))) return String(name);
    const near = nearestName(String(name), known);
    return usage(`${NAME} has '${String(name)}' under '${key}', and no warning has this name`, near && `Did you mean ${near}?`);
  });
}

export async function warningPolicy(given: Given): Promise<WarningPolicy> {
  const text = given.text('warn-error-options');
  const all = given.flag('warn-error') ?? false;
  if (text === undefined) return all ? { ...NO_POLICY, error: 'all' } : NO_POLICY;
  const policy: { -readonly [K in keyof WarningPolicy]: WarningPolicy[K] } = { ...NO_POLICY };
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(await dictionary(NAME, text))) {
    const meant = KEYS[key as keyof typeof KEYS];
    if (meant === undefined) usage(`${NAME} has no '${key}'`, HOW);
    if (seen.has(meant)) usage(`${NAME} has '${meant}' twice, under its new name and its old one`, HOW);
    seen.add(meant);
    const list = listOf(key, value);
    if (meant === 'error') policy.error = list;
    else if (list === 'all') usage(`'${key}' of ${NAME} should be a list of names`, HOW);
    else policy[meant] = list;
  }
  return all ? { ...policy, error: 'all' } : policy;
}
