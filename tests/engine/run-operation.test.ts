// dwh run-operation: one macro of the project or a package, at a real warehouse.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { output, project, projectOn, results, statuses } from '../support/fixture.ts';
import { onServer, postgresTarget } from '../support/postgres.ts';
import { rejects } from '../support/rejects.ts';

const test = suite('engine: run-operation');

const MACROS = {
  'macros/archive.sql': `
{% macro keep(name, rows=1) %}
  {% do run_query('create schema if not exists kept') %}
  {% do run_query('create table kept.' ~ name ~ ' as select * from range(' ~ rows ~ ') as r(n)') %}
  {{ log('kept ' ~ name, info=True) }}
{% endmacro %}
{% macro count_of(model) %}{{ print(run_query('select count(*) as n from ' ~ ref(model)).columns[0].values()[0]) }}{% endmacro %}
{% macro then_fail() %}{% do keep('half') %}{{ exceptions.raise_compiler_error('not tonight') }}{% endmacro %}
{% macro wrong() %}{{ deeper() }}{% endmacro %}
{% macro deeper() %}
  {{ run_query('select no_such_column') }}
{% endmacro %}`,
  'models/days.sql': "{{ config(materialized='table') }} select * from range(5) as r(d)",
  'dbt_packages/tools/dbt_project.yml': 'name: tools\n',
  'dbt_packages/tools/macros/tools.sql': "{% macro tool(word='none') %}{{ print(word ~ ' of ' ~ model.package_name) }}{% endmacro %}",
};
const shopWith = () => project({ 'project.yml': 'name: shop\n', ...MACROS });
const call = (macro: string, args: Record<string, unknown> = {}) => ({ operation: { macro, args } });

test('a macro runs with its arguments, each statement on its own, and stands in the results', async () => {
  const shop = await shopWith();
  const events = await shop.run('run-operation', call('keep', { name: 'rows', rows: 3 }));
  assert.equal(statuses(events), { 'macro.shop.keep': 'success' });
  assert.is(results(events).get('macro.shop.keep')?.failures, 0);
  assert.equal(await shop.query('select count(*) from kept.rows'), [['3']]);
  assert.ok(events.some((event) => event.type === 'note' && event.message === 'kept rows'));
});

test('what ran before a failure stays, as in dbt', async () => {
  const shop = await shopWith();
  const events = await shop.run('run-operation', call('then_fail'));
  const result = results(events).get('macro.shop.then_fail');
  assert.equal([result?.status, result?.message, result?.failures], ['error', 'not tonight', 1]);
  assert.equal(await shop.query('select count(*) from kept.half'), [['1']]);
});

test('it may ref any node, and print() answers', async () => {
  const shop = await shopWith();
  await shop.run('run');
  assert.is(output(await shop.run('run-operation', call('count_of', { model: 'days' }))).trim(), '5');
});

test('a macro of a package is found with and without its prefix', async () => {
  const shop = await shopWith();
  assert.is(output(await shop.run('run-operation', call('tools.tool', { word: 'saw' }))).trim(), 'saw of tools');
  assert.is(output(await shop.run('run-operation', call('tool'))).trim(), 'none of tools');
});

test('what the warehouse refuses is shown where the macro asks, with the macros around it', async () => {
  const shop = await shopWith();
  const problem = results(await shop.run('run-operation', call('wrong'))).get('macro.shop.wrong')?.problem;
  assert.is(problem?.code, 'database-error');
  assert.equal([problem?.at?.file, problem?.at?.line], ['macros/archive.sql', 11]);
  assert.ok(problem?.detail?.some((line) => line.startsWith('macro deeper (macros/archive.sql:10), called at macros/archive.sql:9')));
  assert.ok(problem?.detail?.includes('in the statement: select no_such_column'));
});

test('a macro that is not there, and an argument that it does not take', async () => {
  const shop = await shopWith();
  await rejects(shop.run('run-operation', call('keeep')), {
    code: 'macro-not-found',
    message: "there is no macro 'keeep' in the project and its packages",
    hint: 'Did you mean: dwh run-operation keep',
  });
  const problem = results(await shop.run('run-operation', call('keep', { nme: 'x' }))).get('macro.shop.keep')?.problem;
  assert.match(problem?.message ?? '', 'nme');
});

test('Postgres: without begin each statement is committed; with it, all or nothing', async () => {
  const target = await postgresTarget();
  const shop = await projectOn(
    { ...target, schema: 'public' },
    {
      'project.yml': 'name: shop\nprofile: shop\n',
      'macros/both.sql': `
{% macro twice(last) %}
  {% do run_query('create table one_by_one as select 1 as n') %}
  {% do run_query('begin') %}{% do run_query('create table together as select 1 as n') %}{% do run_query('select ' ~ last) %}{% do run_query('commit') %}
{% endmacro %}`,
    },
  );
  assert.equal(statuses(await shop.run('run-operation', call('twice', { last: 'nothing' }))), { 'macro.shop.twice': 'error' });
  const tables = "select string_agg(tablename, ',') from pg_tables where tablename in ('one_by_one', 'together')";
  assert.equal((await onServer(target.dbname, (client) => client.query({ text: tables, rowMode: 'array' }))).rows, [['one_by_one']]);
});

test('the binary: --args, the exit status, and the command to call it again', async () => {
  const shop = await shopWith();
  const fine = await shop.cli(['-q', 'run-operation', 'tool', '--args', '{word: axe}']);
  assert.equal([fine.code, fine.stdout], [0, 'axe of tools\n']);
  const failed = await shop.cli(['run-operation', 'keep', '--args', '{name: "a b"}']);
  assert.is(failed.code, 1);
  assert.match(failed.stdout, `again: dwh run-operation shop.keep --args '{name: "a b"}'`);
  assert.equal(JSON.parse(await shop.read('target/run_results.json')).args.args, { name: 'a b' });
  assert.is((await shop.cli(['run-operation', 'keep', '--args', '[1]'])).code, 2);
});

test.run();
