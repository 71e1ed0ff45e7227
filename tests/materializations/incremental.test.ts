import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Database, databaseOf } from '../support/database.ts';
import type { TextRow } from '../support/duckdb.ts';
import { type Fixture, output, project, type RequestOptions, results, statuses } from '../support/fixture.ts';
import { hasProblem, rejects } from '../support/rejects.ts';

const test = suite('materializations: incremental');

/** A project of its own, whose database stays open between runs. */
async function inShop<T>(work: (shop: Fixture, database: Database) => Promise<T>): Promise<T> {
  const shop = await project({ 'project.yml': 'name: shop\n' });
  const database = await databaseOf(shop);
  try {
    return await work(shop, database);
  } finally {
    database.close();
  }
}

/** The model's first run has the first query, each later one the next. */
async function runs(shop: Fixture, config: string, queries: readonly string[], command = 'run'): Promise<void> {
  for (const query of queries) {
    await shop.write('models/orders.sql', `{{ config(materialized='incremental'${config && `, ${config}`}) }}\n${query}`);
    const events = await shop.run(command);
    assert.equal(statuses(events), { 'model.shop.orders': 'success' }, results(events).get('model.shop.orders')?.message ?? '');
  }
}

const TABLE = 'from main.orders order by all';
const rowsAfter = (config: string, ...queries: readonly string[]): Promise<readonly TextRow[]> =>
  inShop(async (shop, database) => {
    await runs(shop, config, queries);
    return database.rows(TABLE);
  });
const rows = (text: string): string => `select * from (values ${text}) v(id, name)`;

test('without a key rows are appended', async () => {
  assert.equal(await rowsAfter('', rows("(1, 'a')"), rows("(1, 'a'), (2, 'b')")), [
    ['1', 'a'],
    ['1', 'a'],
    ['2', 'b'],
  ]);
  // With a key, too, when asked for.
  assert.equal(await rowsAfter("unique_key='id', incremental_strategy='append'", rows("(1, 'a')"), rows("(1, 'b')")), [
    ['1', 'a'],
    ['1', 'b'],
  ]);
});

test('without a key the other strategies append as well, as in dbt, and say so', async () => {
  for (const strategy of ['merge', 'delete+insert']) {
    const config = `incremental_strategy='${strategy}'`;
    for (const command of ['run', 'build'])
      await inShop(async (shop, database) => {
        await runs(shop, config, [rows("(1, 'a')")], command);
        await shop.write('tests/two.sql', "select count(*) from {{ ref('orders') }} having count(*) <> 2");
        const result = results(await shop.run(command)).get('model.shop.orders');
        assert.is(result?.status, 'success');
        hasProblem(result?.warnings ?? [], { code: 'unique-key-missing', message: `'${strategy}' only adds rows` });
        assert.equal(await database.rows(TABLE), [
          ['1', 'a'],
          ['1', 'a'],
        ]);
      });
  }
});

test('delete+insert, the default with a key, replaces all rows of a key by all new ones', async () => {
  const old = rows("(1, 'a'), (1, 'b'), (2, 'c')");
  const expected = [
    ['1', 'x'],
    ['1', 'y'],
    ['2', 'c'],
    ['3', 'z'],
  ];
  assert.equal(await rowsAfter("unique_key='id'", old, rows("(1, 'x'), (1, 'y'), (3, 'z')")), expected);
  assert.equal(
    await rowsAfter("unique_key=['id'], incremental_strategy='delete+insert'", old, rows("(1, 'x'), (1, 'y'), (3, 'z')")),
    expected,
  );
});

test('merge updates a row of the key, and adds the others', async () => {
  const config = "unique_key='id', incremental_strategy='merge'";
  assert.equal(await rowsAfter(config, rows("(1, 'a'), (2, 'b')"), rows("(2, 'y'), (3, 'z')")), [
    ['1', 'a'],
    ['2', 'y'],
    ['3', 'z'],
  ]);
});

