insert into mart.tiny (k, v) values ('de', 1) on conflict on constraint tiny_pkey do update set v = excluded.v

select distinct on (user_id) user_id, seen_at from visits order by user_id, seen_at desc

select user_id, array_agg(path order by seen_at) from visits group by user_id

select jsonb_build_object('a', a) from t

select payload ->> 'name' from logs.events

select generate_series(1, 10) from users

select * from users u cross join lateral (select * from visits v where v.user_id = u.id limit 1) x

create index visits_user on mart.visits (user_id)

create unique index concurrently i on t (a)

create table t (id serial primary key, doc jsonb)

create table t (id uuid default gen_random_uuid())

create table t (tags text[])

create table t (a int check (a > 0))

create table t (a int generated always as (b + 1) stored, b int)

create unlogged table t (a int)

create table t (a int) partition by range (a)

create table t (a int) with (fillfactor = 70)

create table t (a int) inherits (base)

alter table t alter column a set not null

alter table t alter column a set default 4

alter table t drop constraint if exists k

alter table t add column a int, add column b int

update t set (a, b) = (1, 2)

update t set a = 1 returning a

delete from only t

select sum(a) over (order by b range between interval '1 day' preceding and current row) from t

select sum(a) over (partition by b order by c) from t

select count(distinct a) over (partition by b) from t

select a from t for update skip locked

select a from t tablesample bernoulli (5)

select a from t fetch next 3 rows with ties

select coalesce(a, b) is not distinct from c from t

select string_agg(a, ',') filter (where b) from t

select now() - seen_at from mart.visits

select * from information_schema.tables i join mart.visits v on v.path = i.table_name

create materialized view m as select a from t order by a

create view v as select a from t with check option

create view v as select a from t with no schema binding

create trigger tr before insert on t for each row execute procedure f()

create extension postgis

create sequence s start 5

create type mood as enum ('ok', 'bad')

create domain zip as varchar(5)

create rule r as on insert to t do nothing

select nextval('s')

select a::uuid from t

select md5(a), to_tsvector('english', b) from t

select a from t where b = any(array[1, 2])

values (1, 2), (3, 4)

with d as (delete from t returning *) select * from d

merge into t using s on t.k = s.k when matched then do nothing

copy t from stdin with (format csv)

copy t to 's3://b/k'

copy t from 's3://b/k' csv

begin; vacuum t

savepoint sp1

listen channel

notify channel

reindex table t

cluster t using i

do $$ begin null; end $$

create or replace function f(a int) returns int as $$ begin return a; end; $$ language plpgsql

grant select (a) on t to public with hierarchy option

select lag(a) over (order by b rows between 1 preceding and current row) from t

select (select b from u where u.id = t.id limit 1) from t

select a from t union (select a from u limit 3)

select listagg(a, ',')

select a, b from t group by grouping sets ((a), (b)) with totals

select extract(millennium2 from a) from t

select unnest(array[1,2,3])

select concat('a', 'b', 'c')

create table user (id int)

select date_trunc('day', a, 'UTC') from t
