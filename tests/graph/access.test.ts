import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { link } from '../../src/graph/link.ts';
import { project as files } from '../support/fixture.ts';
import { hasProblem, rejects, throws } from '../support/rejects.ts';
import { dataTest, group, model, project } from './builders.ts';

const test = suite('graph: groups and access');

const groups = [group('finance'), group('sales')];
const secret = model('secret', { config: { group: 'finance', access: 'private' } });
const withAccess = (node: ReturnType<typeof model>) => ({ ...node, extra: { ...node.extra, access: node.config.access } });
const linkAll = (nodes: readonly ReturnType<typeof model>[], restricted: readonly string[] = []) =>
  link(project(nodes.map(withAccess), { groups, restricted }));

test('a private model is for its own group', () => {
  linkAll([secret, model('reads', { refs: ['secret'], config: { group: 'finance' } })]);
  throws(() => linkAll([secret, model('reads', { refs: ['secret'], config: { group: 'sales' } })]), {
    code: 'access-refused',
    at: 'models/reads.sql:2:3',
    message:
      "the model 'reads' refers to the private model 'secret' (models/secret.sql:1:1), which is in the group 'finance', and the model is in the group 'sales'",
    hint: "Put 'reads' into the group 'finance'",
  });
  throws(() => linkAll([secret, model('reads', { refs: ['secret'] })]), { code: 'access-refused', message: 'the model is in no group' });
});

test('a private model without a group is for nobody', () => {
  const alone = model('alone', { config: { access: 'private' } });
  throws(() => linkAll([alone, model('reads', { refs: ['alone'] })]), {
    code: 'access-refused',
    message: "'alone' (models/alone.sql:1:1), which is in no group",
  });
});

test('a protected model is for other packages, unless its own restricts access; a public one is for all', () => {
  const theirs = (access: string) => model('rates', { package: 'money', config: { access } });
  const reads = model('reads', { refs: ['money.rates'] });
  linkAll([theirs('protected'), reads]);
  linkAll([theirs('public'), reads], ['money']);
  throws(() => linkAll([theirs('protected'), reads], ['money']), {
    code: 'access-refused',
    message: "the protected model 'rates'",
    hint: 'access: public',
  });
  const ours = model('reads', { refs: ['money.secret'], config: { group: 'finance' } });
  const private_ = model('secret', { package: 'money', config: { group: 'finance', access: 'private' } });
  linkAll([private_, ours]);
  throws(() => linkAll([private_, ours], ['money']), { code: 'access-refused', message: "the package 'money', which restricts access" });
});

test('a test is in the group of the model that declares it', () => {
  const own = dataTest('unique_secret_id', { refs: ['secret'], on: 'secret' });
  const manifest = link(project([withAccess(secret), own], { groups }));
  const [linked] = [...manifest.nodes.values()].filter((node) => node.resource_type === 'test');
  assert.is(linked?.resource_type === 'test' && linked.group, 'finance');
  throws(
    () =>
      link(
        project([withAccess(secret), model('other'), dataTest('relationships', { refs: ['secret', 'other'], on: 'other' })], { groups }),
      ),
    {
      code: 'access-refused',
      message: "the test 'relationships' refers to the private model 'secret'",
    },
  );
});

test('a group that nobody defines is a mistake, and the nearest is named', () => {
  throws(() => linkAll([model('a', { config: { group: 'finanse' } })]), { code: 'group-not-found', hint: "Did you mean 'finance'?" });
  throws(() => linkAll([model('a', { config: { group: 'zebra' } })]), { code: 'group-not-found', hint: 'There are: finance, sales' });
});

test('an ephemeral model is not public', () => {
  const ephemeral = { ...model('a', { config: { access: 'public' } }), materialized: 'ephemeral' };
  throws(() => linkAll([ephemeral]), { code: 'access-refused', message: "'a' is ephemeral, and cannot be public" });
});

const YAML = `
groups:
  - name: finance
    owner: {name: Fin, email: [a@b.c, d@e.f], slack: fin}
    description: money
    config: {meta: {floor: 3}}
models:
  - name: a
    config: {group: finance, access: private}
  - {name: b, group: finance, access: public}
  - {name: c}
`;
const FILES = {
  'project.yml': 'name: shop\nmodels: {shop: {c: {+group: finance}}}\n',
  'models/a.sql': 'select 1 as id',
  'models/b.sql': "select * from {{ ref('a') }}",
  'models/c.sql': "select * from {{ ref('a') }}",
  'models/all.yml': YAML,
};

