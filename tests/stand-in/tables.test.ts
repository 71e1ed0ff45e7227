import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Client, connect, value } from './client.ts';
import { StandIn } from './stand-in.ts';

const test = suite<{ standIn: StandIn; client: Client }>('the stand-in: tables and views');

test.before(async (context) => {
  context.standIn = await StandIn.start();
  context.client = await connect(context.standIn);
  await context.client.rows('create schema shop');
});
test.after(async ({ standIn, client }) => {
  await client.pg.end();
  await standIn.close();
});

test('attributes go to the side catalogue; keys are kept and not enforced', async ({ client }) => {
  await client.rows(`create table shop.orders (
    id bigint identity(10, 5) encode az64, customer varchar(4) not null encode lzo distkey, state varchar default 'new', extra super, primary key (id)
  ) backup no compound sortkey (customer, id)`);
  await client.rows("insert into shop.orders (customer) values ('a'), ('b')");
  assert.equal(await client.rows('select id, customer, state, extra from shop.orders order by id'), [
    ['10', 'a', 'new', null],
    ['15', 'b', 'new', null],
  ]);
  assert.equal(await client.rows(`select diststyle, sortkey1, sortkey_num, tbl_rows from svv_table_info where "table" = 'orders'`), [
    ['KEY(customer)', 'customer', '2', '2'],
  ]);
  await client.rows('set search_path to shop, public');
  assert.equal(
    await client.rows(`select "column", type, encoding, distkey, sortkey, "notnull" from pg_table_def where tablename = 'orders'`),
    [
      ['id', 'bigint', 'az64', 'f', '2', 't'],
      ['customer', 'character varying(4)', 'lzo', 't', '1', 't'],
      ['state', 'character varying(256)', 'none', 'f', '0', 'f'],
      ['extra', 'super', 'none', 'f', '0', 'f'],
    ],
  );
  await client.rows('reset search_path');
  await client.rows('create table shop.twice (id int primary key); insert into shop.twice values (1), (1)');
  await client.rows('alter table shop.orders alter diststyle all');
  await client.rows('alter table shop.orders rename column customer to buyer');
  assert.equal(await client.rows(`select diststyle, sortkey1 from svv_table_info where "table" = 'orders'`), [['ALL', 'buyer']]);
  await client.rows('create table shop.none (id int)');
  assert.equal(await client.rows(`select 1 from svv_table_info where "table" = 'none'`), []);
});

test('strings are counted in bytes; NULL is refused with the column', async ({ client }) => {
  await client.rows('create table shop.names (id int not null, name varchar(4))');
  await client.rows("insert into shop.names values (1, 'éé')");
  assert.is(await client.outcome("insert into shop.names values (1, 'ééé')"), '22001 value too long for type character varying(4)');
  assert.is(await client.outcome("insert into shop.names values (1, 'abcde')"), '22001 value too long for type character varying(4)');
  assert.is(await client.outcome('insert into shop.names values (null)'), 'XX000 Cannot insert a NULL value into column id');
  assert.equal(await client.rows("select cast('aééé' as varchar(4)), 'aé'::varchar(2), cast(3 as varchar)"), [['aé', 'a', '3']]);
  assert.is(await client.outcome('select cast(true as varchar)'), '42846 cannot cast type boolean to character varying');
  await client.rows('create table shop.copied as select name from shop.names');
  assert.is(await client.outcome("insert into shop.copied values ('ééé')"), '22001 value too long for type character varying(4)');
  await client.rows('alter table shop.names alter column name type varchar(6)');
  assert.is(await client.outcome("insert into shop.names values (1, 'ééé')"), 'done');
  assert.match(await client.outcome('alter table shop.names alter column name type varchar(4)'), '0A000 ');
  assert.match(await client.outcome('begin; alter table shop.names alter column name type varchar(9)'), '25001 ');
  await client.rows('rollback');
});

test('names are kept in lower case, quoted or not', async ({ client }) => {
  await client.rows('create table shop."Mixed Case" ("A B" int); insert into SHOP."mixed case" values (1)');
  assert.equal(await client.rows('select "a b" from shop."MIXED CASE"'), [['1']]);
});

test('temporary tables are of a session', async ({ standIn, client }) => {
  await client.rows('create table #staged (id int); insert into #staged values (1)');
  assert.is(await value(client, 'select count(*) from #staged'), '1');
  const other = await connect(standIn);
  assert.match(await other.outcome('select * from #staged'), '42P01 ');
  await other.pg.end();
});

test('changes: UPDATE FROM, DELETE USING, MERGE with its error of two partners', async ({ client }) => {
  await client.rows('create table shop.t (id int, state varchar(9)); create table shop.s (id int, state varchar(9))');
  await client.rows("insert into shop.t values (1, 'old'), (2, 'old'); insert into shop.s values (2, 'new'), (3, 'new')");
  await client.rows(
    'merge into shop.t using shop.s on shop.t.id = s.id when matched then update set state = s.state when not matched then insert values (s.id, s.state)',
  );
  assert.equal(await client.rows('select * from shop.t order by id'), [
    ['1', 'old'],
    ['2', 'new'],
    ['3', 'new'],
  ]);
  await client.rows("insert into shop.s values (2, 'again')");
  assert.is(
    await client.outcome(
      'merge into shop.t using shop.s on shop.t.id = s.id when matched then delete when not matched then insert values (s.id, s.state)',
    ),
    'XX000 Found multiple matches to update the same tuple.',
  );
  await client.rows("update shop.t set state = 'same' from shop.s where shop.t.id = shop.s.id and s.state = 'new'");
  await client.rows('delete from shop.t using shop.s where shop.t.id = shop.s.id');
  assert.equal(await client.rows('select * from shop.t order by id'), [['1', 'old']]);
});

