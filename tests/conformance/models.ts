// view, table, ephemeral, one after the other; what is in them: types, NULLs, unicode; and what is said when they fail.
import * as assert from 'uvu/assert';
import { readingDuring } from '../support/database.ts';
import { output, results, statuses } from '../support/fixture.ts';
import { config, numbersTo, queryIn, queryOf, type Theme } from './shop.ts';

export const models: Theme = (scenario, { adapter: { dialect }, toldWhileReplaced }) => {
  scenario('a view is its query, a table its rows at the time, an ephemeral model lives in those that use it', async (open) => {
    const shop = await open({
      'seeds/items.csv': 'id,amount\n1,10\n2,20\n',
      'models/doubled.sql': `${config('ephemeral')}select id, amount * 2 as amount from {{ ref('items') }};`,
      'models/as_view.sql': "select id, amount from {{ ref('doubled') }} -- no semicolon, a comment",
      'models/as_table.sql': `${config('table')}with large as (select * from {{ ref('doubled') }} where amount > 20)\nselect id from large;\n`,
    });
    const done = await shop.succeeds('build');
    assert.is(done.get('model.shop.as_view')?.message, 'CREATE VIEW');
    assert.is(done.get('model.shop.as_table')?.message, 'CREATE TABLE (1 row)');
    assert.equal(done.get('model.shop.as_table')?.adapterResponse, { _message: 'CREATE TABLE 1', code: 'CREATE TABLE', rows_affected: 1 });
    assert.equal(await shop.relations(), ['as_table (table)', 'as_view (view)', 'items (table)']);
    await shop.rows('insert into items (id, amount) values (3, 30)');
    assert.equal(await shop.table('as_view'), [
      ['1', '20'],
      ['2', '40'],
      ['3', '60'],
    ]);
    assert.equal(await shop.table('as_table'), [['2']]);
  });

  scenario('a table follows its query, columns and all', async (open) => {
    const shop = await open({ 'models/orders.sql': config('table') + queryOf({ id: 1 }) });
    await shop.succeeds('run');
    await shop.write('models/orders.sql', config('table') + queryOf({ name: 'a', price: 2.5 }, { name: null, price: null }));
    await shop.succeeds('run');
    assert.equal(await shop.table('orders'), [
      ['a', '2.50'],
      [null, null],
    ]);
  });

  for (const command of ['run', 'build'])
    scenario(`${command}: each materialization takes the place of any other, and readers find one state or the other`, async (open) => {
      const shop = await open({ 'tests/some.sql': "select count(*) as n from {{ ref('orders') }} having count(*) = 0" });
      const kind = (materialized: string | undefined): string => (materialized === 'view' ? 'view' : 'table');
      const steps = ['view', 'table', 'view', 'incremental', 'view', 'table', 'incremental', 'table'];
      let before: string | undefined;
      for (const [step, materialized] of steps.entries()) {
        await shop.write('models/orders.sql', config(materialized, "unique_key='id'") + queryOf({ id: 1, step }));
        const heard = await readingDuring(shop, 'select step from orders', async () => {
          await shop.succeeds(command);
        });
        const mayBeTold = kind(materialized) === kind(steps[step - 1]) ? undefined : toldWhileReplaced;
        const answers = heard.filter((answer) => !mayBeTold?.test(answer)).filter((answer, index, all) => answer !== all[index - 1]);
        assert.equal(before === undefined ? answers.slice(-1) : answers, before === undefined ? [`${step}`] : [before, `${step}`]);
        assert.equal(await shop.relations(), [`orders (${kind(materialized)})`]);
        before = String(step);
      }
    });

  scenario('--full-refresh builds an incremental model anew, and full_refresh in its config wins both ways', async (open) => {
    const query = "select cast({{ var('n') }} as integer) as n, cast('{{ is_incremental() }}' as varchar(5)) as added";
    const shop = await open({
      'models/plain.sql': config('incremental') + query,
      'models/never.sql': config('incremental', 'full_refresh=false') + query,
      'models/always.sql': config('incremental', 'full_refresh=true') + query,
    });
    for (const n of [1, 2]) await shop.succeeds('run', { vars: { n } });
    const two = [
      ['1', 'False'],
      ['2', 'True'],
    ];
    assert.equal([await shop.table('plain'), await shop.table('never'), await shop.table('always')], [two, two, [['2', 'False']]]);
    await shop.succeeds('run', { vars: { n: 3 }, fullRefresh: true });
    assert.equal(await shop.table('plain'), [['3', 'False']]);
    assert.equal(await shop.table('never'), [...two, ['3', 'True']]);
    assert.equal(await shop.table('always'), [['3', 'False']]);
  });

  scenario('a view that reads a table, and a view on that view, outlive a table that is made anew alone', async (open) => {
    const shop = await open({
      'models/orders.sql': config('table') + queryOf({ id: 1, name: 'a' }),
      'models/names.sql': "select name from {{ ref('orders') }}",
      'models/upper.sql': "select upper(name) as name from {{ ref('names') }}",
    });
    await shop.succeeds('run');
    for (const [round, materialized] of ['table', 'incremental', 'view', 'table'].entries()) {
      await shop.write('models/orders.sql', config(materialized) + queryOf({ name: `b${round}`, id: 2 }));
      await shop.succeeds('run', { select: 'orders', fullRefresh: true });
      assert.equal(await shop.table('upper'), [[`B${round}`]]);
    }
    assert.equal(await shop.relations(), ['names (view)', 'orders (table)', 'upper (view)']);
  });

  scenario('unicode, quotes, blanks and NULLs in values come out as they went in', async (open) => {
    const texts = [
      '',
      ' ',
      "it's",
      '"',
      '\\',
      '\\n',
      'a\tb',
      'line\nbreak',
      '50%',
      '音楽',
      'naïve',
      '😀',
      '{x}',
      'null',
      'NULL',
      '--',
      ';',
      '$$',
    ];
    const rows = texts.map((text, id) => ({ id, text }));
    const shop = await open({
      'models/as_view.sql': `{% raw %}${queryIn(dialect, ...rows)}{% endraw %}`,
      'models/as_table.sql': `${config('table')}select * from {{ ref('as_view') }} where text not in ('no', 'ñ') or text is null`,
      'models/unknowns.sql':
        config('table') + queryOf({ id: 1, text: null, n: null, flag: true }, { id: null, text: 'x', n: 2.25, flag: null }),
    });
    await shop.succeeds('run');
    const found = await shop.rows('select text from as_table order by id');
    assert.equal(
      found.map(([text]) => text),
      texts,
    );
    assert.equal(await shop.table('unknowns'), [
      ['1', null, null, 'true'],
      [null, 'x', '2.25', null],
    ]);
  });

  scenario('types of every kind keep their values: integers to 64 bits, decimals, floats, dates, timestamps, booleans', async (open) => {
    const shop = await open({
      'models/kinds.sql': `${config('table')}select cast(9223372036854775807 as bigint) as big, cast(-32768 as smallint) as small,
  cast('12345678901234567890.123456789' as decimal(38, 9)) as exact, cast(0.1 as double precision) as inexact,
  cast('2024-02-29' as date) as day, cast('2024-02-29 23:59:59.123456' as timestamp) as moment, cast(null as boolean) as unknown`,
      'models/again.sql': `${config('incremental')}select * from {{ ref('kinds') }}`,
    });
    await shop.succeeds('run');
    await shop.succeeds('run');
    const row = [
      '9223372036854775807',
      '-32768',
      '12345678901234567890.123456789',
      '0.1',
      '2024-02-29',
      '2024-02-29 23:59:59.123456',
      null,
    ];
    assert.equal(await shop.table('kinds'), [row]);
    assert.equal(await shop.table('again'), [row, row]);
  });

  scenario('a hundred thousand rows, counted in the message', async (open) => {
    const shop = await open({ 'models/numbers.sql': config('table') + numbersTo(100_000) });
    assert.is((await shop.succeeds('run')).get('model.shop.numbers')?.message, 'CREATE TABLE (100000 rows)');
    assert.equal(await shop.rows('select count(*), count(distinct n), min(n), max(n) from numbers'), [['100000', '100000', '0', '99999']]);
  });

  scenario("what the database refuses is shown at the model's own line, in views, tables, ephemeral models and tests", async (open) => {
    const shop = await open({
      'models/as_view.sql': "{% set column = 'no_such_column' %}\nselect 1 as id,\n  {{ column }}\nfrom (select 1 as one) as t",
      'models/as_table.sql': `${config('table')}\nselect 1 as id\n  , 'é😀' as name, wrong;\n`,
      'models/inner.sql': `${config('ephemeral')}\nselect\n  amiss\nfrom (select 1 as id) as t`,
      'models/outer.sql': `${config('table')}select * from {{ ref('inner') }}`,
      'models/fine.sql': queryOf({ id: 1 }),
      'tests/odd.sql': "select *\nfrom {{ ref('fine') }}\nwhere astray > 0",
    });
    const done = results(await shop.build({ publish: 'always' }));
    const at = (node: string): string => {
      const place = done.get(node as never)?.problem?.at;
      return `${place?.file}:${place?.line}:${place?.column}`;
    };
    assert.is(at('model.shop.as_view'), 'models/as_view.sql:3:6');
    assert.is(at('model.shop.as_table'), 'models/as_table.sql:4:20');
    assert.is(at('model.shop.outer'), 'models/inner.sql:4:3');
    assert.is(at('test.shop.odd'), 'tests/odd.sql:3:7');
    assert.match(done.get('test.shop.odd' as never)?.message ?? '', 'astray');
    assert.equal(await shop.relations(), ['fine (view)']);
  });

  scenario('an error while rows are made leaves nothing, and what stood there before', async (open) => {
    const failing =
      "select 1 / (n - 1) as n, cast(cast(n as varchar(10)) || 'x' as integer) as bad from (select 1 as n union all select 2) as t";
    const shop = await open({ 'models/fresh.sql': config('table') + failing, 'models/kept.sql': config('table') + queryOf({ n: 7 }) });
    await shop.run('run');
    await shop.write('models/kept.sql', config('table') + failing);
    for (const command of ['run', 'build']) {
      assert.equal(statuses(await shop.run(command)), { 'model.shop.fresh': 'error', 'model.shop.kept': 'error' });
      assert.equal(await shop.relations(), ['kept (table)']);
      assert.equal(await shop.table('kept'), [['7']]);
    }
  });

  scenario('--empty makes every relation and reads no row, whatever alias a relation has or has not', async (open) => {
    const queries = [
      "select id from {{ ref('items') }}",
      "select r.id from {{ ref('items') }} as r",
      "select r.id from {{ ref('items') }}\n-- its rows\nr where r.id > 0",
      "select items.id from {{ ref('items') }} where items.id > 0",
      "select id from {{ ref('items') }} join {{ ref('other') }} using (id)",
      "select r.id from {{ ref('items') }} as r join {{ ref('other') }} o on o.id = r.id",
      `select "the r".id from {{ ref('items') }} "the r" /* and */ cross join {{ ref('other') }} group by "the r".id`,
      "select t.id from (select id from {{ ref('items') }}) as t, (select id as no from {{ ref('other') }} union all select id from {{ ref('inner') }}) as u",
      "select i.id from {{ ref('inner') }} as i",
    ];
    const asked = (alias: string): string =>
      `{{ run_query('select count(*) as n from ' ~ ref('items') ~ '${alias}').columns[0].values()[0] }}`;
    const shop = await open({
      'seeds/items.csv': 'id\n1\n2\n',
      'models/other.sql': "select id as id, 1 as other from {{ ref('items') }}",
      'models/inner.sql': `${config('ephemeral')}select id from {{ ref('items') }} r`,
      ...Object.fromEntries(queries.map((query, n) => [`models/m${n}.sql`, config('table') + query])),
      'models/asks.sql': `${config('table')}{% if execute %}select ${asked(' as x')} as n, ${asked('')} as m{% else %}select 1 -- {{ ref('items') }}{% endif %}`,
    });
    await shop.succeeds('seed');
    await shop.succeeds('run', { empty: true });
    assert.equal(await shop.table('asks'), [['0', '0']]);
    for (const [n, query] of queries.entries()) assert.equal(await shop.table(`m${n}`), [], query);
    await shop.succeeds('run');
    for (const [n, query] of queries.entries()) assert.equal(await shop.rows(`select min(id) from m${n}`), [['1']], query);
  });

  scenario('--dry-run prints what would run, in its order, and runs nothing', async (open) => {
    const shop = await open({
      'models/orders.sql': config('table') + queryOf({ id: 1 }),
      'models/added.sql': `${config('incremental', "unique_key='id'")}select id from {{ ref('orders') }}`,
      'models/marts/as_view.sql': "{{ config(schema='marts') }} select id from {{ ref('added') }}",
      'tests/any.sql': "select id from {{ ref('orders') }} where id < 0",
    });
    assert.match(output(await shop.build({ dryRun: true })), /create schema[\s\S]*marts[\s\S]*as_view/);
    assert.equal(await shop.relations('analytics', 'analytics_marts'), []);
    await shop.succeeds('build');
    await shop.write('models/orders.sql', config('table') + queryOf({ id: 2 }));
    const printed = output(await shop.build({ dryRun: true }));
    assert.match(
      printed,
      /-- model\.shop\.orders\n[\s\S]*orders__dwh_next[\s\S]*-- model\.shop\.added\n[\s\S]*delete from[\s\S]*insert into/,
    );
    assert.equal([await shop.table('orders'), await shop.relations()], [[['1']], ['added (table)', 'orders (table)']]);
  });

  scenario('a second statement in a model is refused', async (open) => {
    const shop = await open({ 'models/orders.sql': `${config('table')}select 1 as id; drop table kept`, 'seeds/kept.csv': 'id\n1\n' });
    assert.equal(statuses(await shop.build()), { 'model.shop.orders': 'error', 'seed.shop.kept': 'success' });
    assert.equal(await shop.relations(), ['kept (table)']);
  });
};
