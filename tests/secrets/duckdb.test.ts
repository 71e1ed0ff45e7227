// No secret in any output, artifact or error: on DuckDB, whatever way it takes.
import { existsSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Fixture, project } from '../support/fixture.ts';
import { AWKWARD, findsNone, KEY_OF_LINES, keepsSecrets, leaks, PLAIN, say } from './planted.ts';

const test = suite('secrets: DuckDB');

const SECRETS = [AWKWARD, PLAIN, KEY_OF_LINES];
/** The same values under names that templates may read. */
const ENV = {
  DBT_ENV_SECRET_AWKWARD: AWKWARD,
  DWH_ENV_SECRET_PLAIN: PLAIN,
  DWH_ENV_SECRET_KEY: KEY_OF_LINES,
  AWKWARD,
  PLAIN,
  KEY: KEY_OF_LINES,
};

const EVERYWHERE = [
  ['parse'],
  ['ls', '--output', 'json', '--output-keys', 'name', 'config', 'meta', 'description', 'raw_code'],
  ['compile'],
  ['compile', '-s', 'printed'],
  ['show', '-s', 'printed'],
  ['show', '--inline', 'select \'{{ env_var("PLAIN") }}\' as shown'],
  ['build', '--dry-run'],
  ['build', '--full-refresh'],
  ['run', '--no-partial-parse'],
  ['test', '--store-failures'],
  ['debug'],
];

const profile = (keys: string): string => `shop:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n${keys}`;

test('templates print them, log them, put them into configs, SQL, hooks and errors of the database', async () => {
  const quoted = (name: string): string => `{{ env_var('${name}') | replace("'", "''") }}`;
  const shop = await project({
    'project.yml': `name: shop\nprofile: shop\nvars: {plain: "{{ env_var('PLAIN') }}"}\non-run-start: "select '{{ env_var(\\"PLAIN\\") }}' as started"\n`,
    'profiles.yml': profile('      schema: main\n'),
    'models/printed.sql': `{{ config(meta={'kept': env_var('AWKWARD'), env_var('PLAIN'): 1}, tags=[env_var('PLAIN')]) }}
{% do log(env_var('AWKWARD'), info=true) %}{% do print(env_var('KEY')) %}
select '${quoted('AWKWARD')}' as awkward, '${quoted('KEY')}' as key, '{{ env_var("PLAIN") | urlencode }}' as url, to_base64('x${PLAIN}'::blob) as base,
  '{{ tojson({"a": env_var("AWKWARD")}) | replace("'", "''") }}' as json, '{{ env_var("PLAIN") }}' as plain`,
    'models/wrong_value.sql': `{{ config(materialized='table') }}select cast('${quoted('AWKWARD')}' as integer) as n, '{{ env_var("PLAIN") }}' as plain`,
    'models/wrong_word.sql': `select '{{ env_var("PLAIN") }}' as a frm here`,
    'models/wrong_name.sql': 'select "{{ env_var(\'PLAIN\') }}" from {{ ref("printed") }}',
    'models/raised.sql': "{% if execute %}{{ exceptions.raise_compiler_error('no: ' ~ env_var('AWKWARD')) }}{% endif %}select 1 as a",
    'models/warned.sql': "{% do exceptions.warn('beware of ' ~ env_var('PLAIN')) %}select 1 as a",
    'models/models.yml': `models:
  - name: printed
    description: "has {{ env_var('PLAIN') }}"
    columns:
      - name: plain
        data_tests:
          - accepted_values: {arguments: {values: ["{{ env_var('PLAIN') }}x"]}}
`,
    'tests/found.sql': "select plain from {{ ref('printed') }}",
  });
  const said = await keepsSecrets(shop, EVERYWHERE, SECRETS, ENV);
  // What is looked for was there to be found.
  assert.match(
    said.get('build --full-refresh') ?? '',
    /beware of \*{5}[\s\S]*select '\*{5}' as started[\s\S]*Could not convert string '\*{5}' to INT32/,
  );
  assert.match(said.get('show -s printed') ?? '', '*****');
  for (const file of ['compiled/shop/models/printed.sql', 'run/shop/models/printed.sql', 'manifest.json', 'run_results.json'])
    assert.match(readFileSync(shop.path(`target/${file}`), 'utf8'), '*****');
  assert.equal(await shop.query(`select plain from printed`), [[PLAIN]]);
});

