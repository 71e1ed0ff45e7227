// What a course project's dwh.cfg says: text to the settings of a dwh project, and for each key what becomes of it. Of values that
// are secret only whether they are there is looked at; values that are wrong are not repeated, for they may be somebody's password.
import type { Problem } from '../../core/problem.ts';
import { type CfgKeys, cfgKeys, type Told } from './cfg-keys.ts';

/** The keys of `cluster:` in project.yml. */
export interface ClusterSettings {
  readonly identifier: string;
  readonly region: string;
  readonly node_type: string;
  readonly nodes: number;
  readonly database: string;
  readonly user: string;
  readonly port: number;
  /** The name of an IAM role. */
  readonly role: string | undefined;
}

export interface CourseSettings {
  /** undefined: not known before there is a cluster. */
  readonly host: string | undefined;
  /** An ARN; undefined: the cluster's default role. */
  readonly iamRole: string | undefined;
  readonly cluster: ClusterSettings;
  readonly vars: Readonly<Record<'log_data' | 'log_jsonpath' | 'song_data', string>>;
}

export interface CourseCfg {
  readonly settings: CourseSettings;
  readonly told: readonly Told[];
  /** Errors and warnings; with an error among them `settings` is not to be used. */
  readonly problems: readonly Problem[];
  /** Values that nobody may see. */
  readonly secrets: readonly string[];
}

const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  CLUSTER: ['HOST', 'DB_NAME', 'DB_USER', 'DB_PASSWORD', 'DB_PORT'],
  CLUSTER_PRO: ['DWH_CLUSTER_TYPE', 'DWH_NUM_NODES', 'DWH_NODE_TYPE', 'DWH_CLUSTER_IDENTIFIER'],
  IAM_ROLE: ['DWH_IAM_ROLE_NAME', 'DWH_ARN', 'ARN'],
  S3: ['LOG_DATA', 'LOG_JSONPATH', 'SONG_DATA'],
  AWS: ['ACCESS_KEY', 'SECRET_KEY', 'ACCESS_REGION'],
};
/** Where dwh finds them instead. */
const SECRETS: Readonly<Record<string, string>> = {
  DB_PASSWORD: 'DWH_ENV_SECRET_REDSHIFT_PASSWORD of the environment',
  ACCESS_KEY: 'AWS_ACCESS_KEY_ID of the environment, or ~/.aws',
  SECRET_KEY: 'AWS_SECRET_ACCESS_KEY of the environment, or ~/.aws',
};
/** Generations that AWS makes no more, and what took their place. https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html */
const SUCCESSORS: readonly (readonly [older: RegExp, newer: string])[] = [
  [/^d[cs][12]\.x?large$/, 'ra3.large'],
  [/^d[cs][12]\.8xlarge$/, 'ra3.4xlarge'],
];
const REGION = 'us-west-2';
const REGION_OF_HOST = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.redshift(?:-serverless)?\./;
/** As templates of the course mark what is to be filled in. */
const isPlaceholder = (text: string): boolean => /(?:^|[.:/])x{3,}(?:[.:/]|$)|<|\.{3}|…/i.test(text);
/** Letters of names that dwh puts into YAML, where a template would be rendered. */
const NAME = /^[\w$.@+-]{1,127}$/;

/** `file`: what it is called where a place is told. */
export function readCourseCfg(text: string, file: string, projectName: string): CourseCfg {
  const cfg = cfgKeys(text, file, { sections: SECTIONS, secrets: Object.keys(SECRETS) });
  const host = hostOf(cfg);
  const region = regionOf(cfg, host);
  const iamRole = roleOf(cfg);
  const cluster: ClusterSettings = {
    identifier: identifierOf(cfg, host, projectName),
    region,
    ...nodesOf(cfg),
    database: nameOf(cfg, 'DB_NAME', 'dev', 'database of the target and of the cluster'),
    user: nameOf(cfg, 'DB_USER', 'admin', 'user of the target and of the cluster'),
    port: portOf(cfg),
    role: roleNameOf(cfg, iamRole),
  };
  const vars = {
    log_data: placeOf(cfg, 'LOG_DATA', 's3://udacity-dend/log-data'),
    log_jsonpath: placeOf(cfg, 'LOG_JSONPATH', 's3://udacity-dend/log_json_path.json'),
    song_data: placeOf(cfg, 'SONG_DATA', 's3://udacity-dend/song-data'),
  };
  for (const [key, where] of Object.entries(SECRETS))
    cfg.tell(key, `${cfg.text(key) === undefined ? cfg.lack(key) : 'is not copied'}; dwh reads ${where}`);
  const problems = [...cfg.problems].sort((one, other) => (one.at?.line ?? 0) - (other.at?.line ?? 0));
  return { settings: { host, iamRole, cluster, vars }, told: cfg.told(), problems, secrets: cfg.secrets };
}

