import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CourseCfg, readCourseCfg } from '../../../src/cli/init/course-cfg.ts';
import { hasProblem } from '../../support/rejects.ts';
import { shared, withoutShared } from '../../support/shared.ts';
import { skipUnless } from '../../support/skip.ts';
import { type Filling, filled } from './cfg-texts.ts';

const test = suite('cli: dwh.cfg');

const read = (text: string, name = 'sparkify'): CourseCfg => readCourseCfg(text, 'dwh.cfg', name);
const cfg = (filling: Filling = {}, style = {}): CourseCfg => read(filled(filling, style));
const errors = ({ problems }: CourseCfg): readonly string[] =>
  problems.filter(({ severity }) => severity === 'error').map(({ at, code, message }) => `${at?.line} ${code} ${message}`);
const warnings = ({ problems }: CourseCfg): readonly string[] =>
  problems.filter(({ severity }) => severity === 'warning').map(({ at, message, hint }) => `${at?.line} ${message} | ${hint}`);
/** '2 HOST host of the target: …' */
const told = ({ told: all }: CourseCfg): readonly string[] => all.map(({ line, key, what }) => `${line ?? '-'} ${key} ${what}`);
const toldOf = (one: CourseCfg, key: string): string => one.told.find((line) => line.key === key)?.what ?? '';

const SETTINGS = {
  host: 'readers.c0ffee.eu-west-1.redshift.amazonaws.com',
  iamRole: 'arn:aws:iam::123456789012:role/readers/S3Reader',
  cluster: {
    identifier: 'readers',
    region: 'eu-west-1',
    node_type: 'ra3.xlplus',
    nodes: 2,
    database: 'library',
    user: 'ann',
    port: 5440,
    role: 'S3Reader',
  },
  vars: { log_data: 's3://library/log', log_jsonpath: 's3://library/paths.json', song_data: 's3://library/songs' },
};

const styles = {
  'without quotes': {},
  'in single quotes': { quote: "'" },
  'in double quotes': { quote: '"' },
  'with blanks around =': { equals: ' = ' },
  'with colons': { equals: ': ' },
  'with CRLF': { end: '\r\n' },
  'with a byte-order mark': { before: '\uFEFF' },
  'with comments behind values': { behind: '   # as told' },
  'in quotes, with comments, blanks, CRLF and a mark': { quote: "'", equals: '\t=  ', end: '\r\n', before: '\uFEFF', behind: ' ; as told' },
  'with commented lines and blank lines between': { between: '#DB_NAME=other\n\n; HOST=other' },
  'with keys and sections in small letters': { small: true },
};
for (const [name, style] of Object.entries(styles)) {
  test(`a file that is filled in, ${name}`, () => {
    const one = cfg({}, style);
    assert.equal(one.problems, []);
    assert.equal(one.settings, SETTINGS);
  });
}

test('what becomes of each key is told, with its line', () => {
  assert.equal(told(cfg()), [
    '2 HOST host of the target: readers.c0ffee.eu-west-1.redshift.amazonaws.com',
    '3 DB_NAME database of the target and of the cluster: library',
    '4 DB_USER user of the target and of the cluster: ann',
    '5 DB_PASSWORD is not copied; dwh reads DWH_ENV_SECRET_REDSHIFT_PASSWORD of the environment',
    '6 DB_PORT port of the target and of the cluster: 5440',
    '8 DWH_CLUSTER_TYPE nodes of the cluster: 2',
    '9 DWH_NUM_NODES nodes of the cluster: 2',
    '10 DWH_NODE_TYPE node_type of the cluster: ra3.xlplus',
    '11 DWH_CLUSTER_IDENTIFIER identifier of the cluster: readers',
    '13 DWH_IAM_ROLE_NAME role of the cluster: S3Reader',
    '14 DWH_ARN iam_role of the target: arn:aws:iam::123456789012:role/readers/S3Reader',
    '16 LOG_DATA var log_data: s3://library/log',
    '17 LOG_JSONPATH var log_jsonpath: s3://library/paths.json',
    '18 SONG_DATA var song_data: s3://library/songs',
    '20 ACCESS_KEY is not copied; dwh reads AWS_ACCESS_KEY_ID of the environment, or ~/.aws',
    '21 SECRET_KEY is not copied; dwh reads AWS_SECRET_ACCESS_KEY of the environment, or ~/.aws',
    '22 ACCESS_REGION region of the target and of the cluster: eu-west-1',
  ]);
});

const COURSE = {
  log_data: 's3://udacity-dend/log-data',
  log_jsonpath: 's3://udacity-dend/log_json_path.json',
  song_data: 's3://udacity-dend/song-data',
};