test('a late-binding view reads what has its names now', async ({ client }) => {
  await client.rows("create table shop.books (id int, title varchar(20)); insert into shop.books values (1, 'one')");
  await client.rows('create view shop.late as select title from shop.books with no schema binding');
  await client.rows('create view shop.later as select v.title from shop.late as v with no schema binding');
  assert.equal(await client.rows('select shop.later.title from shop.later'), [['one']]);
  await client.rows('alter table shop.books rename to former');
  assert.is(await client.outcome('select * from shop.later'), '42P01 relation "shop.books" does not exist');
  await client.rows("create table shop.books as select 'two' as title, 2 as id; drop table shop.former");
  assert.equal(await client.rows('select * from shop.later as l where l.title is not null'), [['two']]);
  await client.rows('set search_path to shop');
  assert.equal(await client.rows('select title from later'), [['two']]);
  assert.equal(await client.rows("with later as (select 'other' as title) select title from later"), [['other']]);
  await client.rows('reset search_path');
  assert.equal(
    await client.rows(
      `select view_schema, view_name, col_name, col_num from pg_get_late_binding_view_cols() cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int) order by view_name`,
    ),
    [
      ['shop', 'late', 'title', '1'],
      ['shop', 'later', 'title', '1'],
    ],
  );
  assert.equal(await client.rows(`select viewname from pg_views where definition ilike '%no schema binding%' order by 1`), [
    ['late'],
    ['later'],
  ]);
  await client.rows('drop view shop.late');
  assert.match(await client.outcome('select * from shop.later'), '42P01 ');
  assert.match(await client.outcome('create view shop.wrong as select * from books with no schema binding'), /^[^d]/);
});

test('a bound view follows its table, and keeps it from being dropped', async ({ client }) => {
  await client.rows(
    'create table shop.base (id int); insert into shop.base values (1); create view shop.bound as select id from shop.base',
  );
  await client.rows('alter table shop.base rename to renamed');
  assert.equal(await client.rows('select * from shop.bound'), [['1']]);
  assert.is(await client.outcome('drop table shop.renamed'), '2BP01 cannot drop table shop.renamed because other objects depend on it');
  assert.match(await client.outcome('create or replace view shop.bound as select id, 1 as more from shop.renamed'), '42P16 ');
  await client.rows('drop table shop.renamed cascade');
  assert.match(await client.outcome('select * from shop.bound'), '42P01 ');
});

test('materialized views are views to the catalogue', async ({ client }) => {
  await client.rows('create table shop.m (id int); create materialized view shop.mv distkey(id) as select id from shop.m');
  await client.rows('insert into shop.m values (1)');
  assert.is(await value(client, 'select count(*) from shop.mv'), '0');
  await client.rows('refresh materialized view shop.mv');
  assert.is(await value(client, 'select count(*) from shop.mv'), '1');
  assert.equal(
    await client.rows(
      `select c.relkind, v.definition ilike '%create materialized view%' from pg_class c join pg_views v on v.viewname = c.relname where c.relname = 'mv'`,
    ),
    [['v', 't']],
  );
  await client.rows('drop materialized view shop.mv');
});

test('rights: of users, groups, roles and everyone', async ({ client }) => {
  await client.rows(
    "create user zoe password 'Secret123'; create group readers with user zoe; create role auditors; create table shop.r (id int)",
  );
  await client.rows(
    'grant select on shop.r to zoe; grant insert on shop.r to group readers; grant update on table shop.r to role auditors; grant select on shop.r to public',
  );
  const rights = `select identity_type, identity_name, privilege_type from svv_relation_privileges where relation_name = 'r' and identity_name <> current_user order by 1, 2, 3`;
  assert.equal(await client.rows(rights), [
    ['group', 'readers', 'insert'],
    ['public', 'public', 'select'],
    ['role', 'auditors', 'update'],
    ['user', 'zoe', 'select'],
  ]);
  await client.rows('revoke select on shop.r from public');
  assert.is((await client.rows(rights)).length, 3);
});

test('settings, comments, locks', async ({ client }) => {
  await client.rows("set query_group to 'nightly'");
  assert.is(await value(client, 'show query_group'), 'nightly');
  assert.match(await client.outcome('set standard_conforming_strings to on'), /^(42704|0A000)/);
  await client.rows("comment on table shop.r is 'it''s'; comment on column shop.r.id is null");
  await client.rows('begin; lock table shop.r; insert into shop.r values (1); commit');
  await client.rows('analyze shop.r; vacuum delete only shop.r');
  assert.match(await client.outcome('vacuum shop.missing'), '42P01 ');
});

test('names have 127 bytes, more than Postgres keeps, and are told as they are', async ({ client }) => {
  const [table, view, column] = ['table', 'view', 'column'].map((end) => `${'é'.repeat(55)}_${end}`);
  await client.rows(`create table shop.${table} as select 1 as ${column}`);
  await client.rows(`create view shop.${view} as select ${column} from shop.${table} with no schema binding`);
  assert.is((await client.pg.query(`select * from shop.${view}`)).fields[0]?.name, column);
  assert.equal(await client.rows(`select relname from pg_class where relname in ('${table}', '${view}') order by relname`), [
    [table ?? ''],
    [view ?? ''],
  ]);
  assert.equal(
    await client.rows(
      `select col_name from pg_get_late_binding_view_cols() as cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int) where view_name = '${view}'`,
    ),
    [[column ?? '']],
  );
  assert.is(await client.outcome(`create table shop.${table} (n int)`), `42P07 relation "${table}" already exists`);
  await client.rows(`drop table shop.${table}`);
  assert.match(await client.outcome(`select ${column} from shop.${view}`), `relation "shop.${table}" does not exist`);
});

test.run();