test('a secret is for profiles: anywhere else it is an error that does not tell it', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': profile(`      config_options: {custom_user_agent: "{{ env_var('DWH_ENV_SECRET_PLAIN') }}"}\n`),
    'models/a.sql': "select '{{ env_var('DBT_ENV_SECRET_AWKWARD') }}' as a",
    'models/b.sql': "select '{{ target.config_options }}' as b",
  });
  const said = await keepsSecrets(shop, [['parse'], ['build'], ['debug']], SECRETS, ENV);
  assert.match(said.get('parse') ?? '', /models\/a\.sql:1:\d+ error\[secret-env-var\]/);
  await shop.write('models/a.sql', `select value as a from duckdb_settings() where name = 'custom_user_agent'`);
  await shop.write('models/b.sql', 'select 1 as b');
  await keepsSecrets(shop, [['build'], ['show', '-s', 'a']], SECRETS, ENV);
  assert.equal((await shop.query('select count(*) from a')).length, 1);
});

/** What a profile says: each is refused in some way, and the error shows where. */
const PROFILES: Readonly<Record<string, readonly [keys: string, code: string]>> = {
  'a token of MotherDuck in the path': [`      path: 'md:shop?motherduck_token=${PLAIN}'\n`, 'config-value'],
  'a path that is a URL': [`      database: 'postgres://ann:${PLAIN}@host/shop'\n`, 'config-value'],
  'a secret whose type is none': [`      secrets: [{type: 's 3', key_id: ${PLAIN}, secret: ${PLAIN}}]\n`, 'config-value'],
  'a secret that DuckDB does not take': [`      secrets: [{type: http, no_such_part: ${PLAIN}, bearer_token: ${PLAIN}}]\n`, 'config-'],
  'an attached database': [`      attach: [{path: 'no/such/folder/dbname=shop password=${PLAIN}', alias: other}]\n`, 'database-'],
  'a setting that DuckDB does not know': [`      settings: {no_such_token: ${PLAIN}}\n`, 'config'],
  'a value of another kind': [`      settings: {s3_secret_access_key: [${PLAIN}]}\n`, 'config-kind'],
  'a line that is not YAML': [`      password: ${PLAIN}: more\n`, 'yaml-syntax'],
  'a tab before it': [`\t      password: ${PLAIN}\n`, 'yaml-tab'],
  'braces without quotes': [`      password: {{ env_var('X', '${PLAIN}') }}\n`, 'yaml-jinja-quotes'],
  'a password that goes on': [`      password: >-\n        abc\n        ${PLAIN}\n     x\n`, 'yaml-syntax'],
  'a template that is wrong': [`      password: "{{ env_var('X', '${PLAIN}' }}"\n`, 'template-syntax'],
  'a key that is not known': [`      pasword: ${PLAIN}\n      secret_tokn: ${PLAIN}\n`, 'unknown-key'],
};

test('what is wrong in profiles.yml is shown without its passwords', async () => {
  for (const [name, [keys, code]] of Object.entries(PROFILES)) {
    const shop = await project({
      'project.yml': 'name: shop\nprofile: shop\n',
      'profiles.yml': profile(keys),
      'models/a.sql': 'select 1 as a',
    });
    const said = await keepsSecrets(shop, [['parse'], ['build'], ['debug']], [PLAIN]);
    assert.match([...said.values()].join('\n'), code, name);
  }
});

const source = (load: string): string => `sources:
  - name: raw
    schema: main
    tables:
      - name: events
        load:
          from: events
${load}
        columns: [{name: a, data_type: integer}]
`;
const KEYS = ['AKIAPLANTED7KEY12345', 'planted/Secret+Key/thatNobodyMaySee', 'planted-token-that-nobody-may-see'];
const [KEY_ID = '', KEY = '', TOKEN = ''] = KEYS;
const INLINE = `          access_key_id: ${KEY_ID}\n          secret_access_key: "{{ env_var('AWS_KEY_OF_SHOP') }}"\n          session_token: ${TOKEN}`;
const LOADING = [
  ['parse'],
  ['ls', '--output', 'json', '--resource-type', 'source', '--output-keys', 'name', 'dwh_load'],
  ['build', '--dry-run'],
  ['build'],
  ['load'],
  ['source', 'freshness'],
  ['compile'],
];

