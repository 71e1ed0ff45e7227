import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { output, project } from '../support/fixture.ts';
import { warningsOf } from './project-of.ts';

const test = suite('project: semantic layer');

const shop = () =>
  project({
    'project.yml':
      'name: shop\nmetrics: {shop: {+enabled: true}}\nsemantic-models: {+enabled: true}\nsaved-queries: {shop: {+enabled: true}}\n',
    'models/orders.sql': 'select 1 as id, current_date as at',
    'models/a.yml': `models:
  - name: orders
    semantic_model: {enabled: true}
    agg_time_dimension: at
    primary_entity: one_order
    derived_semantics: {dimensions: []}
    metrics: [{name: orders_count, type: simple, agg: count, expr: id}]
    columns: [{name: id, entity: {type: primary, name: order}}, {name: at, granularity: day, dimension: {type: time}}]
`,
    'models/b.yml': `semantic_models: [{name: of_orders, model: ref('orders')}]
metrics: [{name: total, type: simple, label: Total, type_params: {measure: total}}, {name: other, type: derived}]
saved_queries: [{name: weekly, query_params: {metrics: [total]}}]
exposures: [{name: board, type: dashboard, owner: {name: me}, depends_on: ["metric('total')", "ref('orders')"]}]
`,
  });

test('one notice for all of it', async () => {
  assert.equal(
    (await warningsOf(await shop())).map(({ code, severity, message, at }) => [code, severity, message, `${at?.file}:${at?.line}`]),
    [
      [
        'semantic-layer',
        'notice',
        'passed over: 3 metrics, 2 semantic models, 1 saved query, for dwh has no semantic layer',
        'models/a.yml:3',
      ],
    ],
  );
});

test('it stops nothing, also not with --warn-error; ls lists none, and exposures that name a metric stay', async () => {
  const fixture = await shop();
  const { code, stdout, stderr } = await fixture.cli(['ls', '--warn-error']);
  assert.is(code, 0, stderr);
  assert.equal(stdout.trim().split('\n'), ['exposure:shop.board', 'shop.orders']);
  assert.match(stderr, 'notice[semantic-layer]');
  assert.is((await fixture.cli(['parse', '--warn-error'])).code, 0);
  assert.is((await fixture.cli(['run', '--warn-error'])).code, 0);
  for (const type of ['metric', 'semantic_model', 'saved_query'])
    assert.is(output(await fixture.run('ls', { selection: { resourceTypes: [type] } })).trim(), '', type);
});

test('a mistake beside it is still an error, and a misspelt key finds its name', async () => {
  const fixture = await shop();
  await fixture.write('models/c.yml', 'metric: [{name: x}]\n');
  const [misspelt] = (await warningsOf(fixture)).filter(({ code }) => code === 'unknown-key');
  assert.is(misspelt?.hint, "Did you mean 'metrics'?");
});

test.run();
