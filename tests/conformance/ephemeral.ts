// Ephemeral models: they stand in the statements of those that read them, however deep, and nowhere in the warehouse.
import * as assert from 'uvu/assert';
import { results, statuses } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, queryOf, type Theme } from './shop.ts';

const PEOPLE = 'id,name,age\n1,Ada,36\n2,Bob,17\n3,Cy,52\n';

export const ephemeral: Theme = (scenario, { name }) => {
  scenario('one is read by several, and by one model several times; it is written into each of them once', async (open) => {
    const shop = await open({
      'seeds/people.csv': PEOPLE,
      'models/base.sql': `${config('ephemeral')}select id, name, age from {{ ref('people') }} where age > 20`,
      'models/names.sql': "select name from {{ ref('base') }}",
      'models/pairs.sql': `${config('table')}select a.name as a, b.name as b from {{ ref('base') }} as a join {{ ref('base') }} as b on a.id < b.id`,
      'models/within.sql': `${config('table')}with named as (select * from {{ ref('base') }}), counted as (select count(*) as n from named) select n from counted`,
    });
    await shop.succeeds('build');
    assert.equal(
      [await shop.table('names'), await shop.table('pairs'), await shop.table('within')],
      [[['Ada'], ['Cy']], [['Ada', 'Cy']], [['2']]],
    );
    assert.equal(await shop.relations(), ['names (view)', 'pairs (table)', 'people (table)', 'within (table)']);
    const compiled = await shop.read('target/compiled/shop/models/pairs.sql');
    assert.is(compiled.match(/__dbt__cte__base"? as \(/g)?.length, 1);
  });

  scenario('ephemeral on ephemeral on view on ephemeral; the names of their own parts may be the same', async (open) => {
    // Redshift refuses a WITH within another. https://docs.aws.amazon.com/redshift/latest/dg/r_WITH_clause.html
    const part = (from: string, more: string): string =>
      name === 'redshift'
        ? `select id, name, age${more} from (select * from ${from}) as source`
        : `with source as (select * from ${from}) select id, name, age${more} from source`;
    const shop = await open({
      'seeds/people.csv': PEOPLE,
      'models/first.sql': config('ephemeral') + part("{{ ref('people') }}", ' + 1 as age'),
      'models/second.sql': config('ephemeral') + part("{{ ref('first') }}", ' + 10 as age'),
      'models/between.sql': part("{{ ref('second') }}", ' + 100 as age'),
      'models/third.sql': config('ephemeral') + part("{{ ref('between') }}", ' + 1000 as age'),
      'models/last.sql': config('table') + part("{{ ref('third') }}", ''),
      'models/grown.sql': `${config('incremental', "unique_key='id'")}${part("{{ ref('second') }}", '')}`,
    });
    for (const _ of [1, 2]) await shop.succeeds('build');
    assert.equal(await shop.rows('select age from last order by id'), [['1147'], ['1128'], ['1163']]);
    assert.equal(await shop.rows('select age from grown order by id'), [['47'], ['28'], ['63']]);
    assert.equal(await shop.relations(), ['between (view)', 'grown (table)', 'last (table)', 'people (table)']);
  });

  scenario('tests, snapshots and show read one as if it stood there', async (open) => {
    const shop = await open({
      'seeds/people.csv': PEOPLE,
      'models/adults.sql': `${config('ephemeral')}select id, name from {{ ref('people') }} where age > {{ var('over', 20) }}`,
      'models/adults.yml': 'models: [{name: adults, columns: [{name: id, data_tests: [unique, not_null]}]}]\n',
      'tests/no_bob.sql': "select id from {{ ref('adults') }} where name = 'Bob'",
      'snapshots/kept.yml':
        "snapshots: [{name: kept, relation: ref('adults'), config: {unique_key: id, strategy: check, check_cols: all, hard_deletes: invalidate}}]\n",
    });
    await shop.succeeds('build');
    assert.equal(await shop.relations(), ['kept (table)', 'people (table)']);
    await shop.succeeds('snapshot', { vars: { over: 40 } });
    const ended = await shop.rows("select name, case when dbt_valid_to is null then 'holds' else 'ended' end from kept order by id");
    assert.equal(ended, [
      ['Ada', 'ended'],
      ['Cy', 'holds'],
    ]);
    assert.is(statuses(await shop.run('test', { vars: { over: 10 } }))['test.shop.no_bob'], 'fail');
    const shown = await shop.run('show', { select: 'adults', output: 'json' });
    const text = shown.flatMap((event) => (event.type === 'output' ? [event.text] : [])).join('');
    assert.equal((JSON.parse(text) as { show: { name: string }[] }).show.map(({ name }) => name).sort(), ['Ada', 'Cy']);
  });

  scenario('one that cannot be compiled fails those that read it, at its own line, and nobody else', async (open) => {
    const shop = await open({
      'models/base.sql': `${config('ephemeral')}\nselect {{ exceptions.raise_compiler_error('not today') if execute else 1 }} as id`,
      'models/reads.sql': `${config('table')}select id from {{ ref('base') }}`,
      'models/behind.sql': "select id from {{ ref('reads') }}",
      'models/apart.sql': queryOf({ id: 1 }),
    });
    const told = results(await shop.run('run'));
    assert.equal([...told.values()].map(({ node, status }) => `${node} ${status}`).sort(), [
      'model.shop.apart success',
      'model.shop.behind skipped',
      'model.shop.reads error',
    ]);
    const { problem } = told.get('model.shop.reads' as never) ?? {};
    hasProblem(problem ? [problem] : [], { code: 'raised', message: 'not today', at: 'models/base.sql:3' });
  });
};
