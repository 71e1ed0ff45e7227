// A profile's redshift target to what opening needs. The keys are dbt-redshift's, and ours for loads and secrets.
// https://docs.getdbt.com/docs/core/connect-data-platform/redshift-setup
import { isAbsolute, join } from 'node:path';
import type { ConfigReader } from '../../core/config-reader.ts';
import { throwIfAny } from '../../core/problem.ts';
import { LINT_MODES } from '../../lint/linter.ts';
import type { Credentials } from '../adapter.ts';
import type { WorkPlace } from '../copies.ts';
import { type PostgresSettings, SSL_MODES } from '../postgres/credentials.ts';

export const METHODS = ['database', 'iam', 'secret'] as const;

/** A type, not an interface, so that it is a record. */
export type RedshiftSettings = PostgresSettings & {
  readonly method: (typeof METHODS)[number];
  readonly region: string | undefined;
  /** A profile of ~/.aws. */
  readonly iamProfile: string | undefined;
  /** In place of what the environment has. */
  readonly accessKey: { readonly id: string; readonly secret: string } | undefined;
  readonly clusterId: string | undefined;
  readonly workgroup: string | undefined;
  readonly secretArn: string | undefined;
  readonly autocreate: boolean;
  readonly dbGroups: readonly string[];
  readonly queryGroup: string | undefined;
  /** Where manifests and rows on their way to COPY are kept. */
  readonly work: WorkPlace;
};

/** What `redshiftCredentials` put there. */
export const redshiftSettings = (credentials: Credentials): RedshiftSettings => credentials.settings as RedshiftSettings;

/** Keys of dbt-redshift that have no effect here, or are read elsewhere. */
const READ_ELSEWHERE = [
  'type',
  'ra3_node',
  'autocommit',
  'datasharing',
  'retry_all',
  'tcp_keepalive',
  'tcp_keepalive_count',
  'tcp_keepalive_interval',
  'serverless_acct_id',
  'drop_without_cascade',
  'allow_concurrent_drops',
];

const SERVERLESS_HOST = /^([^.]+)\.\d+\.[a-z0-9-]+\.redshift-serverless\./;
const CLUSTER_HOST = /^([^.]+)\.[^.]+\.[a-z0-9-]+\.redshift\./;
const REGION_OF_HOST = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.redshift(?:-serverless)?\./;

