import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cascadeOf, type ProjectConfigs } from '../../src/project/cascade.ts';
import type { Config, ConfigSection } from '../../src/project/config-rules.ts';
import { hasProblem } from '../support/rejects.ts';

const test = suite('project: config cascade');

const project = (name: string, models: Config): ProjectConfigs => ({
  name,
  sections: { models, seeds: {}, snapshots: {}, sources: {}, data_tests: {}, analyses: {}, exposures: {}, unit_tests: {}, functions: {} },
  asWritten: (section) => (section === 'models' ? models : {}),
  locate: (path) => ({ file: 'dbt_project.yml', line: path.length, column: 1 }),
  written: (section) => section,
});
const fqns = (models: readonly (readonly string[])[]): Record<ConfigSection, readonly (readonly string[])[]> => ({
  models,
  seeds: [],
  snapshots: [],
  sources: [],
  data_tests: [],
  exposures: [],
  unit_tests: [],
  functions: [],
  analyses: [],
});

test('each level is nearer than the one above, with or without a plus sign', () => {
  const cascade = cascadeOf([
    project('shop', {
      '+materialized': 'view',
      '+tags': ['all'],
      shop: { staging: { materialized: 'ephemeral', '+tags': 'staging', stg_orders: { '+enabled': false } }, '+meta': { a: 1 } },
    }),
  ]);
  const orders = cascade.base('models', 'shop', ['shop', 'staging', 'stg_orders']);
  assert.is(orders.materialized, 'ephemeral');
  assert.equal(orders.tags, ['all', 'staging']);
  assert.equal(orders.meta, { a: 1 });
  assert.is(orders.enabled, false);
  const other = cascade.base('models', 'shop', ['shop', 'marts', 'orders']);
  assert.is(other.materialized, 'view');
  assert.equal(other.tags, ['all']);
  assert.is(other.enabled, true, 'a default');
});

test('the root project has the last word on a package', () => {
  const cascade = cascadeOf([
    project('shop', { '+tags': ['root'], tools: { '+materialized': 'table' } }),
    project('tools', { tools: { '+materialized': 'view', '+tags': ['own'], '+schema': 'tools' } }),
  ]);
  const fqn = ['tools', 'calendar'];
  const base = cascade.base('models', 'tools', fqn);
  assert.is(base.materialized, 'view');
  const finished = cascade.finish('models', 'tools', fqn, { ...base, materialized: 'incremental' });
  assert.is(finished.materialized, 'table');
  assert.equal(finished.tags, ['own', 'root']);
  assert.is(finished.schema, 'tools');
  assert.is(cascade.finish('models', 'shop', ['shop', 'a'], base), base, 'its own nodes are done');
});

test('configs that apply to nothing are named', () => {
  const cascade = cascadeOf([project('shop', { shop: { stagign: { '+tags': 'x' }, marts: { '+tags': 'y' } }, other: { '+tags': 'z' } })]);
  const problems = cascade.review(fqns([['shop', 'marts', 'orders']]));
  hasProblem(problems, { code: 'config-path-unused', message: 'models.shop.stagign', at: 'dbt_project.yml:3' });
  hasProblem(problems, { code: 'config-path-unused', message: 'models.other' });
  assert.is(problems.length, 2);
});

test('a mapping without a plus sign is a folder, and the warning says so', () => {
  const cascade = cascadeOf([project('shop', { meta: { owner: 'ada' } })]);
  hasProblem(cascade.review(fqns([['shop', 'a']])), { code: 'config-path-unused', hint: '+meta:' });
});

test('a misspelt key is named with the one that was meant', () => {
  const cascade = cascadeOf([project('shop', { shop: { '+materialised': 'table', '+my_own': 1 } })]);
  const problems = cascade.review(fqns([['shop', 'a']]));
  hasProblem(problems, { code: 'config-misspelt', message: '+materialised', hint: "'+materialized'" });
  assert.is(problems.length, 1);
});

test('a folder with nothing below it is not taken for a config', () => {
  const cascade = cascadeOf([project('shop', { shop: null, '+shop': null })]);
  const problems = cascade.review(fqns([['shop', 'a']]));
  assert.equal(
    problems.map(({ code, message }) => [code, /'\+shop'/.test(message)]),
    [['config-misspelt', true]],
  );
});

test.run();
