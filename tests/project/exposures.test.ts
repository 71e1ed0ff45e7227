import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { project } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { parsed, problemsOf, warningsOf } from './project-of.ts';

const test = suite('project: exposures');

const shop = (yaml: string) =>
  project({
    'dbt_project.yml': 'name: shop\nexposures: {shop: {marts: {+tags: [all], +meta: {from: project}}}}\n',
    'models/orders.sql': "select * from {{ source('raw', 'orders') }}",
    'models/sources.yml': 'sources: [{name: raw, tables: [{name: orders}, {name: visits}]}]\n',
    'models/marts/exposures.yml': yaml,
  });

test('an exposure has its own id, path, tags of all levels, and the nodes that it depends on', async () => {
  const fixture = await shop(`exposures:
  - name: weekly
    label: Every week
    type: dashboard
    maturity: high
    url: "https://example.org/{{ 1 + 1 }}"
    owner: {name: Ann, email: [ann@example.org, shop@example.org]}
    tags: [board]
    config: {tags: [board, money], meta: {own: 1}}
    depends_on: ["ref('orders')", "source('raw', 'visits')", "metric('sales')"]
  - {name: old, type: notebook, owner: {email: b@example.org}, config: {enabled: false}}
`);
  const { nodes, project: read } = await parsed(fixture);
  const weekly = nodes.get('exposure.shop.weekly');
  if (weekly?.resource_type !== 'exposure') throw new Error('no exposure');
  assert.equal(weekly.fqn, ['shop', 'marts', 'weekly']);
  assert.is(weekly.original_file_path, 'models/marts/exposures.yml');
  assert.equal(weekly.tags, ['all', 'board', 'money']);
  assert.equal(weekly.meta, { from: 'project', own: 1 });
  assert.equal(
    [weekly.exposure_type, weekly.maturity, weekly.label, weekly.url],
    ['dashboard', 'high', 'Every week', 'https://example.org/2'],
  );
  assert.equal(weekly.owner, { name: 'Ann', email: ['ann@example.org', 'shop@example.org'] });
  assert.equal(
    read.disabled.map(({ unique_id }) => unique_id as string),
    ['exposure.shop.old'],
  );
  assert.equal(read.warnings, []);
  await fixture.run('parse');
  const manifest = JSON.parse(await fixture.read('target/manifest.json'));
  assert.equal(manifest.exposures['exposure.shop.weekly'].depends_on.nodes, ['source.shop.raw.visits', 'model.shop.orders']);
  assert.equal(manifest.child_map['model.shop.orders'], ['exposure.shop.weekly']);
  assert.not.ok(Object.keys(manifest.nodes).some((id) => id.startsWith('exposure.')));
});

test('type and owner have to be there; a kind that is none, and a key that is none, are told', async () => {
  const problems = await problemsOf(await shop('exposures: [{name: a}, {name: b, type: dashbord, owner: {name: x}}]\n'));
  hasProblem(problems, { code: 'config-missing', message: "'a' has no type", at: 'models/marts/exposures.yml:1' });
  hasProblem(problems, { code: 'config-missing', message: "'a' has no owner" });
  hasProblem(problems, { code: 'config-value', message: "'type' is 'dashbord'", hint: 'dashboard' });
  const warnings = await warningsOf(await shop('exposures: [{name: a, type: ml, owner: {name: x}, descripton: y}]\n'));
  hasProblem(warnings, { code: 'unknown-key', message: 'descripton', hint: 'description' });
});

test('what an exposure depends on has to be there', async () => {
  const fixture = await shop('exposures: [{name: a, type: ml, owner: {name: x}, depends_on: ["ref(\'ordres\')"]}]\n');
  try {
    await fixture.run('parse');
    assert.unreachable();
  } catch (error) {
    hasProblem((error as { problems: never }).problems, { code: 'ref-not-found', hint: 'orders', at: 'models/marts/exposures.yml:1' });
  }
});

test.run();
