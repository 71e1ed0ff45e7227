// --vars and --args: one dictionary, as YAML or JSON.
import { isMapping } from '../core/config-reader.ts';
import { DwhError } from '../core/problem.ts';
import { usage } from './given.ts';

/** `name`: '--vars'. YAML is read in the dialect of project files; its reader is loaded only for what is not plain JSON. */
export async function dictionary(name: string, text: string): Promise<Readonly<Record<string, unknown>>> {
  const value = jsonOf(text) ?? (await yamlOf(name, text));
  if (value === undefined || value === null) return {};
  if (isMapping(value)) return value;
  const what = Array.isArray(value) ? 'a list' : `the ${typeof value} ${JSON.stringify(value)}`;
  return usage(`${name} should be one dictionary, and is ${what}`, howTo(name));
}

const howTo = (name: string): string => `Write it like this: ${name} '{key: value}'`;

function jsonOf(text: string): unknown {
  // Whole numbers that a double cannot hold stay text in YAML; JSON.parse would change them.
  if (!/^\s*\{/.test(text) || /\d{16}/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function yamlOf(name: string, text: string): Promise<unknown> {
  const { readYaml } = await import('../project/yaml.ts');
  let value: unknown;
  try {
    value = readYaml(text, name).value;
  } catch (error) {
    if (!(error instanceof DwhError)) throw error;
    const [{ message, at }] = error.problems;
    return usage(`${name} cannot be read: ${message}${at && text.includes('\n') ? ` (line ${at.line})` : ''}`, howTo(name));
  }
  const kind = isMapping(value) ? Object.keys(value).find((key) => key === 'true' || key === 'false' || key === 'null') : undefined;
  if (kind !== undefined) {
    const hint = `Put the name in quotes: to YAML on, yes, off, no and null are no texts`;
    return usage(`${name} has a key that is ${kind}, and should be text`, hint);
  }
  const odd = isMapping(value) ? Object.keys(value).find((key) => value[key] === null && isWithoutColon(key, text)) : undefined;
  return odd === undefined ? value : usage(`${name} has '${odd}', without a colon`, howTo(name));
}

/** In '{a 1}' and '{a=1}' YAML sees a key without a value. */
const isWithoutColon = (key: string, text: string): boolean =>
  /[\s=]/.test(key) && !/^["']?\s*:/.test(text.slice(text.indexOf(key) + key.length));
