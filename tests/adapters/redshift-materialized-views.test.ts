// Materialized views of Redshift, on the stand-in: what every warehouse does, and what is Redshift's own.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { redshiftDialect as dialect } from '../../src/adapters/redshift/dialect.ts';
import { ConfigReader } from '../../src/core/config-reader.ts';
import { conforms } from '../conformance/conforms.ts';
import { materializedViews } from '../conformance/materialized-views.ts';
import { openShop, type Shop } from '../conformance/shop.ts';
import { redshift } from '../conformance/warehouses.ts';
import { serializationError } from '../stand-in/errors.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { results, statuses } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';

conforms(redshift, { 'materialized views': materializedViews });

const test = suite('redshift: materialized views');

const model = (query: string, more = ''): string => `{{ config(materialized='materialized_view'${more && `, ${more}`}) }}\n${query}`;

async function onStandIn(
  files: Readonly<Record<string, string>>,
  work: (shop: Shop, said: () => readonly string[], standIn: StandIn) => Promise<void>,
): Promise<void> {
  const standIn = await StandIn.start();
  const shop = await openShop({ ...redshift, target: async () => standIn.target('analytics') }, files);
  let from = 0;
  const said = (): readonly string[] => {
    const all = standIn.transcript.map(({ sql }) => sql);
    const last = all.slice(from);
    from = all.length;
    return last;
  };
  try {
    await shop.rows('create table theirs (id int, name varchar(40))');
    await work(shop, said, standIn);
  } finally {
    await shop.close();
    await standIn.close();
  }
}

test("dist, sort, backup and auto_refresh are Redshift's attributes, in the order of its page", () => {
  const options = (values: Readonly<Record<string, unknown>>) =>
    dialect.tableOptions(new ConfigReader(values, { locate: () => undefined, problems: [] }), []);
  const text = (values: Readonly<Record<string, unknown>>): string =>
    dialect.materializedViews
      ?.create({ schema: 'a', identifier: 'b' }, 'select 1 as id;', options(values))
      .map(({ sql }) => sql)
      .join() ?? '';
  assert.is(text({}), 'create materialized view "a"."b" as (\nselect 1 as id\n)');
  assert.is(
    text({ dist: 'id', sort: ['id'], backup: false, auto_refresh: true }),
    'create materialized view "a"."b" backup no diststyle key distkey("id") compound sortkey("id") auto refresh yes as (\nselect 1 as id\n)',
  );
  assert.match(text({ dist: 'ALL', auto_refresh: 'false' }), '"b" diststyle all auto refresh no as');
});

