// Enforced contracts and their constraints: what the query gives is held against what is declared before anything is built;
// keys keep their names, and foreign keys their tables, when another table takes the place of one.
import * as assert from 'uvu/assert';
import { results } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';

const CONTRACT = 'contract: {enforced: true}';
const SCHEMA = `models:
  - name: customers
    config: {${CONTRACT}}
    constraints:
      - {type: primary_key, columns: [id], name: pk_customers, warn_unenforced: false}
    columns:
      - {name: name, data_type: varchar(40), constraints: [{type: not_null}]}
      - {name: id, data_type: int}
  - name: orders
    config: {${CONTRACT}}
    constraints:
      - {type: foreign_key, columns: [customer_id], to: ref('customers'), to_columns: [id], warn_unenforced: false}
    columns:
      - {name: id, data_type: integer, constraints: [{type: not_null}, {type: unique, warn_unenforced: false}]}
      - name: customer_id
        data_type: integer
`;
const customers = (...names: readonly string[]): string =>
  config('table') + queryOf(...names.map((name, index) => ({ id: index + 1, name })));
const orders = (id: number, materialized = 'table'): string => config(materialized) + queryOf({ customer_id: 1, id });
const FILES = { 'models/schema.yml': SCHEMA, 'models/customers.sql': customers('Ann', 'Bob'), 'models/orders.sql': orders(7) };
/** Makes a build publish behind a test. */
const GATES = {
  'tests/no_customer.sql': "select id from {{ ref('customers') }} where id < 0",
  'tests/no_order.sql': "select id from {{ ref('orders') }} where id < 0",
};

async function failsAt(shop: Shop, command: string, select: string, wanted: Parameters<typeof hasProblem>[1]): Promise<readonly string[]> {
  const before = [await shop.table('customers'), await shop.table('orders'), await shop.relations()];
  const result = results(await shop.run(command, { select })).get(`model.shop.${select}` as never);
  assert.is(result?.status, 'error');
  hasProblem(result?.problem ? [result.problem] : [], wanted);
  assert.equal([await shop.table('customers'), await shop.table('orders'), await shop.relations()], before);
  return result?.problem?.detail ?? [];
}

const rowOf = (detail: readonly string[], column: string): string => detail.find((line) => line.startsWith(`${column} `)) ?? '';