test('without its sections a file still makes a project, and what is used instead is told', () => {
  const one = read('[CLUSTER]\n', 'play_list');
  assert.equal(one.problems, []);
  assert.equal(one.settings, {
    host: undefined,
    iamRole: undefined,
    cluster: {
      identifier: 'play-list',
      region: 'us-west-2',
      node_type: 'ra3.large',
      nodes: 1,
      database: 'dev',
      user: 'admin',
      port: 5439,
      role: undefined,
    },
    vars: COURSE,
  });
  assert.ok(told(one).every((line) => /^- \w+ is missing; /.test(line)));
  assert.is(toldOf(one, 'SONG_DATA'), "is missing; var song_data, the course's own: s3://udacity-dend/song-data");
});

for (const section of ['CLUSTER', 'CLUSTER_PRO', 'IAM_ROLE', 'S3', 'AWS']) {
  test(`a file without [${section}]`, () => {
    const one = cfg({}, { without: section });
    assert.equal(one.problems, []);
    assert.is(
      one.told.filter(({ line }) => line === undefined).length,
      { CLUSTER: 5, CLUSTER_PRO: 4, IAM_ROLE: 2, S3: 3, AWS: 3 }[section],
    );
  });
}

test('the identifier and the region are those of the host, where nothing else says them', () => {
  const { settings } = cfg({ DWH_CLUSTER_IDENTIFIER: '', ACCESS_REGION: '', HOST: 'Play.c0ffee.ap-southeast-2.redshift.amazonaws.com' });
  assert.is(settings.cluster.identifier, 'play');
  assert.is(settings.cluster.region, 'ap-southeast-2');
});

test('identifiers, names and the host are in small letters, and it is told', () => {
  const one = cfg({ DWH_CLUSTER_IDENTIFIER: 'ReadersClub', DB_NAME: 'Library', DB_USER: 'Ann', HOST: 'LocalHost' });
  const { cluster, host } = one.settings;
  assert.equal([cluster.identifier, cluster.database, cluster.user, host], ['readersclub', 'library', 'ann', 'localhost']);
  assert.is(toldOf(one, 'DWH_CLUSTER_IDENTIFIER'), 'identifier of the cluster: readersclub, in small letters');
  assert.is(toldOf(one, 'DB_USER'), 'user of the target and of the cluster: ann, in small letters');
});

for (const [written, used] of [
  ['dc2.large', 'ra3.large'],
  ['DC2.Large', 'ra3.large'],
  ['dc1.large', 'ra3.large'],
  ['ds2.xlarge', 'ra3.large'],
  ['dc2.8xlarge', 'ra3.4xlarge'],
] as const) {
  test(`${written} becomes ${used}, said aloud`, () => {
    const one = cfg({ DWH_NODE_TYPE: written });
    assert.is(one.settings.cluster.node_type, used);
    assert.equal(errors(one), []);
    hasProblem(one.problems, {
      code: 'cfg-value',
      at: 'dwh.cfg:10:15',
      message: `AWS makes no more nodes of the type ${written.toLowerCase()}: node_type is ${used}, which has another price`,
      hint: 'dwh cluster create --dry-run',
    });
  });
}

const nodes: readonly (readonly [type: string, number: string, nodes: number, told: string])[] = [
  ['single-node', '1', 1, 'nodes of the cluster: 1'],
  ['single-node', '', 1, 'is empty; nodes of the cluster: 1'],
  ['single-node', '4', 1, 'is not used: a single-node cluster has one'],
  ['Multi-Node', '4', 4, 'nodes of the cluster: 4'],
  ['multi-node', '', 2, 'is empty; nodes of the cluster: 2'],
  ['', '3', 3, 'nodes of the cluster: 3'],
  ['', '', 1, 'is empty; nodes of the cluster: 1'],
];
for (const [type, number, count, what] of nodes) {
  test(`${type || 'no type'} and ${number || 'no'} nodes are ${count}`, () => {
    const one = cfg({ DWH_CLUSTER_TYPE: type, DWH_NUM_NODES: number });
    assert.equal(one.problems, []);
    assert.is(one.settings.cluster.nodes, count);
    assert.is(toldOf(one, 'DWH_NUM_NODES'), what);
  });
}

test('ARN is taken like DWH_ARN, which counts where both are filled in', () => {
  const other = 'arn:aws-cn:iam::210987654321:role/Other';
  const both = cfg({ ARN: other });
  assert.is(both.settings.iamRole, SETTINGS.iamRole);
  assert.is(toldOf(both, 'ARN'), 'is not used: DWH_ARN counts');
  const alone = cfg({ ARN: other, DWH_ARN: '', DWH_IAM_ROLE_NAME: '' });
  assert.is(alone.settings.iamRole, other);
  assert.is(alone.settings.cluster.role, 'Other');
  const chain = `${SETTINGS.iamRole},${other}`;
  assert.is(cfg({ DWH_ARN: chain }).settings.iamRole, chain);
});

