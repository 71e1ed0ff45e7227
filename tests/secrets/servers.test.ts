// No secret in any output, artifact or error: on Postgres, and on Redshift's stand-in.
import { createServer } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inEnvironment } from '../s3/support.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { projectOn } from '../support/fixture.ts';
import { postgresTarget } from '../support/postgres.ts';
import { AWKWARD, findsNone, keepsSecrets, leaks, PLAIN } from './planted.ts';

const test = suite('secrets: servers');

const COMMANDS = [['parse'], ['build', '--dry-run'], ['build'], ['show', '-s', 'printed'], ['debug']];
/** A password cannot have NUL; all else may be in it. */
const ENV = { PLANTED: AWKWARD, DWH_ENV_SECRET_PLAIN: PLAIN };
const quoted = "'{{ env_var('PLANTED') | replace(\"'\", \"''\") }}'";
const FILES: Readonly<Record<string, string>> = {
  'project.yml': 'name: shop\nprofile: shop\n',
  'models/printed.sql': `select cast(${quoted} as varchar(100)) as planted`,
  'models/wrong_value.sql': `{{ config(materialized='table') }}select cast(cast(${quoted} as varchar(100)) as integer) as n`,
  'models/wrong_word.sql': `select ${quoted} as a frm x`,
  'models/wrong_name.sql': `select * from "${PLAIN}"`,
  'models/models.yml':
    'models: [{name: printed, columns: [{name: planted, data_tests: [{accepted_values: {arguments: {values: [a]}}}]}]}]\n',
  'seeds/codes.csv': `code,name\n1,a\n${PLAIN},b\n`,
  'seeds/seeds.yml': 'seeds: [{name: codes, config: {column_types: {code: integer}}}]\n',
};

test('Postgres: a password in templates, in what the server says of values, words, names and rows of COPY', async () => {
  const target = {
    ...(await postgresTarget()),
    schema: 'analytics',
    password: "{{ env_var('PLANTED') }}",
  };
  const shop = await projectOn(target, FILES);
  const said = await keepsSecrets(shop, COMMANDS, [AWKWARD, PLAIN], ENV);
  assert.match(said.get('build') ?? '', 'invalid input syntax for type integer: "*****"');
  assert.match(said.get('build') ?? '', /relation "\*{5}" does not exist/);
  assert.match(said.get('build') ?? '', /codes[\s\S]*row 2, column 'code': .*\*{5}/);
  assert.match(said.get('show -s printed') ?? '', '*****');
});

test('Postgres: no server, no host, a URL for a host, a wrong password, a key with a passphrase, values of another kind', async () => {
  const { port } = await StandIn.start({ users: { ann: 'another' } });
  const server = {
    type: 'postgres',
    host: '127.0.0.1',
    port,
    user: 'ann',
    password: AWKWARD,
    dbname: 'dev',
    schema: 'analytics',
    retries: 0,
    sslmode: 'disable',
  };
  const cases: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, string]>> = {
    'no server': [{ ...server, port: 1 }, 'connection-refused'],
    'no host': [{ ...server, host: 'no-such-host.invalid' }, 'connection-host'],
    'a URL': [{ ...server, host: `postgres://ann:${encodeURIComponent(AWKWARD)}@db.invalid:5432/shop` }, 'connection-'],
    'a wrong password': [server, 'connection-login'],
    'a list': [{ ...server, password: [AWKWARD] }, 'config-kind'],
    'a misspelt key': [{ ...server, password: undefined, passwrd: AWKWARD, secret_pasword: PLAIN }, 'unknown-key'],
    'a passphrase': [{ ...server, sslmode: 'require', sslkey: 'own.key', sslcert: 'own.key', sslpassword: PLAIN }, 'unknown-key'],
    'another type': [{ ...server, type: 'postgrs' }, 'adapter-not-found'],
  };
  for (const [name, [target, code]] of Object.entries(cases)) {
    const shop = await projectOn(target, {
      ...FILES,
      'own.key': `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${PLAIN}\n-----END ENCRYPTED PRIVATE KEY-----\n`,
    });
    const said = await keepsSecrets(shop, [['debug'], ['build'], ['compile']], [AWKWARD, PLAIN], ENV);
    assert.match([...said.values()].join('\n'), code, name);
  }
});

test('a password that is also the name of the user, the database or the host hides nothing', async () => {
  const target = { ...(await postgresTarget()), schema: 'analytics', password: 'postgres' };
  const shop = await projectOn(target, { 'project.yml': 'name: shop\nprofile: shop\n', 'models/a.sql': 'select 1 as a' });
  const said = await keepsSecrets(shop, [['build'], ['debug']], []);
  assert.not.match([...said.values()].join('\n'), '*****');
  assert.is(JSON.parse(await shop.read('target/manifest.json')).metadata.adapter_type, 'postgres');
});

test('what drivers read by themselves: PGPASSWORD and the file of passwords', async () => {
  const { port } = await StandIn.start({ users: { ann: PLAIN } });
  const shop = await projectOn(
    {
      type: 'redshift',
      host: '127.0.0.1',
      port,
      user: 'ann',
      dbname: 'dev',
      schema: 'analytics',
      sslmode: 'disable',
      retries: 0,
      password: '',
    },
    {
      'project.yml': 'name: shop\nprofile: shop\n',
      'models/a.sql': 'select \'{{ env_var("PGPASSWORD", "none") }}\' as a frm x',
      passwords: `*:*:*:*:${PLAIN}\n`,
      'target/.keep': '',
    },
  );
  for (const env of [{ PGPASSWORD: PLAIN }, { PGPASSFILE: shop.path('passwords') }]) {
    for (const command of ['debug', 'build']) {
      const { stdout, stderr } = await shop.cli([command, '--log-level', 'debug'], env);
      findsNone(leaks(shop, { [command]: stdout + stderr }, [PLAIN]));
    }
  }
});

