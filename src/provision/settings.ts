// The section `cluster:` of a project file: what warehouse there should be. Read by a ConfigReader, every mistake at its line.
// https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html
import type { ConfigReader } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';

export interface ClusterSettings {
  readonly type: 'provisioned' | 'serverless';
  /** The project's name: with the identifier it tells what is whose. */
  readonly project: string;
  /** Of the cluster; of namespace and workgroup where it is serverless. */
  readonly identifier: string;
  readonly region: string;
  readonly nodeType: string;
  readonly nodes: number;
  /** Serverless, in RPU. */
  readonly baseCapacity: number;
  readonly database: string;
  readonly user: string;
  readonly port: number;
  /** The name of the IAM role. */
  readonly role: string;
  /** The environment variable with the admin's password; undefined: AWS makes, keeps and rotates it. */
  readonly passwordEnv: string | undefined;
  /** Who may connect; undefined: the caller's own address. */
  readonly allowCidr: string | undefined;
  readonly subnetGroup: string | undefined;
  readonly vpc: string | undefined;
  /** 'bucket' or 's3://bucket/prefix/', besides those of the project's sources and its work_uri. */
  readonly buckets: readonly string[];
  /** 'bucket' that is made for work_uri. */
  readonly workBucket: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** How long a lease may last, ms. */
  readonly ttlMs: number;
}

/** What the command line says instead. */
export interface Overrides {
  readonly allowCidr?: string;
  readonly passwordEnv?: string;
  readonly nodeType?: string;
  readonly nodes?: number;
  readonly baseCapacity?: number;
  readonly ttl?: string;
}

/** What AWS still makes, with the fewest nodes it makes of each. */
const LEAST_NODES: Readonly<Record<string, number>> = {
  'ra3.large': 1,
  'ra3.xlplus': 1,
  'ra3.4xlarge': 2,
  'ra3.16xlarge': 2,
  'rg.large': 1,
  'rg.xlarge': 1,
  'rg.4xlarge': 2,
  'rg.12xlarge': 2,
};
const MOST_NODES = 128;
const DEFAULT_TTL = '4h';
/** https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html */
const isCapacity = (rpu: number): boolean => rpu === 4 || (rpu % 8 === 0 && rpu >= 8 && rpu <= 1024);
/** https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-considerations.html */
const isPort = (port: number): boolean => (port >= 5431 && port <= 5455) || (port >= 8191 && port <= 8215);

/** Undefined for what is no time: '90m', '4h', '1d'. */
export function milliseconds(text: string): number | undefined {
  const [, count = '', unit = ''] = /^([1-9]\d*)(m|h|d)$/.exec(text) ?? [];
  return count === '' ? undefined : Number(count) * { m: 60_000, h: 3_600_000, d: 86_400_000 }[unit as 'm' | 'h' | 'd'];
}

/** A list of addresses that may connect, as IPv4/bits. */
export function isCidr(text: string): boolean {
  const [, address = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const parts = address.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255) && bits !== '' && Number(bits) <= 32;
}

