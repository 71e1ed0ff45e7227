// Secrets of DuckDB: how it logs in where files are, by `secrets` and `use_credential_provider` of a target.
// https://duckdb.org/docs/stable/configuration/secrets_manager
import { type ConfigReader, isMapping } from '../../core/config-reader.ts';
import type { Location } from '../../core/location.ts';
import { quote } from '../sql.ts';
import { literal } from './literal.ts';

export interface Secret {
  readonly name: string;
  /** Makes it; has all that it hides. */
  readonly sql: string;
  readonly at?: Location;
}

const OWN = ['type', 'name', 'persistent'];
/** Words of DuckDB's, not texts. */
const WORDS = ['provider'];

function value(key: string, plain: unknown): string {
  if (WORDS.includes(key) && /^\w+$/.test(String(plain))) return String(plain);
  if (Array.isArray(plain)) return `[${plain.map((one) => literal(String(one))).join(', ')}]`;
  if (isMapping(plain))
    return `map {${Object.entries(plain)
      .map(([name, one]) => `${literal(name)}: ${literal(String(one))}`)
      .join(', ')}}`;
  return literal(String(plain));
}

function secret(entry: ConfigReader, unnamed: string): Secret {
  const type = entry.requiredString('type');
  const name = entry.string('name') ?? unnamed;
  const persistent = entry.boolean('persistent') === true ? 'persistent ' : '';
  const given = entry.keys().filter((key) => !OWN.includes(key) && entry.has(key));
  for (const key of [...given, ...(/^\w+$/.test(type) ? [] : ['type'])]) {
    if (!/^\w+$/.test(key) || key === 'type')
      entry.problem('config-value', `'${key === 'type' ? type : key}' is no ${key === 'type' ? 'type' : 'part'} of a secret`, undefined, [
        key,
      ]);
  }
  const parts = [`type ${type}`, ...given.map((key) => `${key} ${value(key, entry.raw(key))}`)];
  const at = entry.at();
  return { name, sql: `create or replace ${persistent}secret ${quote(name)} (${parts.join(', ')})`, ...(at && { at }) };
}

/** Mistakes are reported to the reader. */
export function readSecrets(profile: ConfigReader): readonly Secret[] {
  const listed = profile.mappings('secrets').map((entry, index) => secret(entry, `_dwh_secret_${index + 1}`));
  const provider = profile.string('use_credential_provider');
  if (provider === undefined) return listed;
  const at = profile.at('use_credential_provider');
  if (provider !== 'aws')
    profile.problem('config-value', `'use_credential_provider' is '${provider}'`, "There is one: aws. For others, write 'secrets'.", [
      'use_credential_provider',
    ]);
  return [
    ...listed,
    { name: '_dwh_aws', sql: `create or replace secret "_dwh_aws" (type s3, provider credential_chain)`, ...(at && { at }) },
  ];
}
