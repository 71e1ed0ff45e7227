import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { varsOf } from '../../src/project/vars.ts';
import { output, project, results, statuses } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';

const test = suite('project: vars');

const vars = varsOf(
  { given: 'cli', a: 'cli' },
  new Map<string, Readonly<Record<string, unknown>>>([
    ['shop', { a: 'global', b: 'global', c: 'global', shop: { b: 'scoped' }, tools: { c: 'for tools' } }],
    ['tools', { c: 'own', d: 'own', tools: { d: 'own scoped' } }],
  ]),
);

test('--vars come first, then the root project’s for the package, its global ones, the package’s own', () => {
  assert.is(vars.find('a', 'shop'), 'cli');
  assert.is(vars.find('b', 'shop'), 'scoped');
  assert.is(vars.find('b', 'tools'), 'global');
  assert.is(vars.find('c', 'tools'), 'for tools');
  assert.is(vars.find('c', 'shop'), 'global');
  assert.is(vars.find('d', 'tools'), 'own scoped');
  assert.is(vars.find('d', 'shop'), undefined);
  assert.is(vars.find('toString', 'shop'), undefined);
});

test('names for "did you mean" leave out the packages’ own mappings', () => {
  assert.equal([...vars.names('shop')].sort(), ['a', 'b', 'c', 'given']);
});

test('a var that is a template is rendered where it is asked for, with what is there', async () => {
  const shop = await project({
    'project.yml': `name: shop
vars:
  stock: "{{ ref('stock') }}"
  most: "{{ most() }}"
  limit: "{{ var('most') }}"
  list: ["{{ ref('stock') }}"]
`,
    'macros/most.sql': '{% macro most() %}2{% endmacro %}',
    'models/stock.sql': 'select 1 as id union all select 2 union all select 3',
    'models/kept.sql': `select count(*) as n, '{{ var('list') | first | length }}' as list
from (select * from {{ var('stock') }} limit {{ var('limit') }}) as few`,
  });
  assert.equal(statuses(await shop.build()), { 'model.shop.stock': 'success', 'model.shop.kept': 'success' });
  assert.equal(await shop.query('select n::text, list from kept'), [['2', String("{{ ref('stock') }}".length)]]);
});

test('a var that is made of itself is an error', async () => {
  const shop = await project({
    'project.yml': `name: shop\nvars: {a: "{{ var('b') }}", b: "{{ var('a') }}"}\n`,
    'models/one.sql': "select '{{ var('a') }}' as a",
  });
  await rejects(shop.run('parse'), { code: 'var-circular', message: "'a' is made of itself", at: 'models/one.sql:1:' });
});

test('what is disabled may need vars and macros that are not there', async () => {
  const files = (own: string, yaml: string): Readonly<Record<string, string>> => ({
    'project.yml': `name: shop\n${yaml}`,
    'models/unused.sql': `${own}select {{ var('absent') }} from {{ nowhere() }}`,
    'models/on.sql': 'select 1 as id',
  });
  for (const [own, yaml] of [
    ['{{ config(enabled=false) }}', ''],
    ['', 'models: {shop: {unused: {+enabled: false}}}\n'],
  ] as const)
    assert.equal([...results(await (await project(files(own, yaml))).run('run')).keys()], ['model.shop.on']);
  const enabled = await project(files('{{ config(enabled=true) }}', 'models: {shop: {unused: {+enabled: false}}}\n'));
  await rejects(enabled.run('run'), { code: 'var-undefined', message: "'absent'", at: 'models/unused.sql:1:' });
});

test('a whole number that is written with a dot stays a float, also after an edit', async () => {
  const file = (rate: string): string =>
    `name: shop\nvars: {rate: ${rate}, several: [2.0, {third: 3.}, 4], great: 1.5e+3, id: 1e3, shop: {own: 6.00}}\n`;
  const shop = await project({
    'project.yml': file('1'),
    'models/rates.sql':
      "{% set names = ['rate', 'several', 'great', 'id', 'own'] %}select '{% for one in names %}{{ var(one) }} {% endfor %}{{ var('rate') / 2 }}'",
  });
  const compiled = async (): Promise<string> => output(await shop.run('compile', { select: 'rates' })).trim();
  assert.is(await compiled(), "select '1 [2.0, {'third': 3.0}, 4] 1500.0 1e3 6.0 0.5'");
  await shop.write('project.yml', file('1.0'));
  assert.is(await compiled(), "select '1.0 [2.0, {'third': 3.0}, 4] 1500.0 1e3 6.0 0.5'");
});

test.run();