for (const strategy of ['delete+insert', 'merge'])
  test(`${strategy}: NULL equals NULL in a key, also in one of several`, async () => {
    const config = `incremental_strategy='${strategy}', unique_key=`;
    assert.equal(await rowsAfter(`${config}'id'`, rows("(null, 'a'), (1, 'b')"), rows("(null, 'x')")), [
      ['1', 'b'],
      [null, 'x'],
    ]);
    const two = (text: string): string => `select * from (values ${text}) v(id, region, name)`;
    assert.equal(
      await rowsAfter(`${config}['id', 'region']`, two("(1, null, 'a'), (1, 'n', 'b')"), two("(1, null, 'x'), (2, null, 'y')")),
      [
        ['1', 'n', 'b'],
        ['1', null, 'x'],
        ['2', null, 'y'],
      ],
    );
  });

for (const strategy of ['delete+insert', 'merge'])
  test(`${strategy}: a key may be an expression, written in any case, or quoted`, async () => {
    const config = `incremental_strategy='${strategy}', unique_key=`;
    const old = rows("(1, 'Ada'), (2, 'Bob')");
    for (const key of [`"lower(name)"`, `['upper(NAME)']`, `"substr(name, 1, 1) || 'id'"`])
      assert.equal(
        await rowsAfter(config + key, old, rows("(7, 'Ada')")),
        [
          ['2', 'Bob'],
          ['7', 'Ada'],
        ],
        key,
      );
    for (const key of [`'ID'`, `'"id"'`])
      assert.equal(await rowsAfter(config + key, old, rows("(1, 'x')")), [
        ['1', 'x'],
        ['2', 'Bob'],
      ]);
    // A type in it is named like a column, and a function too.
    const dated = (text: string): string => `select * from (values ${text}) v(date, abs)`;
    assert.equal(
      await rowsAfter(
        `${config}["cast(date as date)", "abs(abs)"]`,
        dated("('2024-01-01', 1)"),
        dated("('2024-01-01', -1), ('2024-01-02', 1)"),
      ),
      [
        ['2024-01-01', '-1'],
        ['2024-01-02', '1'],
      ],
    );
  });

test('merge_update_columns and merge_exclude_columns say what changes of a row that is there', async () => {
  const query = (name: string, n: number): string => `select 1 as id, '${name}' as name, ${n} as n`;
  const after = (more: string) => rowsAfter(`unique_key='id', incremental_strategy='merge', ${more}`, query('a', 1), query('b', 2));
  assert.equal(await after("merge_update_columns=['n']"), [['1', 'a', '2']]);
  assert.equal(await after("merge_update_columns=['NAME', 'n']"), [['1', 'b', '2']]);
  assert.equal(await after("merge_exclude_columns=['n']"), [['1', 'b', '1']]);
  // Nothing is left to update.
  assert.equal(await after("merge_exclude_columns=['n', 'name']"), [['1', 'a', '1']]);
});

test('incremental_predicates narrow down which rows are compared', async () => {
  const old = rows("(1, 'a'), (2, 'b')");
  const fresh = rows("(1, 'x'), (2, 'y')");
  const both = [
    ['1', 'a'],
    ['1', 'x'],
    ['2', 'y'],
  ];
  for (const strategy of ['delete+insert', 'merge']) {
    const config = `unique_key='id', incremental_strategy='${strategy}', `;
    assert.equal(await rowsAfter(`${config}incremental_predicates=['DBT_INTERNAL_DEST.id > 1']`, old, fresh), both, strategy);
    assert.equal(await rowsAfter(`${config}predicates=["dbt_internal_source.name > 'x'"]`, old, fresh), both, strategy);
    assert.equal(
      await rowsAfter(`${config}incremental_predicates=['DBT_INTERNAL_SOURCE.id + DBT_INTERNAL_DEST.id > 2', 'true']`, old, fresh),
      both,
      strategy,
    );
  }
  // A delete knows one table only.
  assert.equal(await rowsAfter("unique_key='id', incremental_predicates=['id > 1']", old, fresh), both);
});

