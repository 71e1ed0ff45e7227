// Functions of the user's own: they are made before what calls them, and a model calls them by the names that function() gives.
import * as assert from 'uvu/assert';
import { results, statuses } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';
import { config, type Theme } from './shop.ts';

interface ManifestFile {
  readonly nodes: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly functions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly child_map: Readonly<Record<string, readonly string[]>>;
}

const PROPERTIES = `
functions:
  - name: doubled
    description: Twice of it.
    config: {volatility: deterministic, tags: [numbers]}
    arguments: [{name: n, data_type: integer, description: A number.}]
    returns: {data_type: integer}
  - name: fourfold
    arguments: [{name: n, data_type: integer}]
    returns: {data_type: integer}
`;

export const functions: Theme = (scenario, { name, adapter }) => {
  const { dialect } = adapter;
  /** Redshift's arguments have no names. */
  const argument = name === 'redshift' ? '$1' : 'n';
  const files = {
    'functions/numbers/doubled.sql': `select ${argument} * 2;`,
    'functions/fourfold.sql': `select {{ function('doubled') }}(${argument}) * 2`,
    'functions/functions.yml': PROPERTIES,
    'models/eight.sql': `${config('table')}select {{ function('fourfold') }}(2) as n`,
    'tests/doubles.sql': "select 1 as wrong where {{ function('doubled') }}(3) <> 6",
  };

  scenario('they are built before the models and tests that call them, one before the other, and replaced', async (open) => {
    const shop = await open(files, { project: 'functions: {shop: {numbers: {+schema: lib}}}\n' });
    const built = await shop.run('build');
    assert.equal(statuses(built), {
      'function.shop.doubled': 'success',
      'function.shop.fourfold': 'success',
      'model.shop.eight': 'success',
      'test.shop.doubles': 'pass',
    });
    assert.is(results(built).get('function.shop.doubled')?.message, 'CREATE FUNCTION');
    assert.equal(await shop.table('eight'), [['8']]);
    assert.equal(await shop.rows('select analytics_lib.doubled(5)'), [['10']]);

    await shop.write('functions/numbers/doubled.sql', `select ${argument} * 3`);
    assert.equal(statuses(await shop.run('build', { select: 'doubled+ eight', exclude: 'doubles' })), {
      'function.shop.doubled': 'success',
      'function.shop.fourfold': 'success',
      'model.shop.eight': 'success',
    });
    assert.equal(await shop.table('eight'), [['12']]);
    // As in dbt, run makes models only.
    assert.equal(statuses(await shop.run('run')), { 'model.shop.eight': 'success' });

    const manifest = JSON.parse(await shop.read('target/manifest.json')) as ManifestFile;
    assert.equal(Object.keys(manifest.functions).sort(), ['function.shop.doubled', 'function.shop.fourfold']);
    const doubled = manifest.functions['function.shop.doubled'] ?? {};
    assert.equal(doubled.arguments, [{ name: 'n', data_type: 'integer', description: 'A number.', default_value: null }]);
    assert.equal(doubled.returns, { data_type: 'integer', description: null });
    assert.equal([doubled.schema, doubled.alias, doubled.relation_name], ['analytics_lib', 'doubled', null]);
    assert.equal(doubled.fqn, ['shop', 'numbers', 'doubled']);
    assert.equal(manifest.nodes['model.shop.eight']?.functions, [['fourfold']]);
    assert.equal(manifest.child_map['function.shop.doubled'], ['function.shop.fourfold', 'test.shop.doubles']);
  });

  scenario('their hooks run around them, in their transaction or outside of it', async (open) => {
    const shop = await open({
      'functions/raised.sql': `select ${argument} + 1`,
      'functions/functions.yml': `functions:
  - name: raised
    config:
      pre_hook: ["create table {{ target.schema }}.heard (what varchar(100))", {sql: "select 1", transaction: false}]
      post_hook:
        - insert into {{ target.schema }}.heard select '{{ this.name }} makes ' || {{ this }}(2)
        - {sql: "insert into {{ target.schema }}.heard values ('outside')", transaction: false}
    arguments: [{name: n, data_type: integer}]
    returns: {data_type: integer}
`,
    });
    assert.equal(statuses(await shop.run('build')), { 'function.shop.raised': 'success' });
    assert.equal((await shop.rows('select what from analytics.heard order by what')).flat(), ['outside', 'raised makes 3']);
    // The table is there: the hook fails, and with it what stands behind it.
    const again = results(await shop.run('build')).get('function.shop.raised');
    assert.is(again?.status, 'error');
    assert.equal(again?.problem?.at, { file: 'functions/functions.yml', line: 4, column: 19 });
    assert.is((await shop.rows('select what from analytics.heard')).length, 2);
  });

  scenario('one that the warehouse refuses is an error, and what calls it is skipped', async (open) => {
    const shop = await open({ ...files, 'functions/numbers/doubled.sql': 'select nothing_like_it + 1 from nowhere_at_all' });
    assert.equal(statuses(await shop.run('build', { exclude: 'doubles' })), {
      'function.shop.doubled': 'error',
      'function.shop.fourfold': 'skipped',
      'model.shop.eight': 'skipped',
    });
  });

  scenario('default values, and functions that return a table, where the warehouse has them', async (open) => {
    const returns = name === 'duckdb' ? 'integer' : 'table (n integer)';
    const shop = await open({
      'functions/raised.sql': `select ${argument} + 1`,
      'functions/pair.sql': `select ${argument} as n union all select ${argument} + 1`,
      'functions/functions.yml': `functions:
  - {name: raised, arguments: [{name: n, data_type: integer, default_value: 6}], returns: {data_type: integer}}
  - {name: pair, config: {type: table}, arguments: [{name: n, data_type: integer}], returns: {data_type: ${returns}}}
`,
      'models/seven.sql': `${config('table')}select {{ function('raised') }}() as n`,
      'models/two.sql': `${config('table')}select n from {{ function('pair') }}(1) as pair`,
    });
    const built = await shop.run('build');
    if (dialect.functions.haveDefaults) {
      assert.equal([...new Set(Object.values(statuses(built)))], ['success']);
      assert.equal([await shop.table('seven'), await shop.table('two')], [[['7']], [['1'], ['2']]]);
      const properties = await shop.read('functions/functions.yml');
      await shop.write('functions/functions.yml', properties.replace('default_value: 6', 'default_value: 7'));
      await shop.succeeds('build');
      assert.equal(await shop.table('seven'), [['8']]);
    } else {
      for (const one of ['raised', 'pair']) assert.is(results(built).get(`function.shop.${one}`)?.problem?.code, 'function-unsupported');
    }
  });

  scenario('an aggregate is an error of the function, and so is a volatility that is none', async (open) => {
    const shop = await open({
      'functions/total.sql': 'select 1',
      'functions/odd.sql': 'select 1',
      'functions/functions.yml': `functions:
  - {name: total, config: {type: aggregate}, returns: {data_type: integer}}
  - {name: odd, config: {volatility: determinstic}, returns: {data_type: integer}}
`,
    });
    const built = results(await shop.run('build'));
    assert.equal(
      ['total', 'odd'].map((one) => built.get(`function.shop.${one}`)?.problem?.code),
      ['function-unsupported', 'config-value'],
    );
  });

  scenario('a name that leads nowhere, one that is disabled, and one that says nothing of what it returns', async (open) => {
    const missing = await open({ ...files, 'models/odd.sql': "select {{ function('doubld') }}(1) as n" });
    await rejects(missing.run('build'), { code: 'function-not-found', at: 'models/odd.sql:1:', hint: /function\('doubled'\)/ });
    const disabled = await open(files, { project: 'functions: {shop: {fourfold: {+enabled: false}}}\n' });
    await rejects(disabled.run('build'), { code: 'function-disabled', at: 'models/eight.sql:2:' });
    const silent = await open({ 'functions/silent.sql': 'select 1' });
    assert.is(results(await silent.run('build')).get('function.shop.silent')?.problem?.code, 'config-missing');
  });
};
