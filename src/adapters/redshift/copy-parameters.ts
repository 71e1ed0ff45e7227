// The parameters of COPY that stand under `load:` beside dwh's own keys: which there are, what each takes, and which do not go
// together. https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html and the pages of its parameters.

import type { Location } from '../../core/location.ts';
import { nearestName } from '../../core/nearest.ts';
import type { CopySpec } from '../../core/node.ts';
import type { Problem } from '../../core/problem.ts';

export type Takes =
  /** A text in quotes. */
  | 'text'
  | 'word'
  /** A word; true and false are ON and OFF. */
  | 'switch'
  /** Nothing; `false` leaves it out. */
  | 'flag'
  | 'number'
  /** A text in quotes, or nothing. */
  | 'text?';

interface Parameter {
  /** As COPY spells it. */
  readonly sql: string;
  readonly takes: Takes;
  /** The formats that it can stand with; all when left out. */
  readonly formats?: readonly CopySpec['format'][];
  /** Parameters that it cannot stand with. */
  readonly not?: readonly string[];
}

const TEXT: readonly CopySpec['format'][] = ['csv'];
const ROWS: readonly CopySpec['format'][] = ['csv', 'json'];

/** By the key under `load:`. What every load has (from, format, truncate_columns, max_errors, manifest …) dwh writes itself. */
export const PARAMETERS: Readonly<Record<string, Parameter>> = {
  acceptanydate: { sql: 'acceptanydate', takes: 'flag', formats: ROWS },
  acceptinvchars: { sql: 'acceptinvchars as', takes: 'text?' },
  blanksasnull: { sql: 'blanksasnull', takes: 'flag', formats: ROWS },
  comprows: { sql: 'comprows', takes: 'number', formats: ROWS },
  compupdate: { sql: 'compupdate', takes: 'switch', formats: ROWS },
  dateformat: { sql: 'dateformat as', takes: 'text', formats: ROWS },
  delimiter: { sql: 'delimiter as', takes: 'text', formats: TEXT },
  emptyasnull: { sql: 'emptyasnull', takes: 'flag', formats: ROWS },
  encoding: { sql: 'encoding as', takes: 'word', formats: ROWS },
  explicit_ids: { sql: 'explicit_ids', takes: 'flag' },
  fillrecord: { sql: 'fillrecord', takes: 'flag', formats: ['csv', 'parquet'] },
  ignoreallerrors: { sql: 'ignoreallerrors', takes: 'flag', formats: ROWS, not: ['max_errors'] },
  ignoreblanklines: { sql: 'ignoreblanklines', takes: 'flag', formats: TEXT },
  ignoreheader: { sql: 'ignoreheader as', takes: 'number', formats: TEXT },
  null_as: { sql: 'null as', takes: 'text', formats: TEXT },
  quote: { sql: 'quote as', takes: 'text', formats: TEXT },
  roundec: { sql: 'roundec', takes: 'flag', formats: ROWS },
  serializetojson: { sql: 'serializetojson', takes: 'flag', formats: ['parquet'] },
  statupdate: { sql: 'statupdate', takes: 'switch' },
  timeformat: { sql: 'timeformat as', takes: 'text', formats: ROWS },
  trimblanks: { sql: 'trimblanks', takes: 'flag', formats: ROWS },
};

/** Who may read the objects: one way of these. https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-authorization.html */
export const AUTHORIZATION = ['iam_role', 'credentials', 'access_key_id', 'secret_access_key', 'session_token'] as const;

/** Keys with another meaning, or none, on their way to COPY. */
const OWN_WAY: Readonly<Record<string, string>> = {
  manifest: 'dwh writes the manifest itself: take the key out.',
  maxerror: "Use dwh's own key: max_errors.",
  truncatecolumns: "Use dwh's own key: truncate_columns: true.",
  json: "Use dwh's own keys: format: json and jsonpaths.",
  csv: "Use dwh's own key: format: csv.",
  gzip: 'Take it out: dwh tells it from the ending of each key (.gz, .bz2, .zst, .lzo).',
  bzip2: 'Take it out: dwh tells it from the ending of each key (.gz, .bz2, .zst, .lzo).',
  lzop: 'Take it out: dwh tells it from the ending of each key (.gz, .bz2, .zst, .lzo).',
  zstd: 'Take it out: dwh tells it from the ending of each key (.gz, .bz2, .zst, .lzo).',
  noload: 'A load that keeps nothing cannot be remembered: try it with dwh load --dry-run.',
  fixedwidth: 'Files of fixed width cannot be loaded on every engine: convert them to CSV.',
  escape: 'In CSV a quote within a value is doubled: COPY refuses ESCAPE with CSV.',
  removequotes: 'CSV takes quotes off by itself: COPY refuses REMOVEQUOTES with CSV.',
  encrypted: 'AWS has closed client-side encryption for COPY to new users: decrypt the objects, or use server-side encryption.',
  readratio: 'It belongs to loads from DynamoDB.',
};