test('what is added is counted, and its statements are shown', async () => {
  const fixture = await project({ 'project.yml': 'name: shop\n' });
  await runs(fixture, "unique_key='id'", [rows("(1, 'a'), (2, 'b')")]);
  await fixture.write('models/orders.sql', `{{ config(materialized='incremental', unique_key='id') }} ${rows("(2, 'c')")}`);
  const result = results(await fixture.run('run')).get('model.shop.orders');
  assert.is(result?.message, 'INSERT (1 row)');
  assert.is(result?.adapterResponse.rows_affected, 1);
  const ran = await fixture.read('target/run/shop/models/orders.sql');
  assert.match(ran, /^begin;[\s\S]*create table "dwh"\."main"\."orders__dwh_stage"[\s\S]*delete from[\s\S]*insert into[\s\S]*commit;\n$/);
});

/** Two runs, the second of which does not go through; the table stays as it was. */
async function secondFails(config: string, first: string, second: string, wanted: Parameters<typeof rejects>[1]): Promise<void> {
  for (const command of ['run', 'build'])
    await inShop(async (shop, database) => {
      await runs(shop, config, [first]);
      const before = await database.rows(TABLE);
      await shop.write('models/orders.sql', `{{ config(materialized='incremental', ${config}) }}\n${second}`);
      await shop.write('tests/any.sql', "select 1 from {{ ref('orders') }} where false");
      const { problem, status } = results(await shop.run(command)).get('model.shop.orders') ?? {};
      assert.is(status, 'error');
      hasProblem(problem ? [problem] : [], { ...wanted, at: 'models/orders.sql' });
      assert.equal(await database.rows(TABLE), before);
      assert.equal(await database.relations(), ['main.orders (table)']);
    });
}

test('a merge stops at two new rows of one key, and names the keys', async () => {
  const config = "unique_key=['id', 'name'], incremental_strategy='merge'";
  await secondFails(config, rows("(1, 'a')"), rows("(null, 'a'), (null, 'a'), (2, 'b'), (3, 'c'), (3, 'c'), (3, 'c')"), {
    code: 'duplicate-key',
    message: '(3, c) 3 times; (NULL, a) 2 times',
  });
});

test('a key that is not a column is refused: of the query, of the table', async () => {
  await secondFails("unique_key='id'", rows("(1, 'a')"), "select 'a' as name", {
    code: 'unique-key-missing',
    message: "'id' is not a column of the model",
  });
  await secondFails("unique_key='id', on_schema_change='append_new_columns'", "select 'a' as name", rows("(1, 'a')"), {
    code: 'unique-key-missing',
    hint: '--full-refresh',
  });
});

test('columns of a merge that are not there are refused', async () => {
  await secondFails("unique_key='id', incremental_strategy='merge', merge_update_columns=['nme']", rows("(1, 'a')"), rows("(1, 'b')"), {
    code: 'merge-column-missing',
    message: "'nme' in merge_update_columns",
  });
});

test('an error of the query has its place in the model', async () => {
  await secondFails("unique_key='id'", rows("(1, 'a')"), 'select 1 as id, wrong as name', { code: 'database-error', message: 'wrong' });
});

test('configs that are wrong or contradict each other are refused before anything runs', async () => {
  const refused = async (config: string, wanted: Parameters<typeof hasProblem>[1]): Promise<void> => {
    const fixture = await project({
      'project.yml': 'name: shop\n',
      'models/orders.sql': `{{ config(materialized='incremental', ${config}) }} select 1 as id`,
    });
    await rejects(fixture.run('parse'), { ...wanted, at: 'models/orders.sql:1' });
  };
  await refused("unique_key='id', merge_update_columns=['a'], merge_exclude_columns=['b']", {
    code: 'config-value',
    message: 'exclude each other',
  });
  await refused("on_schema_change='append'", { code: 'config-value', message: "'append'" });
});

const schemaChange = (mode: string, first: string, ...later: readonly string[]) =>
  rowsAfter(`unique_key='id'${mode && `, on_schema_change='${mode}'`}`, first, ...later);

