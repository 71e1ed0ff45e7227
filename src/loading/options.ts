// The keys under `load:` beyond those that every load has: csv's own, and Redshift's COPY parameters, of which some change
// nothing here and some would change the rows.
import { nearestName } from '../core/nearest.ts';
import type { CopySpec } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';

export interface CsvOptions {
  /** One byte. */
  readonly delimiter: string;
  /** One byte. */
  readonly quote: string;
  /** The first record names the columns; else they come in the table's order. */
  readonly header: boolean;
  /** Records passed over before the first, without reading them. */
  readonly skipRecords: number;
  /** An unquoted value that means NULL. */
  readonly nullAs: string;
}

export const defaultCsv: CsvOptions = { delimiter: ',', quote: '"', header: true, skipRecords: 0, nullAs: '' };

const csvKeys = ['delimiter', 'quote', 'header', 'null_as', 'ignoreheader'];

/** Of COPY: where and how it reads, which means nothing here; gzip is seen from the bytes. */
const withoutEffect =
  'region iam_role credentials access_key_id secret_access_key session_token master_symmetric_key compupdate statupdate comprows encrypted manifest readratio gzip parallel ignoreblanklines'.split(
    ' ',
  );

/** Of COPY: would make other rows than this engine makes. */
const elsewhere =
  'acceptanydate acceptinvchars blanksasnull dateformat emptyasnull encoding escape explicit_ids fillrecord fixedwidth ignoreallerrors maxerror noload null removequotes roundec timeformat trimblanks truncatecolumns'.split(
    ' ',
  );

const unreadable = ['bzip2', 'lzop', 'zstd'];

/** All that may stand under `load:` beside the keys of a CopySpec, in lower case. */
export const loadOptions: readonly string[] = [...csvKeys, ...withoutEffect, ...elsewhere, ...unreadable];

const secret = ['access_key_id', 'secret_access_key', 'session_token', 'credentials', 'master_symmetric_key'];

/** For artifacts. */
export const shownOptions = (options: CopySpec['options']): CopySpec['options'] =>
  Object.fromEntries(Object.entries(options).map(([key, value]) => [key, secret.includes(key.toLowerCase()) ? '*****' : value]));

/** What the loader itself understands; everything wrong or without effect is told in `problems`, the latter as warnings. */
export function csvOptions(spec: Pick<CopySpec, 'format' | 'options' | 'at'>): {
  readonly csv: CsvOptions;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const report = (message: string, hint: string, severity: 'error' | 'warning' = 'error'): void => {
    problems.push({ code: 'load-option', message, at: spec.at, hint, severity });
  };
  for (const key of Object.keys(spec.options)) {
    const name = key.toLowerCase();
    if (csvKeys.includes(name)) {
      if (spec.format !== 'csv')
        report(`'${key}' belongs to format: csv, and the format is ${spec.format}`, `Take '${key}' out, or set format: csv.`);
    } else if (elsewhere.includes(name)) {
      report(
        `'${key}' has no effect here: it is a parameter of Redshift's COPY`,
        equivalents[name] ?? 'On Redshift it is passed on to COPY.',
        'warning',
      );
    } else if (unreadable.includes(name)) {
      report(`files packed with ${name} cannot be read here`, 'Unpack them, or pack them with gzip.');
    } else if (!withoutEffect.includes(name)) {
      const near = nearestName(name, loadOptions);
      report(
        `'${key}' is not an option of a load, nor a parameter of Redshift's COPY`,
        near === undefined ? `Take it out.` : `Did you mean '${near}'?`,
      );
    }
  }
  const { csv, problems: ofFormat } = csvFormat(spec);
  return { csv, problems: [...problems, ...ofFormat] };
}

const equivalents: Readonly<Record<string, string>> = {
  truncatecolumns: 'Use truncate_columns: true, which works on every engine.',
  maxerror: 'Use max_errors, which works on every engine.',
  null: 'Use null_as, which works on every engine.',
  emptyasnull: "An unquoted empty value is NULL here already (null_as: '').",
};

/** How the values of a CSV file are told apart; of all options these only. */
export function csvFormat({ format, options, at }: Pick<CopySpec, 'format' | 'options' | 'at'>): {
  readonly csv: CsvOptions;
  readonly problems: readonly Problem[];
} {
  if (format !== 'csv') return { csv: defaultCsv, problems: [] };
  const problems: Problem[] = [];
  const report = (message: string, hint: string): void => {
    problems.push({ code: 'load-option', message, at, hint, severity: 'error' });
  };
  const oneByte = (key: 'delimiter' | 'quote', fallback: string): string => {
    const value = options[key];
    if (value === undefined || value === null) return fallback;
    const text = value === '\\t' ? '\t' : String(value);
    if (text.length === 1 && text > '\0' && text < '\x7f' && text !== '\n' && text !== '\r') return text;
    report(`'${key}' is ${JSON.stringify(value)}, and must be one ASCII character`, `Write for example ${key}: '${fallback}'.`);
    return fallback;
  };
  const delimiter = oneByte('delimiter', defaultCsv.delimiter);
  const quote = oneByte('quote', defaultCsv.quote);
  if (delimiter === quote) report(`'delimiter' and 'quote' are the same character`, 'Choose two different ones.');

  const skipped = options.ignoreheader;
  const skipRecords = skipped === undefined || skipped === null ? 0 : Number(skipped);
  if (!Number.isInteger(skipRecords) || skipRecords < 0)
    report(`'ignoreheader' is ${JSON.stringify(skipped)}, and must be a number of lines`, 'Write for example ignoreheader: 1.');

  const header = options.header ?? skipped === undefined;
  if (typeof header !== 'boolean')
    report(`'header' is ${JSON.stringify(header)}, and may be true or false`, 'With true, the first line names the columns.');
  if (header === true && skipped !== undefined)
    report(`'header' and 'ignoreheader' exclude each other`, 'header: true reads the names, ignoreheader passes lines over.');

  const nullAs = options.null_as ?? '';
  return { csv: { delimiter, quote, header: header === true, skipRecords, nullAs: String(nullAs) }, problems };
}