test('what is not filled in is as if it were empty', () => {
  for (const DWH_ARN of [
    'arn:aws:iam::XXXXXXXXXXXX:role/dwhRole',
    'arn:aws:iam::<account>:role/dwhRole',
    'arn:aws:iam::...:role/dwhRole',
  ]) {
    const one = cfg({ DWH_ARN });
    assert.equal(one.problems, []);
    assert.is(one.settings.iamRole, undefined);
    assert.match(toldOf(one, 'DWH_ARN'), /^is not filled in; /);
  }
  for (const HOST of ['readers.xxxxxxxx.us-west-2.redshift.amazonaws.com', '<endpoint>']) {
    const one = cfg({ HOST });
    assert.equal(one.problems, []);
    assert.is(one.settings.host, undefined);
  }
});

test('an endpoint is taken as consoles show it', () => {
  const host = 'readers.c0ffee.eu-west-1.redshift.amazonaws.com';
  for (const [written, rest] of [
    [`${host}:5439/dev`, ':5439/dev'],
    [`jdbc:redshift://${host}:5439/dev`, ':5439/dev'],
    [`redshift://${host}`, ''],
  ] as const) {
    const one = cfg({ HOST: written });
    assert.is(one.settings.host, host);
    assert.is(toldOf(one, 'HOST'), `host of the target: ${host}${rest === '' ? '' : `; '${rest}' behind it is left out`}`);
  }
});

test('a region that is not that of the host is a warning', () => {
  const one = cfg({ ACCESS_REGION: 'us-east-1' });
  assert.is(one.settings.cluster.region, 'eu-west-1');
  assert.equal(warnings(one), ['22 ACCESS_REGION is us-east-1, and HOST is in eu-west-1: HOST counts | Correct the one that is wrong.']);
});

const wrong: readonly (readonly [key: string, value: string, message: string])[] = [
  ['HOST', 'ann:hunter2@host', '2 cfg-value HOST is not the name of a host'],
  ['HOST', 'two words', '2 cfg-value HOST is not the name of a host'],
  ['DB_NAME', 'two words', '3 cfg-value DB_NAME is not a name'],
  ['DB_NAME', "{{ env_var('X') }}", '3 cfg-value DB_NAME is not a name'],
  ['DB_PORT', '0', '6 cfg-value DB_PORT is not a port'],
  ['DB_PORT', '65536', '6 cfg-value DB_PORT is not a port'],
  ['DB_PORT', '5439.0', '6 cfg-value DB_PORT is not a port'],
  ['DWH_CLUSTER_TYPE', 'many', '8 cfg-value DWH_CLUSTER_TYPE is not single-node or multi-node'],
  ['DWH_NUM_NODES', '0', '9 cfg-value DWH_NUM_NODES is not a number of nodes'],
  ['DWH_NUM_NODES', 'four', '9 cfg-value DWH_NUM_NODES is not a number of nodes'],
  ['DWH_NODE_TYPE', 'large', '10 cfg-value DWH_NODE_TYPE is not a node type'],
  ['DWH_CLUSTER_IDENTIFIER', 'readers_club', '11 cfg-value DWH_CLUSTER_IDENTIFIER is not an identifier of a cluster'],
  ['DWH_CLUSTER_IDENTIFIER', 'a--b', '11 cfg-value DWH_CLUSTER_IDENTIFIER is not an identifier of a cluster'],
  ['DWH_CLUSTER_IDENTIFIER', `a${'b'.repeat(63)}`, '11 cfg-value DWH_CLUSTER_IDENTIFIER is not an identifier of a cluster'],
  ['DWH_IAM_ROLE_NAME', 'my role', '13 cfg-value DWH_IAM_ROLE_NAME is not the name of an IAM role'],
  ['DWH_ARN', 'dwhRole', '14 cfg-value DWH_ARN is not the ARN of an IAM role'],
  ['DWH_ARN', 'arn:aws:iam::123456789012:user/ann', '14 cfg-value DWH_ARN is not the ARN of an IAM role'],
  ['LOG_DATA', 's3://', '16 cfg-value LOG_DATA is not a place'],
  ['ACCESS_REGION', 'Oregon', '22 cfg-value ACCESS_REGION is not a region of AWS'],
  ['HOST', "'readers", '2 cfg-value the quote before the value of HOST does not end'],
];
for (const [key, value, message] of wrong) {
  test(`${key}=${value} is a mistake, which is not repeated`, () => {
    const one = cfg({ [key]: value });
    assert.equal(errors(one), [message]);
    assert.ok(one.problems.every(({ hint }) => hint !== undefined));
  });
}