test('on_schema_change ignore, the default: new columns are left out, gone ones are NULL in new rows, and a warning lists both', async () => {
  assert.equal(await schemaChange('', 'select 1 as id, 2 as gone', "select 2 as id, 'x' as added"), [
    ['1', '2'],
    ['2', null],
  ]);
  const fixture = await project({ 'project.yml': 'name: shop\n' });
  await runs(fixture, "unique_key='id'", ['select 1 as id, 2 as gone']);
  await fixture.write('models/orders.sql', "{{ config(materialized='incremental', unique_key='id') }} select 2 as id, 'x' as added");
  const warnings = results(await fixture.run('run')).get('model.shop.orders')?.warnings ?? [];
  hasProblem(warnings, { code: 'columns-left-out', message: 'does not have the columns added (varchar)' });
  hasProblem(warnings, { code: 'columns-left-out', message: 'no longer has the columns gone (integer)' });
  assert.is(warnings.length, 2);
});

test('on_schema_change append_new_columns adds, and takes nothing away', async () => {
  assert.equal(
    await schemaChange('append_new_columns', 'select 1 as id, 2 as gone', "select 2 as id, 'x' as added", "select 3 as id, 'y' as ADDED"),
    [
      ['1', '2', null],
      ['2', null, 'x'],
      ['3', null, 'y'],
    ],
  );
});

test('on_schema_change sync_all_columns adds, drops and changes types', async () => {
  assert.equal(await schemaChange('sync_all_columns', "select 1 as id, 2 as gone, '7' as n", "select 2 as id, 8.5 as n, 'x' as added"), [
    ['1', '7.0', null],
    ['2', '8.5', 'x'],
  ]);
});

test('on_schema_change fail lists all that differs, and changes nothing', async () => {
  await secondFails(
    "unique_key='id', on_schema_change='fail'",
    'select 1 as id, 2 as gone, 3 as n',
    "select 2 as id, 'a' as n, 'x' as added",
    {
      code: 'schema-changed',
      message: 'new: added (varchar); gone: gone (integer); of another type: n (varchar)',
    },
  );
});

test('columns in another order or case are the same columns', async () => {
  for (const mode of ['ignore', 'append_new_columns', 'sync_all_columns', 'fail'])
    assert.equal(await schemaChange(mode, "select 1 as id, 'a' as name", "select 'b' as NAME, 2 as Id"), [
      ['1', 'a'],
      ['2', 'b'],
    ]);
});

test('a value of another type is cast to the column, or stops the run', async () => {
  assert.equal(await schemaChange('ignore', 'select 1 as id, 2 as n', "select 2 as id, '3' as n"), [
    ['1', '2'],
    ['2', '3'],
  ]);
  await secondFails("unique_key='id'", 'select 1 as id, 2 as n', "select 2 as id, 'three' as n", {
    code: 'database-error',
    message: 'three',
  });
});

test('no column in common is refused in every way', async () => {
  for (const mode of ['ignore', 'sync_all_columns'])
    await secondFails(`on_schema_change='${mode}'`, 'select 1 as id', "select 'a' as name", {
      code: 'schema-changed',
      message: 'in common',
    });
});

test('`this` is the table as it stands, and what is_incremental guards', async () => {
  const query = `select n from range(4) r(n) {% if is_incremental() %} where n > (select max(n) from {{ this }}) {% else %} where n < 2 {% endif %}`;
  assert.equal(await rowsAfter('', query, query, query), [['0'], ['1'], ['2'], ['3']]);
});

test('compile and show ask what stands there: the query is that of the next run', async () => {
  await inShop(async (shop) => {
    await shop.write(
      'models/orders.sql',
      "{{ config(materialized='incremental') }}select 1 as id {% if is_incremental() %}where 1 = 2{% endif %}",
    );
    const query = async (command: string, options: RequestOptions = {}): Promise<string> => output(await shop.run(command, options));
    assert.not.match(await query('compile', { select: 'orders' }), 'where');
    await shop.run('run');
    assert.match(await query('compile', { select: 'orders' }), 'where 1 = 2');
    assert.not.match(await query('show', { select: 'orders' }), '1 \n');
    assert.not.match(await query('compile', { select: 'orders', fullRefresh: true }), 'where');
    assert.not.match(await query('compile', { select: 'orders', introspect: false }), 'where');
  });
});

test.run();
