// The COPY statement of a load. https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
import type { CopySpec } from '../../core/node.ts';
import type { Relation } from '../../core/relation.ts';
import type { Column, Statement } from '../../core/statement.ts';
import type { CopySource, WorkPlace } from '../copies.ts';
import { quote, relationName } from '../sql.ts';
import { copyParameters, type Given, truthOf } from './copy-parameters.ts';
import { literal } from './literal.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-load.html#copy-maxerror */
const MOST_ERRORS = 100_000;
const HIDDEN = '*****';

/** By the ending of a key; undefined: as it is. */
export function packing(key: string): string | undefined {
  const ending = /\.(gz|gzip|bz2|zst|lzo)$/i.exec(key)?.[1]?.toLowerCase();
  return ending === undefined ? undefined : { gz: 'gzip', gzip: 'gzip', bz2: 'bzip2', zst: 'zstd', lzo: 'lzop' }[ending];
}

/** Two texts: secrets stand in the one that is run only. */
type Part = readonly [sql: string, shown: string];
const plain = (sql: string): Part => [sql, sql];

function authorization({ options }: CopySpec, { iamRole }: WorkPlace): readonly Part[] {
  const text = (key: string): string | undefined =>
    options[key] === undefined || options[key] === null ? undefined : String(options[key]);
  const hidden = (name: string, value: string): Part => [`${name} ${literal(value)}`, `${name} '${HIDDEN}'`];
  const [keyId, secret, token, credentials] = ['access_key_id', 'secret_access_key', 'session_token', 'credentials'].map(text);
  if (credentials !== undefined) return [hidden('credentials', credentials)];
  if (keyId !== undefined)
    return [
      plain(`access_key_id ${literal(keyId)}`),
      hidden('secret_access_key', secret ?? ''),
      ...(token === undefined ? [] : [hidden('session_token', token)]),
    ];
  return [plain(asRole(text('iam_role') ?? iamRole))];
}

export const asRole = (role: string): string => (role === 'default' ? 'iam_role default' : `iam_role ${literal(role)}`);

function format({ format: name, jsonpaths, options }: CopySpec): string {
  if (name === 'parquet') return 'format as parquet';
  if (name === 'json') return `format as json ${literal(jsonpaths)}`;
  // dwh's CSV has a header unless it says otherwise.
  const skipped = options.ignoreheader === undefined && options.header !== false ? ' ignoreheader as 1' : '';
  // Unquoted and empty is NULL in dwh's CSV; COPY would make a text of it. It cannot tell one that is quoted from it.
  const empty = options.null_as === undefined && options.emptyasnull === undefined ? '\nemptyasnull' : '';
  return `format as csv${skipped}${empty}`;
}

function parameterSql({ parameter: { sql, takes }, value }: Given): string {
  const truth = truthOf(value);
  switch (takes) {
    case 'flag':
      return sql;
    case 'switch':
      return `${sql} ${truth === undefined ? value : truth ? 'on' : 'off'}`;
    case 'text?':
      return truth === true ? sql.replace(/ as$/, '') : `${sql} ${literal(String(value))}`;
    case 'text':
      return `${sql} ${literal(String(value))}`;
    default:
      return `${sql} ${value}`;
  }
}

/** Columnar files take few parameters; errors are counted in text only. */
function limits({ on_error, max_errors, truncate_columns, format: name, options }: CopySpec): readonly string[] {
  if (name === 'parquet') return [];
  const ignoresAll = truthOf(options.ignoreallerrors) === true;
  // COPY fails when it has reached the number; with dwh's max_errors: 10 the eleventh reject stops the load.
  const most = on_error === 'reject' && !ignoresAll ? Math.min(MOST_ERRORS, (max_errors ?? MOST_ERRORS) + 1) : undefined;
  return [...(truncate_columns ? ['truncatecolumns'] : []), ...(most === undefined ? [] : [`maxerror as ${most}`])];
}

export function copyInto(relation: Relation, columns: readonly Column[], spec: CopySpec, source: CopySource, work: WorkPlace): Statement {
  const region = spec.options.region ?? source.region;
  const parts: readonly Part[] = [
    plain(`copy ${relationName(relation)} (${columns.map(({ name }) => quote(name)).join(', ')})`),
    plain(`from ${literal(source.url)}`),
    ...authorization(spec, work),
    // Columnar files must be in the cluster's own region.
    ...(region === undefined || spec.format === 'parquet' ? [] : [plain(`region as ${literal(String(region))}`)]),
    ...(source.isManifest ? [plain('manifest')] : []),
    plain(format(spec)),
    ...(source.packed === undefined ? [] : [plain(source.packed)]),
    ...limits(spec).map(plain),
    ...copyParameters(spec).given.map((one) => plain(parameterSql(one))),
  ];
  return { sql: parts.map(([sql]) => sql).join('\n'), shown: parts.map(([, shown]) => shown).join('\n') };
}
