// COPY and UNLOAD: parameters against one another. https://docs.aws.amazon.com/redshift/latest/dg/r_COPY-parameters.html
// https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
// https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
import type { Emit } from '../finding.ts';
import type { Copy, Option, Unload } from '../tree/changes.ts';

type Options = ReadonlyMap<string, Option>;

const keys = ['iam_role', 'credentials', 'access_key_id'];
/** At most one of each line. */
const copyExclusive = [
  keys,
  ['csv', 'fixedwidth', 'json', 'avro', 'parquet', 'orc', 'shapefile'],
  ['gzip', 'bzip2', 'lzop', 'zstd'],
  ['delimiter', 'fixedwidth', 'json', 'avro', 'parquet', 'orc', 'shapefile'],
  ['maxerror', 'ignoreallerrors'],
  ['session_token', 'token'],
];
/** The first goes with none of the others. */
const copyConflicts: Readonly<Record<string, readonly string[]>> = {
  csv: ['removequotes', 'escape'],
  json: ['escape', 'fillrecord', 'fixedwidth', 'ignoreblanklines', 'null', 'readratio', 'removequotes'],
  avro: ['escape', 'fillrecord', 'fixedwidth', 'ignoreblanklines', 'null', 'readratio', 'removequotes', 'emptyasnull', 'encrypted'],
  fixedwidth: ['escape', 'removequotes'],
  removequotes: ['escape'],
};
const columnar = ['parquet', 'orc'];
/** All that COPY of columnar files takes. */
const columnarTakes: ReadonlySet<string> = new Set([
  ...keys,
  'secret_access_key',
  'session_token',
  'token',
  ...columnar,
  'acceptinvchars',
  'fillrecord',
  'statupdate',
  'manifest',
  'explicit_ids',
  'serializetojson',
  'region',
  'job create',
  'auto',
  'compupdate',
]);

export function checkCopy(copy: Copy, emit: Emit): void {
  const options = byName(copy.options, emit);
  checkAuthorization(copy, options, emit);
  exclusive(copyExclusive, options, emit);
  conflicts(copyConflicts, options, emit);
  checkValues(options, emit);
  const format = columnar.find((one) => options.has(one));
  if (format)
    for (const option of copy.options)
      if (!columnarTakes.has(option.name)) emit('copy-columnar', option, { one: upper(option.name), other: upper(format) });
  const quote = options.get('quote');
  if (quote && !options.has('csv')) emit('copy-conflict', quote, { one: 'QUOTE', other: 'a format other than CSV' });
  checkJob(options, emit);
}

function checkJob(options: Options, emit: Emit): void {
  if (!options.has('job create')) return;
  for (const name of ['manifest', 'maxerror', 'ignoreallerrors', 'access_key_id', 'credentials', 'ssh', 'noload']) {
    const option = options.get(name);
    if (option) emit('copy-job', option, { one: upper(name) });
  }
  const role = options.get('iam_role');
  if (role?.value === 'default') emit('copy-job', role, { one: 'IAM_ROLE DEFAULT' });
}

/** Reports options given twice. */
function byName(options: readonly Option[], emit: Emit): Options {
  const found = new Map<string, Option>();
  for (const option of options) {
    if (found.has(option.name)) emit('copy-twice', option, { one: upper(option.name) });
    found.set(option.name, option);
  }
  return found;
}

const upper = (name: string): string => name.toUpperCase();

function checkAuthorization(statement: Copy | Unload, options: Options, emit: Emit): void {
  if (!keys.some((one) => options.has(one)))
    emit('copy-authorization', { start: statement.start, end: statement.start + statement.kind.length });
  const key = options.get('access_key_id');
  if (key && !options.has('secret_access_key')) emit('copy-authorization', key);
}

function exclusive(groups: readonly (readonly string[])[], options: Options, emit: Emit): void {
  const seen = new Set<Option>();
  for (const group of groups) {
    const [one, other] = group.flatMap((name) => options.get(name) ?? []).sort((a, b) => a.start - b.start);
    if (!one || !other || seen.has(other)) continue;
    seen.add(other);
    emit('copy-conflict', other, { one: upper(one.name), other: upper(other.name) });
  }
}

function conflicts(table: Readonly<Record<string, readonly string[]>>, options: Options, emit: Emit): void {
  for (const [name, others] of Object.entries(table)) {
    if (!options.has(name)) continue;
    for (const other of others) {
      const option = options.get(other);
      if (option) emit('copy-conflict', option, { one: upper(other), other: upper(name) });
    }
  }
}

function checkValues(options: Options, emit: Emit): void {
  const number = (name: string, least: number, most: number): void => {
    const option = options.get(name);
    if (typeof option?.value === 'number' && (option.value < least || option.value > most))
      emit('copy-value', option, { one: upper(name), takes: `${least} to ${most}` });
  };
  number('maxerror', 0, 100_000);
  number('readratio', 1, 200);
  for (const name of ['delimiter', 'quote', 'acceptinvchars']) {
    const option = options.get(name);
    if (typeof option?.value === 'string' && [...option.value].length !== 1)
      emit('copy-value', option, { one: upper(name), takes: 'one character' });
  }
}

const unloadExclusive = [
  keys,
  ['csv', 'parquet', 'json', 'fixedwidth'],
  ['gzip', 'bzip2', 'zstd'],
  ['allowoverwrite', 'cleanpath'],
  ['kms_key_id', 'master_symmetric_key'],
];
const unloadConflicts: Readonly<Record<string, readonly string[]>> = {
  csv: ['fixedwidth', 'escape', 'addquotes'],
  parquet: ['delimiter', 'fixedwidth', 'addquotes', 'escape', 'null', 'header', 'gzip', 'bzip2', 'zstd'],
  json: ['delimiter', 'header', 'fixedwidth', 'addquotes', 'escape', 'null'],
  fixedwidth: ['delimiter', 'header', 'addquotes', 'escape'],
};

export function checkUnload(unload: Unload, emit: Emit): void {
  const options = byName(unload.options, emit);
  checkAuthorization(unload, options, emit);
  exclusive(unloadExclusive, options, emit);
  conflicts(unloadConflicts, options, emit);
  const group = options.get('rowgroupsize');
  if (group && !options.has('parquet')) emit('copy-conflict', group, { one: 'ROWGROUPSIZE', other: 'a format other than PARQUET' });
  const delimiter = options.get('delimiter');
  if (typeof delimiter?.value === 'string' && [...delimiter.value].length !== 1)
    emit('copy-value', delimiter, { one: 'DELIMITER', takes: 'one character' });
  checkFileSize(options.get('maxfilesize'), emit);
  if (unload.inner.query.limit) emit('unload-limit', unload.text);
}

const megabytes = { least: 5, most: 6.2 * 1024 } as const;

function checkFileSize(option: Option | undefined, emit: Emit): void {
  if (typeof option?.value !== 'number') return;
  const size = option.unit === 'gb' ? option.value * 1024 : option.value;
  if (size < megabytes.least || size > megabytes.most) emit('copy-value', option, { one: 'MAXFILESIZE', takes: '5 MB to 6.2 GB' });
}