test('a quote in a password is its own', () => {
  assert.equal(cfg({ DB_PASSWORD: "'tis secret" }).problems, []);
});

test('all mistakes are told at once, in the order of the file', () => {
  const one = cfg({ HOST: 'a b', DB_PORT: 'x', ACCESS_REGION: 'x' });
  assert.equal(
    errors(one).map((line) => line.split(' ')[0]),
    ['2', '6', '22'],
  );
});

test('of a key that stands there twice the last one counts, and it is told', () => {
  const one = read('[CLUSTER]\nDB_PORT=1\n[S3]\n[cluster]\ndb_port=2\n');
  assert.is(one.settings.cluster.port, 2);
  assert.equal(warnings(one), ['2 DB_PORT stands here and in line 5, which counts | Take one of them out.']);
});

test('sections and keys that dwh does not know are told, with what they may have been meant for', () => {
  assert.equal(warnings(read('[CLUSTR]\nHOST=a\n[CLUSTER]\nDB_NAM=b\nLOG_DATA=c\nWEATHER=fine\n[GARDEN]\nroses=red\n')), [
    '1 [CLUSTR] is not a section of dwh.cfg that dwh knows: nothing in it is used | Did you mean [CLUSTER]?',
    '4 DB_NAM is not a key of [CLUSTER] that dwh knows: it is not used | Did you mean DB_NAME?',
    '5 LOG_DATA is not a key of [CLUSTER] that dwh knows: it is not used | It belongs under [S3].',
    '6 WEATHER is not a key of [CLUSTER] that dwh knows: it is not used | There are: HOST, DB_NAME, DB_USER, DB_PASSWORD, DB_PORT',
    '7 [GARDEN] is not a section of dwh.cfg that dwh knows: nothing in it is used | There are: CLUSTER, CLUSTER_PRO, IAM_ROLE, S3, AWS',
  ]);
});

test('what is no ini file is told once, and what is wrong in one with each line', () => {
  for (const text of ['', '{"HOST": "a"}', 'HOST: a\nPORT: b\n', '<html>\n<body>\n', '# only a comment\n'])
    assert.equal(errors(read(text)), ['1 cfg-invalid dwh.cfg is not a dwh.cfg: there is no [SECTION] in it']);
  assert.equal(errors(read('HOST=a\n[CLUSTER]\nDB_NAME\n')), [
    '1 cfg-invalid this line stands before the first [SECTION]',
    '3 cfg-invalid this line is neither a [SECTION] nor KEY=value nor a comment',
  ]);
});

const SECRET = 'planted/Secret:9f+that=nobody#may see';
const line = fc.oneof(
  fc.constantFrom('[CLUSTER]', '[AWS]', '[OTHER]', '', '# comment', 'DB_NAME=library'),
  fc
    .tuple(
      fc.constantFrom('DB_PASSWORD', 'SECRET_KEY', 'ACCESS_KEY', 'WEATHER', 'HOST', 'DB_USER', 'DB_PORT', 'DWH_ARN', 'my key'),
      fc.constantFrom("='", '="', '=', ': ', ' ', ' = '),
    )
    .map(([key, equals]) => `${key}${equals}${SECRET}`),
  fc.constant(SECRET),
);

test('property: whatever stands where, no secret is told or used', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const { secrets, ...rest } = read(lines.join('\n'));
      assert.not.match(JSON.stringify(rest), 'planted');
      if (lines.some((one) => /^DB_PASSWORD\s*[=:]/.test(one)) && /^\[/.test(lines[0] ?? '')) assert.match(secrets.join(' '), SECRET);
    }),
    { numRuns: 500 },
  );
});

const withShared = skipUnless(shared('dwh.cfg'), withoutShared, test);
withShared('the file of the course, as it is', () => {
  const one = read(readFileSync(shared('dwh.cfg') ?? '', 'utf8'));
  assert.equal(errors(one), []);
  assert.equal(
    warnings(one).map((text) => text.replace(/:.*$/, '')),
    ['13 AWS makes no more nodes of the type dc2.large'],
  );
  assert.equal(one.settings, {
    host: undefined,
    iamRole: undefined,
    cluster: {
      identifier: 'dwhclusterproject',
      region: 'us-west-2',
      node_type: 'ra3.large',
      nodes: 4,
      database: 'dev',
      user: 'admin',
      port: 5439,
      role: 'dwhRole',
    },
    vars: COURSE,
  });
  assert.is(one.told.length, 17);
});

test.run();