/** `written`: undefined when the key does not say it. */
function tell(cfg: CfgKeys, key: string, written: string | undefined, what: string, value: string | number): void {
  const small = typeof value === 'string' && written !== undefined && written !== value && written.toLowerCase() === value;
  cfg.tell(key, `${written === undefined ? `${cfg.lack(key)}; ` : ''}${what}: ${value}${small ? ', in small letters' : ''}`);
}

function hostOf(cfg: CfgKeys): string | undefined {
  const written = cfg.text('HOST');
  if (written === undefined || isPlaceholder(written)) {
    cfg.tell('HOST', `${written === undefined ? cfg.lack('HOST') : 'is not filled in'}; dwh reads DWH_REDSHIFT_HOST of the environment`);
    return undefined;
  }
  // Consoles show endpoints with port and database, or as JDBC takes them.
  const [, name, rest = ''] =
    /^(?:jdbc:)?(?:redshift:\/\/)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)((?::\d+)?(?:\/[\w$-]*)?)$/.exec(written) ?? [];
  if (name === undefined) return cfg.refuse('HOST', 'HOST is not the name of a host', "Write the cluster's endpoint, or leave it empty.");
  const host = name.toLowerCase();
  cfg.tell('HOST', `host of the target: ${host}${rest === '' ? '' : `; '${rest}' behind it is left out`}`);
  return host;
}

function regionOf(cfg: CfgKeys, host: string | undefined): string {
  const key = 'ACCESS_REGION';
  const ofHost = host === undefined ? undefined : REGION_OF_HOST.exec(host)?.[1];
  const written = cfg.matching(key, /^[A-Za-z]{2}(?:-[A-Za-z]+)+-\d$/, 'a region of AWS', `Write it like this: ${REGION}`);
  const region = written?.toLowerCase();
  if (region !== undefined && ofHost !== undefined && region !== ofHost)
    cfg.warn(key, `${key} is ${region}, and HOST is in ${ofHost}: HOST counts`, 'Correct the one that is wrong.');
  tell(cfg, key, written, 'region of the target and of the cluster', ofHost ?? region ?? REGION);
  return ofHost ?? region ?? REGION;
}