const KNOWN = [...Object.keys(PARAMETERS), ...AUTHORIZATION, 'region', 'header'];

/** As YAML has it, or as a template writes it; undefined: neither. */
export function truthOf(value: unknown): boolean | undefined {
  const word = String(value).toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

export interface Given {
  readonly key: string;
  readonly parameter: Parameter;
  readonly value: unknown;
}

/** What stands under `load:`, checked; mistakes in `problems`. A flag that is false is left out. */
export function copyParameters(spec: CopySpec): { readonly given: readonly Given[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const report = (at: Location, message: string, hint: string): void => {
    problems.push({ code: 'load-option', at, message, hint });
  };
  const given: Given[] = [];
  for (const [key, value] of Object.entries(spec.options)) {
    if (key === 'region' || key === 'header' || (AUTHORIZATION as readonly string[]).includes(key)) continue;
    const parameter = Object.hasOwn(PARAMETERS, key) ? PARAMETERS[key] : undefined;
    const isOff = truthOf(value) === false;
    if (isOff && (parameter ? ['flag', 'text?'].includes(parameter.takes) : Object.hasOwn(OWN_WAY, key))) continue;
    if (!parameter) {
      const near = nearestName(key, KNOWN);
      report(
        spec.at,
        `'${key}' cannot stand under 'load' on Redshift`,
        OWN_WAY[key] ?? (near ? `Did you mean '${near}'?` : `There are: ${KNOWN.join(', ')}`),
      );
      continue;
    }
    if (parameter.formats && !parameter.formats.includes(spec.format))
      report(
        spec.at,
        `COPY does not take '${key}' with format ${spec.format}`,
        `Take it out, or set format: ${parameter.formats.join(' or ')}.`,
      );
    const wrong = wrongValue(parameter.takes, value);
    if (wrong !== undefined) report(spec.at, `'${key}' is ${JSON.stringify(value)}, and should be ${wrong}`, 'Correct it under load:.');
    given.push({ key, parameter, value });
  }
  if (given.some(({ key }) => key === 'ignoreallerrors') && spec.max_errors !== undefined)
    report(spec.at, "COPY does not take IGNOREALLERRORS with a limit, and 'max_errors' is one", 'Take one of them out.');
  problems.push(...authorizationProblems(spec));
  return { given, problems };
}

function wrongValue(takes: Takes, value: unknown): string | undefined {
  switch (takes) {
    case 'flag':
      return truthOf(value) !== undefined ? undefined : 'true or false';
    case 'number':
      return /^\d+$/.test(String(value)) ? undefined : 'a whole number';
    case 'word':
      return typeof value === 'string' && /^\w+$/.test(value) ? undefined : 'one word';
    case 'switch':
      return /^\w+$/.test(String(value)) ? undefined : 'true, false or one word';
    case 'text?':
      return truthOf(value) !== undefined || typeof value === 'string' ? undefined : 'a text, or true';
    default:
      return typeof value === 'string' || typeof value === 'number' ? undefined : 'a text';
  }
}

function authorizationProblems({ options, at }: CopySpec): readonly Problem[] {
  const has = (key: string): boolean => options[key] !== undefined && options[key] !== null;
  const ways = [has('iam_role') && 'iam_role', has('credentials') && 'credentials', has('access_key_id') && 'access_key_id'].filter(
    Boolean,
  );
  const problem = (message: string, hint: string): Problem => ({ code: 'load-option', at, message, hint });
  return [
    ...(ways.length > 1
      ? [problem(`COPY is given ${ways.join(' and ')}, and takes one of them`, 'Keep the role, and take the keys out.')]
      : []),
    ...(has('access_key_id') !== has('secret_access_key')
      ? [problem("'access_key_id' and 'secret_access_key' go together", 'Set both, or use iam_role.')]
      : []),
  ];
}
