// COPY's parameters as the stand-in takes them; those it does not know how to follow are refused.
// https://docs.aws.amazon.com/redshift/latest/dg/r_COPY-parameters.html
import type { NodeOf } from '../../../src/lint/redshift/index.ts';
import { Untranslated } from '../translate/pieces.ts';

const NO_MATTER = new Set([
  'region',
  'compupdate',
  'statupdate',
  'comprows',
  'access_key_id',
  'secret_access_key',
  'session_token',
  'token',
  'credentials',
  'roundec',
  'explicit_ids',
  'acceptinvchars',
]);
const KNOWN = new Set([
  'iam_role',
  'manifest',
  'json',
  'csv',
  'quote',
  'delimiter',
  'gzip',
  'escape',
  'removequotes',
  'ignoreblanklines',
  'ignoreheader',
  'null',
  'maxerror',
  'ignoreallerrors',
  'truncatecolumns',
  'blanksasnull',
  'emptyasnull',
  'trimblanks',
  'fillrecord',
  'timeformat',
  'dateformat',
  'noload',
  'encoding',
]);

export interface CopyOptions {
  has(name: string): boolean;
  text(name: string): string | undefined;
  number(name: string): number | undefined;
}

export function copyOptions({ options }: NodeOf<'copy'>): CopyOptions {
  for (const { name, start, value } of options) {
    if (!KNOWN.has(name) && !NO_MATTER.has(name)) throw new Untranslated(`COPY with ${name.toUpperCase()}`, start);
    if (name === 'timeformat' && !['auto', 'epochsecs', 'epochmillisecs'].includes(String(value)))
      throw new Untranslated(`the time format ${value}`, start);
    if (name === 'dateformat' && !['auto', 'YYYY-MM-DD'].includes(String(value))) throw new Untranslated(`the date format ${value}`, start);
    if (name === 'encoding' && value !== 'utf8') throw new Untranslated(`the encoding ${value}`, start);
  }
  const find = (name: string) => options.find((one) => one.name === name);
  return {
    has: (name) => find(name) !== undefined,
    text: (name) => {
      const value = find(name)?.value;
      return value === undefined ? undefined : String(value);
    },
    number: (name) => {
      const value = find(name)?.value;
      return value === undefined ? undefined : Number(value);
    },
  };
}