const LOAD = {
  from: 's3://shop/events/',
  access_key_id: 'AKIAPLANTED7KEY12345',
  secret_access_key: 'planted/Secret+Key/thatNobodyMaySee',
  session_token: 'planted-token-that-nobody-may-see',
};
const KEYS = [LOAD.access_key_id, LOAD.secret_access_key, LOAD.session_token];
const sources = (load: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    sources: [{ name: 'raw', schema: 'analytics', tables: [{ name: 'events', load, columns: [{ name: 'a', data_type: 'integer' }] }] }],
  });

test('Redshift: a password, and the keys of COPY', async () => {
  const standIn = await StandIn.start({ users: { admin: AWKWARD } });
  const target = { ...standIn.target('analytics'), threads: 2, password: "{{ env_var('PLANTED') }}" };
  const shop = await projectOn(target, FILES);
  const said = await keepsSecrets(shop, COMMANDS, [AWKWARD, PLAIN], ENV);
  assert.match(said.get('show -s printed') ?? '', '*****');
  await inEnvironment(
    { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1', AWS_REGION: 'us-west-2', AWS_MAX_ATTEMPTS: '1', AWS_EC2_METADATA_DISABLED: 'true' },
    async () => {
      for (const load of [
        LOAD,
        { from: LOAD.from, credentials: `aws_access_key_id=${KEYS[0]};aws_secret_access_key=${KEYS[1]};token=${KEYS[2]}` },
      ]) {
        const loading = await projectOn(target, { 'project.yml': 'name: shop\nprofile: shop\n', 'models/sources.yml': sources(load) });
        await keepsSecrets(
          loading,
          [['parse'], ['build', '--dry-run'], ['build'], ['ls', '--output', 'json', '--output-keys', 'name', 'dwh_load']],
          [AWKWARD, ...KEYS],
          ENV,
        );
      }
    },
  );
  const wrong = await projectOn({ ...target, password: PLAIN }, FILES);
  const refused = await keepsSecrets(wrong, [['debug'], ['build']], [AWKWARD, PLAIN], ENV);
  assert.match(refused.get('build') ?? '', 'connection-login');
  await standIn.close();
});

test('Redshift: passwords that AWS gives, of a cluster, a workgroup and a secret', async () => {
  const asked: string[] = [];
  const aws = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const what = String(request.headers['x-amz-target'] ?? new URLSearchParams(body).get('Action'));
    asked.push(what);
    const xml = /GetClusterCredentials/.test(what);
    response.writeHead(200, { 'content-type': xml ? 'text/xml' : 'application/x-amz-json-1.1' });
    const end = Date.now() + 3_600_000;
    response.end(
      xml
        ? `<R xmlns="http://redshift.amazonaws.com/doc/2012-12-01/"><GetClusterCredentialsResult><DbUser>admin</DbUser><DbPassword>${PLAIN}</DbPassword><Expiration>${new Date(end).toISOString()}</Expiration></GetClusterCredentialsResult></R>`
        : JSON.stringify(
            /GetCredentials/.test(what)
              ? { dbUser: 'admin', dbPassword: PLAIN, expiration: end / 1000 }
              : { SecretString: JSON.stringify({ username: 'admin', password: PLAIN }) },
          ),
    );
  });
  await new Promise<void>((done) => aws.listen(0, '127.0.0.1', done));
  const address = aws.address();
  const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const standIn = await StandIn.start({ users: { admin: PLAIN } });
  const { password: _, ...server } = standIn.target('analytics');
  const settings = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: KEYS[0] ?? '',
    AWS_SECRET_ACCESS_KEY: KEYS[1] ?? '',
    AWS_MAX_ATTEMPTS: '1',
  };
  const files = {
    ...FILES,
    'models/printed.sql': `select '{{ env_var("AWS_SECRET_ACCESS_KEY") }}' as planted`,
    'models/literal.sql': `select '${PLAIN}' as a frm x`,
  };
  try {
    await inEnvironment(settings, async () => {
      for (const method of [
        { method: 'iam', cluster_id: 'shop', region: 'eu-west-1' },
        { method: 'iam', serverless_work_group: 'shop', region: 'eu-west-1' },
        { method: 'secret', secret_arn: 'arn:aws:secretsmanager:eu-west-1:1:secret:shop', region: 'eu-west-1' },
      ]) {
        const shop = await projectOn({ ...server, ...method }, files);
        const said = await keepsSecrets(shop, [['build'], ['debug']], [PLAIN, ...KEYS.slice(0, 2)], {
          ...settings,
          ...ENV,
          DWH_ENV_SECRET_PLAIN: '',
        });
        assert.match(said.get('debug') ?? '', 'connection: OK', JSON.stringify(method));
      }
    });
    assert.equal([...new Set(asked)].length, 3);
  } finally {
    aws.close();
    await standIn.close();
  }
});

test.run();
