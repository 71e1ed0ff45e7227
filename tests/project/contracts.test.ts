import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ModelNode } from '../../src/core/node.ts';
import { project } from '../support/fixture.ts';
import { type ExpectedProblem, hasProblem } from '../support/rejects.ts';
import { parsed, problemsOf, warningsOf } from './project-of.ts';

const test = suite('project: contracts and constraints');

const HELD = 'config: {materialized: table, contract: {enforced: true}}';
const files = (yaml: string, more: Readonly<Record<string, string>> = {}) =>
  project({
    'project.yml': 'name: shop\n',
    'models/a.sql': 'select 1 as id',
    'models/b.sql': 'select 1 as id',
    'models/a.yml': yaml,
    ...more,
  });
const wrong = async (yaml: string, wanted: ExpectedProblem): Promise<void> => hasProblem(await problemsOf(await files(yaml)), wanted);
const warned = async (yaml: string, wanted: ExpectedProblem): Promise<void> => hasProblem(await warningsOf(await files(yaml)), wanted);
async function model(yaml: string): Promise<ModelNode> {
  const found = (await parsed(await files(yaml))).nodes.get('model.shop.a');
  if (found?.resource_type !== 'model') throw new Error('no model a');
  return found;
}

test("the contract's checksum is dbt's", async () => {
  const checksum = async (yaml: string): Promise<string | undefined> => (await model(yaml)).contract?.checksum;
  const orders = `models:
  - name: a
    ${HELD}
    constraints:
      - {type: foreign_key, columns: [customer_id], to: ref('customers'), to_columns: [id]}
    columns:
      - {name: id, data_type: integer, constraints: [{type: primary_key}, {type: not_null}]}
      - {name: customer_id, data_type: integer}
      - {name: amount, data_type: "decimal(10,2)", constraints: [{type: check, expression: amount >= 0}]}
`;
  assert.is(await checksum(orders), 'a536fa00f71fe3ec685402d7972b6c623f0935f5cda1158d66d46119559d6e68');
  const view = orders
    .replace('table', 'view')
    .replace(/ {4}constraints:\n.*\n/, '')
    .replace(/ {6}- \{name: (customer|amount).*\n/g, '');
  assert.is(await checksum(view.replace(/, constraints: .*\]/, '')), '0cb79927be0760ddd91fc55a9360421504a9087b91dfa6dddef84c0d5ef0eca2');
  assert.is((await model('models: [{name: a, columns: [{name: id, data_type: integer}]}]\n')).contract, undefined);
});

test('what a foreign key points to is built first', async () => {
  const yaml = (to: string): string =>
    `models:\n- name: a\n  columns:\n  - name: id\n    constraints:\n    - {type: foreign_key, to: "${to}", to_columns: [id]}\n`;
  assert.equal(
    (await model(yaml("ref('b')"))).refs.map(({ name, at }) => `${name} ${at.file}:${at.line}`),
    ['b models/a.yml:6'],
  );
  assert.equal(
    (await model(yaml("source('raw', 'b')"))).sources.map(({ source, table }) => `${source}.${table}`),
    ['raw.b'],
  );
  await wrong(yaml('b'), { code: 'constraint-invalid', at: 'models/a.yml:6', message: "'to' is 'b'" });
});

test('a constraint that lacks what its type needs is a mistake at its line', async () => {
  const yaml = (constraint: string): string => `models:\n- name: a\n  columns:\n  - name: id\n    constraints:\n    - ${constraint}\n`;
  const at = 'models/a.yml:6';
  await wrong(yaml('{type: not_nul}'), { code: 'config-value', at, hint: "'not_null'" });
  await wrong(yaml('{name: x}'), { code: 'config-missing', at, message: "needs a 'type'" });
  await wrong(yaml('{type: check}'), { code: 'constraint-invalid', at, message: "'expression'" });
  await wrong(yaml('{type: foreign_key, to: "ref(\'b\')"}'), { code: 'constraint-invalid', at, message: "'to_columns'" });
  await warned(yaml('{type: unique, expresion: x}'), { code: 'unknown-key', at, hint: "'expression'" });
  await wrong('models:\n- name: a\n  constraints:\n  - {type: unique}\n', {
    code: 'constraint-invalid',
    at: 'models/a.yml:4',
    message: 'names its columns',
  });
});

test('there is one primary key', async () => {
  const key = 'constraints: [{type: primary_key}]';
  await wrong(`models: [{name: a, columns: [{name: x, ${key}}, {name: y, ${key}}]}]\n`, { code: 'constraint-invalid', message: 'x, y' });
  const both = `models:\n- name: a\n  constraints: [{type: primary_key, columns: [x]}]\n  columns: [{name: x, ${key}}]\n`;
  await wrong(both, { code: 'constraint-invalid', at: 'models/a.yml:3', message: 'more than one primary key' });
});

test('an enforced contract needs columns with types, and an answer to other columns', async () => {
  await wrong(`models:\n- name: a\n  ${HELD}\n`, { code: 'contract-invalid', at: 'models/a.yml:2', message: 'no columns are described' });
  await wrong(`models:\n- name: a\n  ${HELD}\n  columns:\n  - name: id\n`, {
    code: 'contract-invalid',
    at: 'models/a.yml:5',
    message: "'id'",
  });
  const columns = 'columns: [{name: id, data_type: integer}]';
  await wrong(`models:\n- name: a\n  ${HELD.replace('table', 'incremental')}\n  ${columns}\n`, {
    code: 'contract-invalid',
    message: "'ignore'",
  });
  await warned(`models:\n- name: a\n  ${HELD.replace('table', 'ephemeral')}\n  ${columns}\n`, {
    code: 'contract-invalid',
    message: 'is ephemeral',
  });
  const filled = columns.replace('integer', 'integer, constraints: [{type: not_null}]');
  await warned(`models:\n- name: a\n  ${HELD.replace('table', 'view')}\n  ${filled}\n`, {
    code: 'constraint-not-supported',
    message: 'is a view',
  });
});

test.run();