test('another configuration makes it anew: dropped and made in one transaction, never renamed, nothing cascades', () =>
  onStandIn({ 'models/orders.sql': model('select id from theirs', "dist='id'") }, async (shop, said) => {
    await shop.succeeds('run');
    said();
    const runs: readonly (readonly [config: string, command: string, made: boolean])[] = [
      ["dist='id'", 'run', false],
      ["dist='id', sort='id'", 'run', true],
      ["dist='id', sort='id'", 'build', false],
      ["dist='id', sort='id', auto_refresh=true", 'build', true],
      ["sort='id', auto_refresh=true", 'run', true],
    ];
    for (const [more, command, made] of runs) {
      await shop.write('models/orders.sql', model('select id from theirs', more));
      await shop.succeeds(command);
      const all = said();
      const start = all.findIndex((sql) => sql.startsWith('drop materialized view'));
      assert.is(start >= 0, made, more);
      assert.is(
        all.some((sql) => sql.startsWith('refresh materialized view')),
        !made,
        more,
      );
      if (made) {
        const before = all.slice(0, start);
        assert.ok(before.lastIndexOf('begin') > before.lastIndexOf('commit'), more);
        assert.match(all[start + 1] ?? '', /^create materialized view (?:"[^"]+"\.)+"orders"/);
      }
      assert.not(
        all.some((sql) => /\brename\b|\bcascade\b/.test(sql)),
        more,
      );
    }
  }));

test('readers keep their rights; a view of others that stands on it is in the way', () =>
  onStandIn({ 'models/orders.sql': model('select id, name from theirs') }, async (shop) => {
    await shop.succeeds('run');
    await shop.rows("create user reader password 'Secret1'");
    await shop.rows('grant select on orders to reader');
    const rights = (): Promise<unknown> =>
      shop.rows(
        "select identity_name, privilege_type from svv_relation_privileges where relation_name = 'orders' and identity_name <> current_user",
      );
    const before = await rights();
    assert.equal(before, [['reader', 'select']]);
    await shop.write('models/orders.sql', model('select id from theirs'));
    await shop.succeeds('run');
    assert.equal(await rights(), before);
    await shop.rows('create view over_it as select id from analytics.orders');
    await shop.succeeds('run');
    await shop.write('models/orders.sql', model('select id, name from theirs'));
    const { problem } = results(await shop.run('run')).get('model.shop.orders') ?? {};
    hasProblem(problem ? [problem] : [], { code: 'dependent-view', message: 'over_it' });
    assert.equal(await shop.relations(), ['orders (materialized_view)', 'over_it (view)', 'theirs (table)']);
  }));

test('the table below it: rows are exchanged and refreshed; one that must be made anew stays while it stands', () => {
  const table = (query: string): string => `{{ config(materialized='table') }}\n${query}`;
  const files = {
    'models/base_rows.sql': table('select id from theirs'),
    'models/orders.sql': model("select id from {{ ref('base_rows') }}"),
  };
  return onStandIn(files, async (shop) => {
    await shop.succeeds('run');
    await shop.rows("insert into theirs values (1, 'a')");
    await shop.succeeds('run');
    assert.equal(await shop.table('orders'), [['1']]);
    await shop.write('models/base_rows.sql', table('select id, name from theirs'));
    const raw = results(await shop.run('run')).get('model.shop.base_rows');
    assert.equal([raw?.status, await shop.table('orders'), await shop.table('base_rows')], ['error', [['1']], [['1']]]);
    hasProblem(raw?.problem ? [raw.problem] : [], { code: 'dependent-view', message: 'orders' });
    await shop.rows('drop materialized view orders');
    await shop.succeeds('run');
    assert.equal([await shop.table('orders'), await shop.table('base_rows')], [[['1']], [['1', 'a']]]);
  });
});

test('a serialization failure or a lost connection at any of its statements repeats the whole of it', () =>
  onStandIn({ 'models/orders.sql': model('select id from theirs') }, async (shop, _said, standIn) => {
    await shop.succeeds('run');
    let more = 0;
    for (const kind of ['drop materialized view', 'create-materialized-view', 'refresh materialized view', 'commit']) {
      for (const fault of [{ error: serializationError('100200') }, { cut: 'before' }, { cut: 'after' }] as const) {
        const refreshes = kind.startsWith('refresh');
        if (!refreshes) more++;
        await shop.rows(`insert into theirs values (${more}, 'a')`);
        await shop.write('models/orders.sql', model(`select id, ${more} as more from theirs`));
        if (refreshes && fault.cut === undefined) await shop.succeeds('run');
        let struck = false;
        standIn.plan({
          when: (statement) => {
            const here = statement.kind === kind || (statement.tree?.kind === 'command' && statement.tree.command === kind);
            struck ||= here;
            return here;
          },
          fault,
        });
        await shop.succeeds('run');
        assert.ok(struck, kind);
        const [[rows, least, most] = []] = await shop.rows('select count(*), min(more), max(more) from orders');
        const [[all] = []] = await shop.rows('select count(*) from theirs');
        assert.equal([rows, least, most], [all, String(more), String(more)], `${kind} ${JSON.stringify(fault)}`);
        assert.equal(await shop.relations(), ['orders (materialized_view)', 'theirs (table)']);
      }
    }
  }));

test('a query that Redshift does not keep is refused, and the older one stays', () =>
  onStandIn({ 'models/orders.sql': model('select id from theirs') }, async (shop) => {
    await shop.succeeds('run');
    await shop.rows("insert into theirs values (1, 'a')");
    await shop.write('models/orders.sql', model('select id from theirs order by id'));
    for (const command of ['run', 'build']) {
      const events = await shop.run(command);
      assert.is(statuses(events)['model.shop.orders'], 'error');
      assert.match(results(events).get('model.shop.orders')?.problem?.message ?? '', 'A materialized view has no ORDER BY');
      assert.equal([await shop.table('orders'), await shop.relations()], [[], ['orders (materialized_view)', 'theirs (table)']]);
    }
  }));

test.run();