export const contracts: Theme = (scenario, { adapter: { dialect }, follows }) => {
  const enforcesKeys = dialect.constraints.foreign_key === 'enforced';

  for (const gates of [{}, GATES])
    scenario(`tables are made as their contracts declare them, again and again${gates === GATES ? ', behind tests' : ''}`, async (open) => {
      const shop = await open({ ...FILES, ...gates });
      for (const [round, command] of ['build', 'run', 'build', 'build'].entries()) {
        await shop.write('models/customers.sql', customers('Ann', `Bob ${round}`));
        await shop.write('models/orders.sql', orders(round));
        const done = await shop.succeeds(command, { fullRefresh: round === 2 });
        assert.is(done.get('model.shop.customers' as never)?.message, 'CREATE TABLE (2 rows)');
        // In the contract's order, not in the query's.
        assert.equal(await shop.table('customers'), [
          ['Ann', '1'],
          [`Bob ${round}`, '2'],
        ]);
        assert.equal(await shop.table('orders'), [[String(round), '1']]);
      }
      assert.equal(await shop.relations(), ['customers (table)', 'orders (table)']);
      if (!enforcesKeys) return;
      const refused = async (sql: string): Promise<void> => {
        const error = await shop.rows(sql).then(
          () => undefined,
          (one: unknown) => one,
        );
        assert.ok(error !== undefined, sql);
      };
      await refused("insert into customers (id, name) values (1, 'Cy')");
      await refused('insert into customers (id, name) values (3, null)');
      await refused('insert into orders (id, customer_id) values (9, 3)');
      if (dialect.altersConstraints)
        assert.equal(
          await shop.rows("select conname from pg_constraint where contype = 'p' and conrelid = 'analytics.customers'::regclass"),
          [['pk_customers']],
        );
    });

  scenario('a query that does not keep its contract is an error at the column, and nothing is built', async (open) => {
    const shop = await open(FILES);
    await shop.succeeds('build');
    for (const materialized of ['table', 'view', 'incremental']) {
      const more = "on_schema_change='fail'";
      await shop.write('models/orders.sql', config(materialized, more) + queryOf({ customer_id: 'one', id: 8, extra: 1 }));
      for (const command of ['run', 'build']) {
        const detail = await failsAt(shop, command, 'orders', {
          code: 'contract',
          at: 'models/schema.yml:15:9',
          message: '2 columns differ',
        });
        assert.match(rowOf(detail, 'customer_id'), /^customer_id +\S.* +integer +of another type \(models\/schema.yml:15\)$/);
        assert.match(rowOf(detail, 'extra'), /^extra +integer +not in the contract$/);
      }
    }
    await shop.write('models/orders.sql', config('table') + queryOf({ id: 8 }));
    const lacks = await failsAt(shop, 'run', 'orders', { code: 'contract', message: 'one column differs' });
    assert.match(rowOf(lacks, 'customer_id'), /^customer_id +integer +not in the query/);
  });

  scenario('an incremental model is made as declared, and its new rows are held to the contract', async (open) => {
    const model = (id: number): string =>
      config('incremental', "unique_key='id', on_schema_change='fail'") + queryOf({ customer_id: 1, id });
    const shop = await open({ ...FILES, 'models/orders.sql': model(1) });
    await shop.succeeds('build');
    await shop.write('models/orders.sql', model(2));
    await shop.succeeds('build');
    assert.equal(await shop.table('orders'), [
      ['1', '1'],
      ['2', '1'],
    ]);
  });

  // What keeps watch over the statements would not let it pass.
  const toldOfTypes = 'a type that the warehouse does not have is told, with what it says';
  if (!follows)
    scenario(toldOfTypes, async (open) => {
      const shop = await open({ ...FILES, 'models/schema.yml': SCHEMA.replace('data_type: int}', 'data_type: intt}') });
      const result = results(await shop.run('run', { select: 'customers' })).get('model.shop.customers' as never);
      hasProblem(result?.problem ? [result.problem] : [], { code: 'contract', message: 'intt', at: 'models/schema.yml:' });
    });

  scenario('foreign keys of other tables stay, when the table that they point to is made anew', async (open) => {
    const shop = await open({ ...FILES, ...GATES });
    await shop.succeeds('build');
    const isKept = async (): Promise<void> => {
      if (!enforcesKeys) return;
      const broken = await shop.rows('insert into orders (id, customer_id) values (99, 99)').then(
        () => false,
        () => true,
      );
      assert.ok(broken, 'the foreign key is gone');
    };
    for (const command of ['run', 'build']) {
      await shop.write('models/customers.sql', customers('Ann', 'Bob', command));
      await shop.succeeds(command, { select: 'customers', fullRefresh: true });
      assert.is((await shop.table('customers')).length, 3);
      assert.equal(await shop.table('orders'), [['7', '1']]);
      await isKept();
    }
    if (!enforcesKeys) return;
    // Without the customer of an order.
    await shop.write('models/customers.sql', config('table') + queryOf({ id: 5, name: 'Eve' }));
    for (const command of ['run', 'build'])
      await failsAt(shop, command, 'customers', { code: 'dependent-table', message: 'orders', at: 'models/customers.sql' });
    await isKept();
    await shop.write('models/orders.sql', config('table') + queryOf({ id: 8, customer_id: 5 }));
    await shop.succeeds('build');
    assert.equal([await shop.table('customers'), await shop.table('orders')], [[['Eve', '5']], [['8', '5']]]);
    await isKept();
  });

  scenario('what the warehouse does not hold rows to is told', async (open) => {
    const check = 'constraints: [{type: check, expression: id > 0}, {type: unique}]';
    const yaml = `models: [{name: a, config: {${CONTRACT}}, columns: [{name: id, data_type: integer, ${check}}]}]\n`;
    const shop = await open({ 'models/a.yml': yaml, 'models/a.sql': config('table') + queryOf({ id: 1 }) });
    const warnings = (await shop.succeeds('run')).get('model.shop.a' as never)?.warnings ?? [];
    const wanted = [
      dialect.constraints.check === 'not supported' && 'constraint-not-supported',
      dialect.constraints.unique === 'not enforced' && 'constraint-not-enforced',
    ];
    assert.equal(
      warnings.map(({ code }) => code),
      wanted.filter((code) => code !== false),
    );
  });
};