/** `section`: rendered. Problems go to its own list; what is wrong there has a value all the same. */
export function readCluster(section: ConfigReader, project: string, given: Overrides, env: Readonly<Record<string, string | undefined>>) {
  const wrong = (key: string, message: string, hint?: string): void => section.problem('config-value', message, hint, [key]);
  const type = section.oneOf('type', ['provisioned', 'serverless']) ?? 'provisioned';
  const identifier = section.string('identifier') ?? project.toLowerCase().replaceAll('_', '-').replaceAll(/-{2,}/g, '-').replace(/-$/, '');
  if (!/^[a-z](?:-?[a-z0-9])*$/.test(identifier) || identifier.length > 63 || (type === 'serverless' && identifier.length < 3))
    wrong('identifier', `'identifier' is '${identifier}', and should be small letters, digits and single hyphens, at most 63`);
  const region = section.string('region') ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (region === undefined || region === '')
    section.problem(
      'config-missing',
      "'region' is missing under cluster:",
      'Write region: us-west-2, where the data is, or set AWS_REGION.',
      [],
    );
  const nodeType = (given.nodeType ?? section.string('node_type') ?? 'ra3.large').toLowerCase();
  const written = section.string('node_type');
  const nodes = given.nodes ?? section.whole('nodes', 1) ?? 1;
  section.raw('nodes');
  checkNodes(section, written, nodeType, nodes);
  const baseCapacity = given.baseCapacity ?? section.whole('base_capacity', 4) ?? 8;
  section.raw('base_capacity');
  if (!isCapacity(baseCapacity)) wrong('base_capacity', `'base_capacity' is ${baseCapacity}, and should be 4, or 8 to 1024 in steps of 8`);
  const user = section.string('user') ?? 'admin';
  if (!/^[a-z][a-z0-9_+.@-]{0,127}$/.test(user)) wrong('user', `'user' is '${user}', and should be small letters, digits and underscores`);
  const database = section.string('database') ?? 'dev';
  if (!/^[a-z0-9_$]{1,64}$/.test(database))
    wrong('database', `'database' is '${database}', and should be small letters, digits and underscores`);
  const port = section.whole('port', 1) ?? 5439;
  if (!isPort(port)) wrong('port', `'port' is ${port}, and Redshift takes 5431 to 5455 and 8191 to 8215`, 'Leave it out for 5439.');
  const allowCidr = given.allowCidr ?? section.string('allow_cidr');
  section.raw('allow_cidr');
  if (allowCidr !== undefined && !isCidr(allowCidr))
    wrong('allow_cidr', `'${allowCidr}' is no range of addresses`, 'Write it like 203.0.113.7/32; 0.0.0.0/0 lets everyone try.');
  const ttl = given.ttl ?? section.string('ttl') ?? DEFAULT_TTL;
  section.raw('ttl');
  const ttlMs = milliseconds(ttl);
  if (ttlMs === undefined) wrong('ttl', `'ttl' is '${ttl}', and should be a time`, 'Write it like 90m, 4h or 1d.');
  const vpc = section.string('vpc');
  const subnetGroup = section.string('subnet_group');
  if (type === 'provisioned' && vpc !== undefined && subnetGroup === undefined)
    wrong('vpc', "'vpc' needs a 'subnet_group', which says in which of its subnets the cluster stands");
  const role = section.string('role') ?? `dwh-${identifier}`.slice(0, 64);
  if (!/^[\w+=,.@-]{1,64}$/.test(role))
    wrong(
      'role',
      `'role' is '${role}', and should be the name of a role, not its ARN`,
      role.startsWith('arn:') ? `Write role: ${role.split('/').at(-1)}` : undefined,
    );
  const workBucket = section
    .string('work_bucket')
    ?.replace(/^s3:\/\//, '')
    .replace(/\/$/, '');
  if (workBucket !== undefined && !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(workBucket))
    wrong('work_bucket', `'work_bucket' is '${workBucket}', and should be the name of a bucket`);
  const settings: ClusterSettings = {
    ...{ type, project, identifier, region: region ?? '', nodeType, nodes, baseCapacity, database, user, port, role },
    ...{ allowCidr, subnetGroup, vpc, workBucket, ttlMs: ttlMs ?? 0 },
    passwordEnv: given.passwordEnv ?? section.string('password_env'),
    buckets: section.strings('buckets'),
    tags: tagsOf(section),
  };
  section.reportUnread(['password_env'], 'cluster:');
  return settings;
}

function checkNodes(section: ConfigReader, written: string | undefined, nodeType: string, nodes: number): void {
  const least = LEAST_NODES[nodeType];
  if (/^(?:dc|ds)\d/.test(nodeType)) {
    // https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html
    section.problem(
      'cluster-node-type',
      `'${nodeType}' cannot be had any more: AWS makes no clusters of dc2 and ds2 nodes`,
      'Use ra3.large, the smallest that there is: node_type: ra3.large',
      written === undefined ? [] : ['node_type'],
    );
  } else if (least === undefined) {
    const near = nearestName(nodeType, Object.keys(LEAST_NODES));
    const hint = near ? `Did you mean '${near}'?` : `There are: ${Object.keys(LEAST_NODES).join(', ')}`;
    section.problem(
      'cluster-node-type',
      `'${nodeType}' is not a type of node that dwh knows`,
      hint,
      written === undefined ? [] : ['node_type'],
    );
  } else if (nodes < least || nodes > MOST_NODES) {
    section.problem('config-value', `'nodes' is ${nodes}, and a cluster of ${nodeType} has ${least} to ${MOST_NODES}`, undefined, [
      'nodes',
    ]);
  }
}

function tagsOf(section: ConfigReader): Readonly<Record<string, string>> {
  const tags = section.mapping('tags');
  return Object.fromEntries(
    tags.keys().flatMap((key) => {
      if (/^(?:aws|dwh):/i.test(key))
        tags.problem('config-value', `the tag '${key}' is not yours: aws: and dwh: are taken`, undefined, [key]);
      const value = tags.string(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