export function redshiftCredentials(profile: ConfigReader, projectDir: string): Credentials {
  const host = profile.requiredString('host');
  const method = profile.oneOf('method', METHODS) ?? 'database';
  const port = profile.whole('port', 1) ?? 5439;
  const user = profile.string('user') ?? '';
  const password = profile.string('password') ?? profile.string('pass');
  const database = profile.string('dbname') ?? profile.string('database');
  if (database === undefined) profile.problem('config-missing', "'dbname' is missing", undefined, []);
  const schema = profile.requiredString('schema');
  const workgroup = profile.string('serverless_work_group') ?? SERVERLESS_HOST.exec(host)?.[1];
  const isServerless = profile.boolean('is_serverless') ?? workgroup !== undefined;
  const sslrootcert = profile.string('sslrootcert');
  const workUri = profile.string('work_uri');
  const iamRole = profile.string('iam_role');
  if (workUri !== undefined && !/^s3:\/\/[^/]+(?:\/|$)/.test(workUri)) {
    profile.problem('config-value', `'work_uri' is '${workUri}', and should be a folder on S3`, 'Write it like this: s3://bucket/prefix/', [
      'work_uri',
    ]);
  }
  const settings: RedshiftSettings = {
    host,
    port,
    user,
    password,
    database: database ?? '',
    schema,
    role: profile.string('role'),
    searchPath: profile.string('search_path'),
    sslmode: profile.oneOf('sslmode', SSL_MODES) ?? 'verify-full',
    sslrootcert: sslrootcert === undefined || isAbsolute(sslrootcert) ? sslrootcert : join(projectDir, sslrootcert),
    sslcert: undefined,
    sslkey: undefined,
    connectTimeoutMs: (profile.whole('connect_timeout', 0) ?? 30) * 1000,
    keepaliveMs: (profile.whole('tcp_keepalive_idle', 0) ?? profile.whole('keepalives_idle', 0) ?? 200) * 1000,
    applicationName: profile.string('application_name') ?? 'dwh',
    retries: profile.whole('retries', 0) ?? 1,
    state_schema: profile.string('state_schema'),
    method,
    region: profile.string('region') ?? REGION_OF_HOST.exec(host)?.[1],
    iamProfile: profile.string('iam_profile'),
    accessKey: accessKeyOf(profile),
    clusterId: profile.string('cluster_id') ?? CLUSTER_HOST.exec(host)?.[1],
    workgroup: isServerless ? workgroup : undefined,
    secretArn: profile.string('secret_arn'),
    autocreate: profile.boolean('autocreate') ?? false,
    dbGroups: profile.strings('db_groups'),
    queryGroup: profile.string('query_group'),
    work: {
      uri: workUri === undefined || workUri.endsWith('/') ? workUri : `${workUri}/`,
      iamRole: iamRole ?? 'default',
      at: profile.at(workUri === undefined ? undefined : 'work_uri') ?? { file: 'profiles.yml', line: 1, column: 1 },
    },
  };
  checkMethod(settings, profile);
  // To YAML `off` is the boolean.
  const lint = profile.string('lint') === 'false' ? 'off' : (profile.oneOf('lint', LINT_MODES) ?? 'warn');
  const threads = profile.whole('threads', 1) ?? 4;
  profile.reportUnread(READ_ELSEWHERE, 'a redshift target');
  throwIfAny(profile.source.problems);
  return {
    type: 'redshift',
    database: settings.database,
    schema,
    threads,
    shown: {
      host,
      port,
      user,
      dbname: settings.database,
      method,
      sslmode: settings.sslmode,
      ...(settings.region !== undefined && { region: settings.region }),
      ...(settings.clusterId !== undefined && { cluster_id: settings.clusterId }),
      ...(settings.work.uri !== undefined && { work_uri: settings.work.uri }),
      ...(iamRole !== undefined && { iam_role: iamRole }),
    },
    work: settings.work,
    lint,
    settings,
  };
}

/** Both or none. */
function accessKeyOf(profile: ConfigReader): RedshiftSettings['accessKey'] {
  const [id, secret] = [profile.string('access_key_id'), profile.string('secret_access_key')];
  if (id !== undefined && secret !== undefined) return { id, secret };
  if (id !== undefined || secret !== undefined) {
    const missing = id === undefined ? 'access_key_id' : 'secret_access_key';
    profile.problem('config-missing', `'${missing}' is missing: the two halves of a key belong together`, undefined, [
      id === undefined ? 'secret_access_key' : 'access_key_id',
    ]);
  }
  return undefined;
}

function checkMethod({ method, user, password, clusterId, workgroup, secretArn, region }: RedshiftSettings, profile: ConfigReader): void {
  const missing = (key: string, why: string): void =>
    profile.problem('config-missing', `'${key}' is missing: ${why}`, undefined, ['method']);
  if (method === 'database') {
    if (user === '') missing('user', "method 'database' logs in with a user and a password");
    if (password === undefined) missing('password', "method 'database' logs in with a user and a password");
    return;
  }
  if (region === undefined) missing('region', `it cannot be told from 'host', and method '${method}' asks AWS there`);
  if (method === 'secret') {
    if (secretArn === undefined) missing('secret_arn', "method 'secret' reads user and password from it");
    return;
  }
  if (workgroup === undefined && clusterId === undefined) missing('cluster_id', "method 'iam' asks the cluster for credentials");
  if (workgroup === undefined && user === '') missing('user', "method 'iam' gets credentials for a database user");
}
