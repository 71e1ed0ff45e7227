select o.order_id, nvl(o.discount, 0) as discount, datediff(hour, o.placed_at, o.shipped_at) from sales.orders o where o.placed_at >= dateadd(month, -3, date_trunc('month', getdate()))

select customer_id, listagg(distinct sku, '; ') within group (order by sku) from basket group by 1 having count(*) > 1

with recursive chain (id, parent, depth) as (select id, parent, 1 from staff where parent is null union all select s.id, s.parent, c.depth + 1 from staff s join chain c on s.parent = c.id) select * from chain where depth < 9

select region, sum(amount) over (partition by region order by day rows between 6 preceding and current row) as week from takings

select * from (select *, row_number() over (partition by user_id order by seen_at desc) as n from visits) where n = 1

select user_id, seen_at from visits qualify row_number() over (partition by user_id order by seen_at desc) = 1

create table mart.visits (visit_id bigint identity(0, 1), user_id integer not null encode az64, seen_at timestamp sortkey, path varchar(2000) encode lzo, primary key (visit_id)) diststyle key distkey (user_id)

create table if not exists mart.tiny (k char(2) primary key, v decimal(9, 3) default 0.0) diststyle all

create temp table picks (like mart.visits including defaults)

create table mart.days distkey(day) compound sortkey(day, region) as select day, region, count(*) as n from takings group by day, region

insert into mart.tiny values ('de', 1.5), ('fr', default), ('it', 2 + 2)

insert into mart.tiny (k) (select distinct left(country, 2) from users)

update mart.tiny set v = s.v from staging.tiny s where mart.tiny.k = s.k and s.v is not null

delete from mart.visits using banned b where mart.visits.user_id = b.id

merge into mart.tiny using staging.tiny s on mart.tiny.k = s.k when matched then update set v = s.v when not matched then insert values (s.k, s.v)

copy mart.visits (user_id, seen_at, path) from 's3://my-logs/2026/' iam_role 'arn:aws:iam::000000000000:role/reader' format as json 'auto' gzip timeformat 'epochmillisecs' maxerror 10

copy mart.tiny from 's3://my-logs/tiny.csv' iam_role default csv ignoreheader 1 delimiter '|' dateformat 'YYYY-MM-DD' acceptinvchars

copy mart.tiny from 's3://my-logs/tiny.parquet' iam_role default format as parquet

unload ('select * from mart.days where region = ''north''') to 's3://out/days_' iam_role default parquet partition by (region) allowoverwrite

alter table mart.visits alter distkey user_id

alter table mart.visits add column referrer varchar(512) default null

alter table mart.visits rename column path to url

create or replace view mart.recent as select * from mart.visits where seen_at > getdate() - interval '7 days' with no schema binding

create materialized view mart.by_day auto refresh yes as select seen_at::date as day, count(*) as n from mart.visits group by 1

refresh materialized view mart.by_day

drop view if exists mart.recent cascade

truncate mart.visits

vacuum sort only mart.visits to 95 percent

analyze mart.visits predicate columns

grant select, insert on all tables in schema mart to group analysts

grant usage on schema mart to role reader

alter default privileges in schema mart grant select on tables to public

create user zoe password disable

create schema if not exists mart authorization zoe

comment on column mart.tiny.v is 'how much'

set query_group to 'nightly'

select json_extract_path_text(payload, 'a', 'b', true) from logs.events

select e.payload.items[0].price::decimal(8,2) from logs.events e

select i.sku, i.qty from logs.events e, e.payload.items i

select case when a > b then 'x' when a = b then null else 'z' end, decode(a, 1, 'one', 2, 'two', 'many') from t

select date_part(dow, d), extract(epoch from d), to_char(d, 'YYYY-MM'), convert_timezone('UTC', 'Europe/Berlin', d) from t

select a, grouping(a), sum(b) from t group by rollup(a)

select a from t intersect select a from u minus select a from v order by 1 limit 5

select percentile_cont(0.9) within group (order by ms) from requests

select approximate count(distinct user_id), median(ms) from requests

select * from (select region, quarter, amount from takings) pivot (sum(amount) for quarter in ('q1', 'q2'))

lock table mart.tiny

show table mart.visits

create function mart.f_tax(numeric(9,2)) returns numeric(9,2) stable as $$ select $1 * 0.19 $$ language sql

call mart.nightly('2026-01-01', 3)

create procedure mart.nightly(d in date, n inout int) language plpgsql as $$ begin n := n + 1; end; $$

select top 5 * from mart.visits order by seen_at desc

explain verbose select 1

select regexp_substr(url, '[0-9]+', 1, 2), regexp_replace(url, '\\?.*$', ''), split_part(url, '/', 3) from mart.visits

select any_value(a), bool_or(b), stddev_pop(c), ratio_to_report(c) over () from t group by b, c

select u.*, v.n from users u left outer join (select user_id, count(1) n from visits group by user_id) v using (user_id)

select 'a' || b || 'c' ilike '%x%', a similar to '(b|c)%', a !~ '^z' from t

delete from t where id in (select id from u where u.k = t.k)
