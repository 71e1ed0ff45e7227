// Where secrets stand in what users write: under names that say so, in URLs, in 'name=value' texts, and in the environment.
import { isMapping } from './config-reader.ts';

const NAME =
  /pass$|pass?w|pwd$|passphrase|secret(?!_arn|_manager)|token(?!_duration)|credential|(?:access|symmetric|private|api|account|encryption|shared)_?key/i;

/** Of a key in YAML, an option, a parameter. */
export const isSecretKey = (name: string): boolean => NAME.test(name);

const PREFIXES = ['DBT_ENV_SECRET', 'DWH_ENV_SECRET'];

/** dbt's rule for variables of the environment. https://docs.getdbt.com/docs/build/environment-variables#handling-secrets */
export const isSecretVariable = (name: string): boolean => PREFIXES.some((prefix) => name.startsWith(prefix));

/** What drivers and the AWS SDK read by themselves. */
const READ_BY_DRIVERS = new Set([
  'PGPASSWORD',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'MOTHERDUCK_TOKEN',
  'motherduck_token',
]);

export const secretsOfEnvironment = (env: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(env).flatMap(([name, value]) => (value && (isSecretVariable(name) || READ_BY_DRIVERS.has(name)) ? [value] : []));

/** 'postgres://ann:SECRET@host/shop', 'aws_secret_access_key=SECRET;token=SECRET', "dbname=shop password='SECRET'". */
export function secretsWithin(text: string): readonly string[] {
  const ofUrls = [...text.matchAll(/:\/\/[^\s/?#@:]*:([^\s/?#]*)@/g)].flatMap(([, password = '']) => [password, decoded(password)]);
  const ofPairs = [...text.matchAll(/([\w-]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|([^\s;&,]+))/g)].flatMap(
    ([, name = '', single, double, bare]) => (isSecretKey(name) ? [single ?? double ?? bare ?? ''] : []),
  );
  return [...ofUrls, ...ofPairs];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Parts of a secret of DuckDB that are none: what it is for, where, and as whom. */
const OPEN_PARTS = new Set(
  `type name provider persistent scope region endpoint url_style use_ssl url_compatibility_mode chain profile account_name
account_id tenant_id client_id user host port database assume_role_arn refresh requester_pays verify_ssl kms_key_id`.split(/\s+/),
);

const secretsOfParts = (parts: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(parts).flatMap(([part, item]) => secretsOfValue(item, !OPEN_PARTS.has(part)));

/** All secrets in a value from YAML; `secret`: it stands under a name that says so. */
export function secretsOfValue(value: unknown, secret = false): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => secretsOfValue(item, secret));
  if (isMapping(value))
    return Object.entries(value).flatMap(([key, item]) =>
      key === 'secrets' && !secret && Array.isArray(item) && item.every(isMapping)
        ? item.flatMap(secretsOfParts)
        : secretsOfValue(item, secret || isSecretKey(key)),
    );
  if (typeof value === 'string') return [...(secret ? [value] : []), ...secretsWithin(value)];
  return secret && (typeof value === 'number' || typeof value === 'bigint') ? [String(value)] : [];
}

/**
 * The secrets of a target as the profile has it. A password that is also the name of the user, the database, the host is none
 * to hide: these are said everywhere.
 */
export function secretsOfTarget(values: Readonly<Record<string, unknown>>): readonly string[] {
  const open = new Set(Object.entries(values).flatMap(([key, value]) => (isSecretKey(key) ? [] : [String(value)])));
  return secretsOfValue(values).filter((secret) => !open.has(secret));
}

/**
 * A line of a user's file without the value behind a name of secrets. A template stays: what it reads is not in the line.
 * undefined: a line of profiles.yml without any name, where a password may go on.
 */
export function shownLine(line: string, file: string): string | undefined {
  if (!/\.ya?ml$/.test(file)) return line;
  let names = 0;
  for (const { 0: head, 1: name = '', index } of line.matchAll(/["']?([\w-]+)["']?\s*:(?:\s+|$|(?=["'{[]))/g)) {
    names++;
    if (!isSecretKey(name)) continue;
    const end = index + head.length;
    const isTemplate = /^["']?\{\{[^,]*\}\}["']?\s*(?:#.*)?$/.test(line.slice(end));
    return isTemplate || end === line.length ? line : `${line.slice(0, end)}*****`;
  }
  return names === 0 && /(?:^|[/\\])profiles\.yml$/.test(file) ? undefined : line;
}