function identifierOf(cfg: CfgKeys, host: string | undefined, projectName: string): string {
  const key = 'DWH_CLUSTER_IDENTIFIER';
  const written = cfg.matching(
    key,
    /^(?=.{1,63}$)[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*$/,
    'an identifier of a cluster',
    'It has at most 63 letters, digits and single hyphens, and begins with a letter.',
  );
  const ofHost = host !== undefined && REGION_OF_HOST.test(host) ? host.replace(/\..*$/, '') : undefined;
  const identifier = written?.toLowerCase() ?? ofHost ?? projectName.toLowerCase().replaceAll(/_+/g, '-').replaceAll(/^-|-$/g, '');
  tell(cfg, key, written, 'identifier of the cluster', identifier);
  return identifier;
}

function nodesOf(cfg: CfgKeys): Pick<ClusterSettings, 'node_type' | 'nodes'> {
  const written = cfg.matching('DWH_NODE_TYPE', /^[a-z]+\d*\.\w+$/i, 'a node type', 'Write it like this: ra3.large');
  const newer = SUCCESSORS.find(([older]) => older.test(written?.toLowerCase() ?? ''))?.[1];
  const node_type = newer ?? written?.toLowerCase() ?? 'ra3.large';
  tell(cfg, 'DWH_NODE_TYPE', written, 'node_type of the cluster', node_type);
  if (newer !== undefined) {
    const why = `AWS makes no more nodes of the type ${written?.toLowerCase()}: node_type is ${newer}, which has another price`;
    cfg.warn('DWH_NODE_TYPE', why, 'See what it costs before it is made: dwh cluster create --dry-run');
  }
  const type = cfg.matching('DWH_CLUSTER_TYPE', /^(?:single|multi)-node$/i, 'single-node or multi-node', 'Write one of the two.');
  const number = cfg.matching('DWH_NUM_NODES', /^0*[1-9]\d{0,2}$/, 'a number of nodes', 'Write a whole number from 1.');
  const single = type?.toLowerCase() === 'single-node';
  const nodes = single ? 1 : Number(number ?? (type === undefined ? 1 : 2));
  if (type === undefined) cfg.tell('DWH_CLUSTER_TYPE', `${cfg.lack('DWH_CLUSTER_TYPE')}; nodes of the cluster says it`);
  else tell(cfg, 'DWH_CLUSTER_TYPE', type, 'nodes of the cluster', nodes);
  if (single && number !== undefined && Number(number) !== 1) cfg.tell('DWH_NUM_NODES', 'is not used: a single-node cluster has one');
  else tell(cfg, 'DWH_NUM_NODES', number, 'nodes of the cluster', nodes);
  return { node_type, nodes };
}

/** Redshift keeps names in small letters unless they are quoted. */
function nameOf(cfg: CfgKeys, key: string, without: string, what: string): string {
  const written = cfg.matching(key, NAME, 'a name', 'Letters, digits and _ $ . @ + - can stand in it.');
  const name = (written ?? without).toLowerCase();
  tell(cfg, key, written, what, name);
  return name;
}

function portOf(cfg: CfgKeys): number {
  const form = /^0*(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/;
  const written = cfg.matching('DB_PORT', form, 'a port', 'Write a whole number from 1 to 65535; Redshift has 5439.');
  const port = Number(written ?? 5439);
  tell(cfg, 'DB_PORT', written, 'port of the target and of the cluster', port);
  return port;
}

/** An ARN, or several with commas, as COPY takes them. */
function roleOf(cfg: CfgKeys): string | undefined {
  const filled = ['DWH_ARN', 'ARN'].filter((key) => cfg.text(key) !== undefined);
  const key = filled[0] ?? (cfg.has('ARN') ? 'ARN' : 'DWH_ARN');
  for (const other of filled.slice(1)) cfg.tell(other, `is not used: ${key} counts`);
  const written = cfg.text(key);
  if (written === undefined || isPlaceholder(written)) {
    const why = written === undefined ? cfg.lack(key) : 'is not filled in';
    cfg.tell(key, `${why}; COPY takes on the cluster's default role, or the one of DWH_IAM_ROLE`);
    return undefined;
  }
  const arn = cfg.matching(
    key,
    /^(?:(?:^|,)arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]+)+$/,
    'the ARN of an IAM role',
    'Write it like this: arn:aws:iam::123456789012:role/dwhRole, or leave it empty.',
  );
  if (arn !== undefined) tell(cfg, key, arn, 'iam_role of the target', arn);
  return arn;
}

function roleNameOf(cfg: CfgKeys, arn: string | undefined): string | undefined {
  const key = 'DWH_IAM_ROLE_NAME';
  const written = cfg.matching(key, /^[\w+=,.@-]{1,64}$/, 'the name of an IAM role', 'Letters, digits and + = , . @ _ - can stand in it.');
  const name = written ?? arn?.replace(/,arn:.*$/, '').replace(/^.*\//, '');
  if (name === undefined) cfg.tell(key, `${cfg.lack(key)}; the cluster's role has the name that dwh gives it`);
  else tell(cfg, key, written, 'role of the cluster', name);
  return name;
}

function placeOf(cfg: CfgKeys, key: string, course: string): string {
  const form = /^(?!s3:\/\/(?:\/|$))[^\p{Cc}]+$/iu;
  const written = cfg.matching(key, form, 'a place', 'Write a place like s3://bucket/folder, or a path.');
  tell(cfg, key, written, `var ${key.toLowerCase()}${written === undefined ? ", the course's own" : ''}`, written ?? course);
  return written ?? course;
}
