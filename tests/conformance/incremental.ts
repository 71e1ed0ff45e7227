// incremental models: how rows are added and replaced, and what becomes of the table when the query's columns change.
import * as assert from 'uvu/assert';
import { readingDuring } from '../support/database.ts';
import { results } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';

const model = (more: string, query: string): string => config('incremental', more) + query;
const named = (...rows: readonly (readonly [number | null, string])[]): string => queryOf(...rows.map(([id, name]) => ({ id, name })));

/** The model's first run, for which there is no table, has the first query, each later one the next; `build` tests it first. */
async function after(shop: Shop, more: string, queries: readonly string[], command = 'run'): Promise<Shop> {
  await shop.rows('drop table if exists orders');
  for (const query of queries) {
    await shop.write('models/orders.sql', model(more, query));
    await shop.succeeds(command);
    assert.equal(await shop.relations(), ['orders (table)']);
  }
  return shop;
}

export const incremental: Theme = (register, { boundViews, adapter }) => {
  /** All its cases are in one project. */
  const scenario = (title: string, body: (shop: Shop) => Promise<void>): void =>
    register(title, async (open) => body(await open({ 'tests/any.sql': "select 1 as one from {{ ref('orders') }} where 1 = 0" })));
  const MERGE = "unique_key='id', incremental_strategy='merge'";
  for (const command of ['run', 'build']) {
    const check = (title: string, more: string, queries: readonly string[], expected: readonly (readonly (string | null)[])[]): void =>
      scenario(`${command}: ${title}`, async (shop) => {
        await after(shop, more, queries, command);
        assert.equal(await shop.table('orders'), expected);
      });

    check(
      'without a key rows are appended',
      '',
      [named([1, 'a']), named([1, 'a'], [2, 'b'])],
      [
        ['1', 'a'],
        ['1', 'a'],
        ['2', 'b'],
      ],
    );
    check(
      'delete+insert replaces all rows of a key by all new ones, NULL a key like others',
      "unique_key='id'",
      [named([1, 'a'], [1, 'b'], [2, 'c'], [null, 'd']), named([1, 'x'], [1, 'y'], [3, 'z'], [null, 'n'])],
      [
        ['1', 'x'],
        ['1', 'y'],
        ['2', 'c'],
        ['3', 'z'],
        [null, 'n'],
      ],
    );
    check(
      'merge updates the row of a key, NULL among them, and adds the others',
      MERGE,
      [named([1, 'a'], [2, 'b'], [null, 'c']), named([2, 'y'], [3, 'z'], [null, 'n'])],
      [
        ['1', 'a'],
        ['2', 'y'],
        ['3', 'z'],
        [null, 'n'],
      ],
    );
  }

  for (const strategy of ['delete+insert', 'merge']) {
    scenario(`${strategy}: keys of several columns, of expressions, quoted, in another case`, async (shop) => {
      const by = async (key: string, ...queries: readonly string[]) =>
        (await after(shop, `incremental_strategy='${strategy}', unique_key=${key}`, queries)).table('orders');
      const region = (id: number, place: string | null, name: string) => ({ id, place, name });
      assert.equal(
        await by("['id', 'place']", queryOf(region(1, null, 'a'), region(1, 'n', 'b')), queryOf(region(1, null, 'x'), region(2, 'n', 'y'))),
        [
          ['1', 'n', 'b'],
          ['1', null, 'x'],
          ['2', 'n', 'y'],
        ],
      );
      const [old, fresh] = [named([1, 'Ada'], [2, 'Bob']), named([7, 'ADA'])];
      for (const key of ['"lower(name)"', '["substring(lower(name), 1, 2)"]'])
        assert.equal(
          await by(key, old, fresh),
          [
            ['2', 'Bob'],
            ['7', 'ADA'],
          ],
          key,
        );
      for (const key of ["'ID'", `'"id"'`])
        assert.equal(
          await by(key, old, named([1, 'x'])),
          [
            ['1', 'x'],
            ['2', 'Bob'],
          ],
          key,
        );
    });

    scenario(`${strategy}: predicates narrow down which rows are compared`, async (shop) => {
      const [old, fresh] = [named([1, 'a'], [2, 'b']), named([1, 'x'], [2, 'y'])];
      for (const predicate of [
        'DBT_INTERNAL_DEST.id > 1',
        "dbt_internal_source.name > 'x'",
        'DBT_INTERNAL_SOURCE.id + DBT_INTERNAL_DEST.id > 2',
      ]) {
        await after(shop, `unique_key='id', incremental_strategy='${strategy}', incremental_predicates=["${predicate}"]`, [old, fresh]);
        assert.equal(
          await shop.table('orders'),
          [
            ['1', 'a'],
            ['1', 'x'],
            ['2', 'y'],
          ],
          predicate,
        );
      }
    });
  }

  scenario('merge_update_columns and merge_exclude_columns say what changes of a row that is there', async (shop) => {
    const queries = [queryOf({ id: 1, name: 'a', n: 1 }), queryOf({ id: 1, name: 'b', n: 2 })];
    for (const [more, row] of [
      ["merge_update_columns=['n']", ['1', 'a', '2']],
      ["merge_update_columns=['NAME', 'n']", ['1', 'b', '2']],
      ["merge_exclude_columns=['n']", ['1', 'b', '1']],
      ["merge_exclude_columns=['n', 'name']", ['1', 'a', '1']],
    ] as const)
      assert.equal(await (await after(shop, `${MERGE}, ${more}`, queries)).table('orders'), [row], more);
  });

  /** The second run does not go through, and the table stays as it was. */
  const stops = async (shop: Shop, more: string, [first, second]: readonly [string, string], wanted: Parameters<typeof hasProblem>[1]) => {
    await after(shop, more, [first]);
    const before = await shop.table('orders');
    await shop.write('models/orders.sql', model(more, second));
    for (const command of ['run', 'build']) {
      const { status, problem } = results(await shop.run(command)).get('model.shop.orders' as never) ?? {};
      assert.is(status, 'error');
      hasProblem(problem ? [problem] : [], { ...wanted, at: 'models/orders.sql' });
      assert.equal([await shop.table('orders'), await shop.relations()], [before, ['orders (table)']]);
    }
  };

  scenario('a merge stops at two new rows of one key; a value that the column cannot take stops, too', async (shop) => {
    await stops(shop, MERGE, [named([1, 'a']), named([null, 'b'], [null, 'c'], [3, 'd'], [3, 'e'], [3, 'f'])], {
      code: 'duplicate-key',
      message: '(3) 3 times; (NULL) 2 times',
    });
    await stops(shop, "unique_key='id'", [queryOf({ id: 1, n: 2 }), queryOf({ id: 2, n: 'three' })], {
      code: 'database-error',
      message: 'three',
    });
    await stops(shop, "unique_key='id'", [named([1, 'a']), 'select 1 as id,\n  wrong as name'], {
      code: 'database-error',
      message: 'wrong',
      at: 'models/orders.sql:3:3',
    });
  });

  scenario('on_schema_change: ignore, append_new_columns, sync_all_columns, fail', async (shop) => {
    const [first, second] = [queryOf({ id: 1, gone: 2, n: 3 }), queryOf({ id: 2, n: 7, added: 'x' })];
    const with_ = async (mode: string) =>
      (await after(shop, `unique_key='id', on_schema_change='${mode}'`, [first, second], 'build')).rows('select * from orders order by id');
    assert.equal(await with_('ignore'), [
      ['1', '2', '3'],
      ['2', null, '7'],
    ]);
    assert.equal(await with_('append_new_columns'), [
      ['1', '2', '3', null],
      ['2', null, '7', 'x'],
    ]);
    assert.equal(await with_('sync_all_columns'), [
      ['1', '3', null],
      ['2', '7', 'x'],
    ]);
    await stops(shop, "unique_key='id', on_schema_change='fail'", [first, second], { code: 'schema-changed', message: 'new: added' });
    await after(shop, "unique_key='id', on_schema_change='sync_all_columns'", [queryOf({ id: 1, n: 3 }), queryOf({ id: 2, n: 7.25 })]);
    assert.equal(await shop.rows('select n from orders order by id'), [['3.00'], ['7.25']]);
  });

  scenario('ignore lists what is left out; columns in another order or case are the same columns', async (shop) => {
    await after(shop, "unique_key='id'", [queryOf({ id: 1, gone: 2 })]);
    await shop.write('models/orders.sql', model("unique_key='id'", queryOf({ id: 2, added: 'x' })));
    const { warnings = [] } = results(await shop.run('run')).get('model.shop.orders' as never) ?? {};
    hasProblem(warnings, { code: 'columns-left-out', message: 'does not have the columns added' });
    hasProblem(warnings, { code: 'columns-left-out', message: 'no longer has the columns gone' });
    for (const mode of ['ignore', 'append_new_columns', 'sync_all_columns', 'fail']) {
      const more = `unique_key='id', on_schema_change='${mode}'`;
      await after(shop, more, [queryOf({ id: 1, name: 'a' }), queryOf({ NAME: 'b', Id: 2 })]);
      assert.equal(await shop.rows('select id, name from orders order by id'), [
        ['1', 'a'],
        ['2', 'b'],
      ]);
    }
  });

  scenario('a table that loses or changes a column under a view: the view goes on, or is named', async (shop) => {
    const more = "unique_key='id', on_schema_change='sync_all_columns'";
    await after(shop, more, [queryOf({ id: 1, gone: 2, n: 3 })]);
    await shop.rows('create view others as select id, n from orders');
    if (boundViews === 'in the way') {
      await shop.write('models/orders.sql', model(more, queryOf({ id: 1, n: 2.25 })));
      for (const command of ['run', 'build']) {
        const { problem } = results(await shop.run(command)).get('model.shop.orders' as never) ?? {};
        hasProblem(problem ? [problem] : [], {
          code: 'dependent-view',
          message: '"others" is bound to ',
          at: 'models/orders.sql',
        });
        assert.equal([await shop.table('orders'), await shop.table('others')], [[['1', '2', '3']], [['1', '3']]]);
        assert.equal(await shop.relations(), ['orders (table)', 'others (view)']);
      }
      return;
    }
    for (const [n, command] of [
      [2.25, 'run'],
      [4.5, 'build'],
    ] as const) {
      await shop.write('models/orders.sql', model(more, queryOf({ id: 1, n })));
      await shop.succeeds(command);
      assert.equal(await shop.table('others'), [['1', n.toFixed(2)]]);
    }
    if (boundViews === undefined) return;
    await shop.write('models/orders.sql', model(more, queryOf({ id: 1, added: 'x' })));
    for (const command of ['run', 'build']) {
      const { problem } = results(await shop.run(command)).get('model.shop.orders' as never) ?? {};
      hasProblem(problem ? [problem] : [], { code: 'dependent-view', message: '"others" reads the column \'n\'' });
      assert.equal(await shop.table('others'), [['1', '4.50']]);
      assert.equal(await shop.relations(), ['orders (table)', 'others (view)']);
    }
  });

  scenario('`this` is the table as it stands; readers see the rows of one run after those of the other', async (shop) => {
    const query = `select n from ({% for n in range(6) %}select {{ n }} as n{{ ' union all ' if not loop.last }}{% endfor %}) as t
where n < {{ var('until') }} {% if is_incremental() %}and n > (select max(n) from {{ this }}){% endif %}`;
    await shop.write('models/orders.sql', model('', query));
    await shop.succeeds('run', { vars: { until: 2 } });
    for (const until of [4, 6]) {
      const answers = await readingDuring(
        shop,
        'select count(*) from orders',
        async () => void (await shop.succeeds('run', { vars: { until } })),
      );
      assert.equal(answers, [String(until - 2), String(until)]);
    }
    assert.equal(await shop.rows('select count(distinct n) from orders'), [['6']]);
  });

  scenario('a strategy that there is not stops the model, with those there are: at once, or where rows are added', async (shop) => {
    await shop.rows('drop table if exists orders');
    await shop.write('models/orders.sql', model("incremental_strategy='insert_overwrite', unique_key='id'", named([1, 'a'])));
    const run = async (fullRefresh = false): Promise<void> => {
      const { status, problem } = results(await shop.run('run', { fullRefresh })).get('model.shop.orders' as never) ?? {};
      if (status === 'success') return assert.is(adapter.dialect.needsStrategy, false);
      hasProblem(problem ? [problem] : [], {
        code: 'config-value',
        message: "is 'insert_overwrite', and may be 'append', 'delete+insert', 'merge', 'microbatch', 'default'",
        hint: 'get_incremental_insert_overwrite_sql',
        at: 'models/orders.sql',
      });
      assert.is(fullRefresh && !adapter.dialect.needsStrategy, false);
    };
    await run();
    assert.equal(await shop.relations(), adapter.dialect.needsStrategy ? [] : ['orders (table)']);
    await run(true);
    await shop.rows('drop table if exists orders');
    await shop.rows("create table orders as select 1 as id, 'a' as name");
    await run();
    assert.equal(await shop.table('orders'), [['1', 'a']]);
  });
};