test('manifest.json has groups, who is in them, and what each model is to others', async () => {
  const shop = await files(FILES);
  await shop.run('parse');
  const manifest = JSON.parse(await shop.read('target/manifest.json'));
  assert.equal(manifest.groups, {
    'group.shop.finance': {
      name: 'finance',
      resource_type: 'group',
      package_name: 'shop',
      path: 'all.yml',
      original_file_path: 'models/all.yml',
      unique_id: 'group.shop.finance',
      owner: { name: 'Fin', email: ['a@b.c', 'd@e.f'], slack: 'fin' },
      description: 'money',
      config: { meta: { floor: 3 } },
    },
  });
  assert.equal(manifest.group_map, { finance: ['model.shop.a', 'model.shop.b', 'model.shop.c'] });
  const shown = ['a', 'b', 'c'].map((name) => [manifest.nodes[`model.shop.${name}`].group, manifest.nodes[`model.shop.${name}`].access]);
  assert.equal(shown, [
    ['finance', 'private'],
    ['finance', 'public'],
    ['finance', 'protected'],
  ]);
});

test('an edit of groups alone is seen: a warm parse is a cold one', async () => {
  const shop = await files(FILES);
  await shop.run('parse');
  await shop.write('project.yml', 'name: shop\n');
  await rejects(shop.run('parse'), { code: 'access-refused', at: 'models/c.sql:1:18', message: "'c'" });
  await shop.write('models/all.yml', YAML.replace('private', 'protected'));
  await shop.run('parse');
  await shop.write('models/all.yml', YAML.replace('groups:', 'no_groups:').replace('private', 'protected'));
  await rejects(shop.run('parse'), { code: 'group-not-found', message: "'a'" });
});

test('a group goes by its name, also across packages, unless the other package restricts access', async () => {
  const shop = await files({
    'project.yml': 'name: shop\n',
    'models/reads.sql': "select * from {{ ref('secret') }}",
    'models/all.yml': 'groups: [{name: finance, owner: {name: Ann}}]\nmodels: [{name: reads, config: {group: finance}}]\n',
    'dbt_packages/money/dbt_project.yml': 'name: money\n',
    'dbt_packages/money/models/secret.sql': 'select 1 as id',
    'dbt_packages/money/models/all.yml':
      'groups: [{name: finance, owner: {name: Bob}}]\nmodels: [{name: secret, config: {group: finance, access: private}}]\n',
  });
  await shop.run('parse');
  const manifest = JSON.parse(await shop.read('target/manifest.json'));
  assert.equal(Object.keys(manifest.groups).sort(), ['group.money.finance', 'group.shop.finance']);
  assert.equal([...manifest.group_map.finance].sort(), ['model.money.secret', 'model.shop.reads']);
  await shop.write('dbt_packages/money/dbt_project.yml', 'name: money\nrestrict-access: true\n');
  await rejects(shop.run('parse'), {
    code: 'access-refused',
    at: 'models/reads.sql:1',
    message: "the package 'money', which restricts access",
  });
});

test('an exposure is in no group, and a group has an owner', async () => {
  const dashboard = 'exposures: [{name: d, type: dashboard, owner: {name: x}, depends_on: ["ref(\'a\')"]}]\n';
  await rejects((await files({ ...FILES, 'models/d.yml': dashboard })).run('parse'), {
    code: 'access-refused',
    message: "the exposure 'd'",
  });
  await rejects((await files({ ...FILES, 'models/d.yml': 'groups:\n- name: x\n' })).run('parse'), {
    code: 'config-missing',
    at: 'models/d.yml:2',
    message: 'no owner',
  });
  await rejects((await files({ ...FILES, 'models/d.yml': 'groups: [{name: finance, owner: {name: x}}]' })).run('parse'), {
    code: 'duplicate-name',
    message: "two groups have the name 'finance'",
  });
});

const problemsIn = async (more: Readonly<Record<string, string>>) =>
  (await (await files({ ...FILES, ...more })).run('parse')).flatMap((event) => (event.type === 'problems' ? event.problems : []));

test('deprecation: a model whose day has come, and models that refer to one, before and after; of the parse cache too', async () => {
  const yaml = (date: string): string => YAML.replace('private}', `private}\n    deprecation_date: ${date}`);
  const past = await problemsIn({ 'models/all.yml': yaml('2024-01-14') });
  hasProblem(past, { code: 'deprecated-model', at: 'models/a.sql:1', message: 'past its deprecation_date, 2024-01-14' });
  hasProblem(past, { code: 'deprecated-reference', at: 'models/b.sql:1:18', message: "'b' refers to the model 'a'" });
  assert.is(past.length, 3);
  const shop = await files({ ...FILES, 'models/all.yml': yaml("'2024-01-15 13:00:00'") });
  const codes = async (startedAt: number): Promise<readonly string[]> =>
    (await shop.run('parse', { startedAt })).flatMap((event) => (event.type === 'problems' ? event.problems.map(({ code }) => code) : []));
  assert.equal(await codes(Date.UTC(2024, 0, 15, 12)), ['upcoming-deprecation', 'upcoming-deprecation']);
  assert.equal(await codes(Date.UTC(2024, 0, 15, 14)), ['deprecated-model', 'deprecated-reference', 'deprecated-reference']);
  await rejects((await files({ ...FILES, 'models/all.yml': yaml('soon') })).run('parse'), {
    code: 'config-value',
    at: 'models/all.yml:10',
    message: "'soon'",
  });
});

test.run();