test('keys under load: are not in the parse cache, which then is not kept; without them it is', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/sources.yml': source(INLINE),
    'models/b.sql': "select a from {{ source('raw', 'events') }} -- {{ graph.sources.values() | list }}",
    'events/a.json': `{"a": 1}\n{"a": "${KEY}"}\n`,
  });
  const cache = shop.path('target/partial_parse.bin');
  const env = { AWS_KEY_OF_SHOP: KEY };
  await keepsSecrets(shop, LOADING, KEYS, env);
  assert.not(existsSync(cache));
  await shop.write('models/sources.yml', source('          on_error: reject'));
  const said = await say(shop, ['build'], {});
  assert.is(said.status, 0, said.text);
  assert.ok(existsSync(cache));
  await shop.write(
    'models/sources.yml',
    source(`          credentials: 'aws_access_key_id=${KEY_ID};aws_secret_access_key=${KEY};token=${TOKEN}'`),
  );
  await keepsSecrets(shop, LOADING, KEYS, env);
  assert.not(existsSync(cache));
});

test('mistakes under load: are shown without the values of secret keys, also misspelt ones', async () => {
  for (const load of [
    `          secret_acces_key: ${KEY}`,
    `          sesion_token: ${TOKEN}\n          acess_key_id: 1`,
    `          credentials: [${KEY}]`,
    `          secret_access_key: ${KEY}: x`,
    `          max_errors: -1\n          secret_access_key: ${KEY}`,
    `          secret_access_key: "{{ var('none', '${KEY}') }"`,
  ]) {
    const shop = await project({ 'project.yml': 'name: shop\n', 'models/sources.yml': source(load), 'events/a.json': '{"a": 1}\n' });
    await keepsSecrets(shop, [['parse'], ['build', '--warn-error'], ['build']], [KEY, TOKEN]);
  }
});

test('what is given on the command line and is a secret: in run_results.json, in commands to repeat, in reports of bugs', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': profile(`      config_options: {custom_user_agent: "{{ env_var('DWH_ENV_SECRET_PLAIN') }}"}\n`),
    'models/wrong.sql': "select '{{ var('said') }}' as a frm x",
  });
  const vars = ['--vars', JSON.stringify({ said: PLAIN })];
  const said = await keepsSecrets(
    shop,
    [
      ['build', ...vars],
      ['compile', ...vars],
    ],
    [PLAIN],
    ENV,
  );
  assert.match(said.get(['build', ...vars].join(' ')) ?? '', /dwh build .*--vars '\{"said":"\*{5}"\}'/);
  assert.match(readFileSync(shop.path('target/run_results.json'), 'utf8'), '"vars":{"said":"*****"}');
});

test('short values and words of artifacts are left alone: an output full of stars would tell nobody anything', async () => {
  const files: Readonly<Record<string, string>> = {
    'project.yml': 'name: shop\nprofile: shop\n',
    'models/a.sql': "select 'a' as a, '12345' as n, 12345 as i",
  };
  const built = async (secret: string): Promise<readonly [Fixture, string]> => {
    const shop = await project({
      ...files,
      'profiles.yml': profile(`      config_options: {custom_user_agent: "{{ env_var('DWH_ENV_SECRET_PLAIN') }}"}\n`),
    });
    return [
      shop,
      (await say(shop, ['build'], { DWH_ENV_SECRET_PLAIN: secret })).text +
        (await say(shop, ['show', '-s', 'a'], { DWH_ENV_SECRET_PLAIN: secret })).text,
    ];
  };
  for (const word of ['a', 'to', 'abc', 'model', 'view', 'duckdb']) {
    const [shop, text] = await built(word);
    assert.not.match(text, '*****', word);
    assert.ok(JSON.parse(await shop.read('target/manifest.json')).nodes['model.shop.a']);
  }
  // Digits may look like a part of JSON, which stays JSON.
  const [shop, text] = await built('12345');
  assert.match(text, /\*{5}/);
  findsNone(leaks(shop, { text }, ['12345']));
  assert.ok(JSON.parse(await shop.read('target/manifest.json')).nodes['model.shop.a']);
});

test.run();
