-- # queries
select 1

select title, author from books where published >= date '2001-01-01' order by title desc nulls last limit 20 offset 40

select distinct branch from loans

select all branch from loans

select top 5 title from books order by copies desc

select distinct top 5 branch from loans

select b.*, l.due from books b join loans l on l.book_id = b.id

select * from books as b (id, title)

select count(*), count(distinct reader_id), sum(fee)::decimal(18, 2) from fines group by branch having sum(fee) > 100

select branch, year, sum(fee) from fines group by rollup(branch, year)

select branch, year, sum(fee) from fines group by cube(branch, year)

select branch, year, grouping(branch), sum(fee) from fines group by grouping sets ((branch, year), (branch), ())

select branch, sum(fee) as total from fines group by all

select case when copies = 0 then 'gone' when copies < 3 then 'few' else 'many' end as stock from books

select case kind when 'novel' then 1 when 'poem' then 2 end from books

select title from books where author in ('Woolf', 'Joyce') and not (copies between 1 and 3) or isbn is not null

select title from books where title like 'A\\_%' escape '\\' and title not ilike '%draft%' and title similar to '(a|b)%'

select title from books where title ~ '^The' and title !~* 'second$'

select title from books where exists (select 1 from loans where loans.book_id = books.id)

select title from books where copies > all (select copies from branches_stock) or copies = any ((select least_copies from rules))

select title from books where (author, published) in (select author, max(published) from books group by author)

select -copies, +copies, @ copies, copies % 2, copies ^ 2, copies & 1, copies | 2, copies # 3, copies << 1, copies >> 1, ~ copies from books

select a || b || c from names where x <> y and x != z and p <= q and q >= r

select (select max(fee) from fines) as most, (((1 + 2)) * 3)

select ((select 1) union all (select 2)) as both_of_them

select title as "Der Titel", author writer, published "when" from books

select title as table, author as order, published as select from books

select timestamp, array, name, type, level, value, key, position, substring from events

select 'first part '
       'second part' as joined

select 'it''s', 'it\'s', E'tab\there', $$dollar 'quoted'$$, $tag$with $$ inside$tag$

select 1.5e-3, .5, 2., 10000000000

select null, true, false

select date '2026-01-01', timestamp '2026-01-01 10:00:00', timestamptz '2026-01-01 10:00:00+01', time '10:00', timestamp with time zone '2026-01-01 00:00:00+00'

select interval '1 day', interval '2' hour, interval '1-2' year to month, interval '3 4:05' day to minute

select cast(price as decimal(10, 2)), convert(integer, price), price::varchar(20), try_cast(price as smallint), price::double precision from books

select created at time zone 'UTC' at time zone 'Europe/Berlin' from loans

select extract(year from due), extract('month' from due), date_part(dow, due), date_part('epoch', due) from loans

select position('a' in title), substring(title from 2 for 3), trim(both 'x' from title), trim(leading from title), trim(title), trim('x' from title) from books

select current_date, sysdate, getdate(), current_user, session_user, user

select $1::int, $2 from books where id = $3

select * from (select 1 as a) where a = 1

select * from ((select 1 as a) union all (select 2)) x

select * from (books b join loans l on b.id = l.book_id) left join readers r on r.id = l.reader_id

select * from books natural join editions

select * from books cross join branches

select * from books inner join loans using (book_id) full outer join readers using (reader_id)

select * from catalogue.public.books

select id from a union select id from b intersect select id from c except select id from d minus select id from e order by 1

(select id from a) union all (select id from b) order by id limit 10

select title from books order by 1 limit all

select /* a comment /* within */ one */ title -- the end
from books

select 'a;b' as text, "a;b" from "odd;name"

-- # with
with late as (select * from loans where due < current_date) select count(*) from late

with late (id, due) as (select id, due from loans), worst as (select * from late where due < dateadd(year, -1, getdate())) select * from worst join late using (id)

with recursive chain(id, parent, depth) as (
  select id, parent, 1 from shelves where parent is null
  union all
  select s.id, s.parent, c.depth + 1 from shelves s join chain c on s.parent = c.id where c.depth < 9
) select * from chain order by depth

select (with m as (select max(fee) as fee from fines) select fee from m)

select * from (with m as (select 1 as a) select a from m) x

with recursive plain as (select 1 as a) select * from plain

create table t as (with recursive chain (id) as (select 1 union all select id + 1 from chain where id < 5) select * from chain)

with recursive chain (id) as (select 1 union all select id + 1 from chain where id < 5) delete from t using chain where chain.id = t.id

-- # windows
select row_number() over (partition by branch order by due desc nulls last) from loans

select rank() over (order by fee), dense_rank() over (order by fee), percent_rank() over (order by fee), cume_dist() over (order by fee), ntile(4) over (order by fee) from fines

select sum(fee) over (partition by branch order by due rows between unbounded preceding and current row) from fines

select avg(fee) over (order by due rows 3 preceding), max(fee) over (order by due rows between 1 preceding and 1 following) from fines

select sum(fee) over (partition by branch), count(*) over () from fines

select lag(fee, 1) ignore nulls over (partition by branch order by due), lead(fee) over (order by due) from fines

select first_value(fee ignore nulls) over (partition by branch order by due rows between unbounded preceding and unbounded following) from fines

select ratio_to_report(fee) over (partition by branch), nth_value(fee, 2) over (order by due rows unbounded preceding) from fines

select listagg(title, ', ') within group (order by title) over (partition by author) from books

select percentile_cont(0.5) within group (order by fee) over (partition by branch), median(fee) over (partition by branch) from fines

select title from books qualify row_number() over (partition by author order by published desc) = 1

select title, rank() over (order by copies desc) as place from books where copies > 0 qualify place <= 3

select branch, sum(fee) from fines group by branch qualify rank() over (order by sum(fee) desc) <= 3

-- # aggregates
select listagg(distinct author, '|') within group (order by author) from books

select median(fee), percentile_cont(0.9) within group (order by fee) from fines

select approximate count(distinct reader_id), approximate percentile_disc(0.5) within group (order by fee) from fines

select stddev(fee), stddev_pop(fee), stddev_samp(fee), variance(fee), var_pop(fee), var_samp(fee) from fines

select bool_and(paid), bool_or(paid), bit_and(flags), bit_or(flags), any_value(branch) from fines

select hll(reader_id), hll_cardinality(hll_create_sketch(reader_id)) from loans

select sum(distinct fee), sum(all fee), min(due), max(due) from fines

-- # redshift only
select * exclude (isbn, copies) from books

select * exclude isbn from books

select b.*, 1 as one exclude (isbn) from books b

select copies * price as worth, worth * 0.19 as tax from books

select * from (select kind, copies from books) pivot (sum(copies) as n for kind in ('novel' as novel, 'poem'))

select * from books_by_kind unpivot include nulls (n for kind in (novel, poem as verse)) as u

select b.title from books b, authors a where b.author_id = a.id(+) and a.country(+) = 'IE'

select id, parent, level from shelves start with parent is null connect by prior id = parent

select id from shelves connect by prior id = parent and level < 4 start with id = 1

select o.items[0].price, o.items[0]."Name", o.buyer.address.city from orders o

select i.price, at_place from orders o, o.items as i at at_place where i.price > 3

select k, v from orders o, unpivot o.attributes as v at k

select json_parse('{"a": [1, 2]}').a[1]::int

select payload.kind::varchar, payload.at::timestamp from events where is_object(payload)

select * into temp recent from loans where due > getdate()

select * into archive.loans_2025 from loans

select nvl(a, b, c), nvl2(a, b, c), decode(a, 1, 'one', 2, 'two', 'many'), coalesce(a, b), nullif(a, b), greatest(1, 2), least(1, 2) from t

select dateadd(month, 3, due), datediff(qtr, due, getdate()), date_trunc('week', due), last_day(due), add_months(due, 1), months_between(due, getdate()), next_day(due, 'Mon') from loans

select convert_timezone('UTC', 'Europe/Berlin', due), convert_timezone('Europe/Berlin', due), trunc(due), to_char(due, 'YYYY-MM'), to_date('2026', 'YYYY'), to_timestamp('2026', 'YYYY'), to_number('1', '9') from loans

select len(a), charindex('b', a), strpos(a, 'b'), left(a, 2), right(a, 2), lpad(a, 3, '0'), rpad(a, 3), reverse(a), initcap(a), repeat(a, 2), translate(a, 'x', 'y'), split_part(a, '-', 2), strtol(a, 16) from t

select regexp_replace(a, '[0-9]+', ''), regexp_substr(a, '[a-z]+', 1, 2), regexp_count(a, 'x'), regexp_instr(a, 'x'), replace(a, 'x', 'y') from t

select md5(a), sha1(a), sha2(a, 256), fnv_hash(a), farmfingerprint64(a), checksum(a), crc32(a), to_hex(a::varbyte) from t

select json_extract_path_text(doc, 'a', 'b', true), json_extract_array_element_text(doc, 0), is_valid_json(doc), json_array_length(doc), json_serialize(json_parse(doc)), can_json_parse(doc) from t

select array(1, 2), array_concat(array(1), array(2)), get_array_length(array(1)), object('a', 1), split_to_array('a,b', ','), array_flatten(array(array(1))), subarray(array(1, 2), 0, 1), json_typeof(array(1))

select round(x, 2), trunc(x, 1), ceil(x), floor(x), mod(x, 2), power(x, 2), sqrt(x), abs(x), sign(x), ln(x), log(x), exp(x), random(), pi(), degrees(x), cbrt(x) from t

select st_distance(st_point(1, 2), st_geomfromtext('POINT(3 4)')), st_astext(place) from branches

select f_fine(fee, 2), tools.fine_of(fee), pg_catalog.upper(branch) from fines

select collate(branch, 'case_insensitive') from fines

-- # catalogs
select "column", type, encoding, distkey, sortkey, "notnull" from pg_table_def where tablename = 'books'

select n.nspname, c.relname, pg_get_userbyid(c.relowner), obj_description(c.oid) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'v' and n.nspname = current_schema()

select a.attname, format_type(a.atttypid, a.atttypmod), a.attnum::int from pg_catalog.pg_attribute a where a.attrelid = 'public.books'::regclass and not a.attisdropped

select table_schema, table_name from information_schema.tables where table_schema ilike 'public'

select * from pg_get_late_binding_view_cols() cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)

select "schema", "table", diststyle, tbl_rows from svv_table_info order by size desc

select query, trim(querytxt) from stl_query where userid > 1 order by starttime desc limit 5

select query_id, loaded_rows, error_count from sys_load_history where table_name = 'loans'

select file_name, line_number, column_name, error_message from sys_load_error_detail where query_id = pg_last_copy_id()

select pg_last_copy_id(), pg_last_copy_count(), pg_backend_pid(), version(), current_database()

select current_schema(), current_schemas(true), has_table_privilege('books', 'select'), now(), age(timestamp '2020-01-01')

select generate_series(1, 10)

select * from generate_series(1, 10) as n

select current_database() as db, schema_name from svv_all_schemas

-- # changes
insert into loans values (1, 2, default, null), (3, 4, getdate(), 'x')

insert into loans (id, book_id) select id, book_id from returned

insert into loans (select * from staged_loans)

insert into loans default values

insert into loans (id) with fresh as (select id from staged_loans) select id from fresh

with fresh as (select id from staged_loans) insert into loans (id) select id from fresh

insert into loans (id, due) values ((select max(id) + 1 from loans), sysdate)

update loans set due = dateadd(day, 7, due), note = default where id in (1, 2)

update loans l set due = s.due from staged_loans s where s.id = l.id

update loans as l set due = null from staged_loans s join books b on b.id = s.book_id where s.id = l.id

with late as (select id from loans where due < getdate()) update loans set note = 'late' from late where late.id = loans.id

delete from loans

delete loans where id = 3

delete from loans using staged_loans s where s.id = loans.id and s.gone

delete from loans using staged_loans where (loans.id) in (select distinct id from staged_loans)

with gone as (select id from returned) delete from loans using gone where gone.id = loans.id

merge into loans using staged_loans s on loans.id = s.id when matched then update set due = s.due when not matched then insert (id, due) values (s.id, s.due)

merge into library.loans using library.staged_loans as s on library.loans.id = s.id when not matched then insert values (s.id, s.due) when matched then delete

merge into loans using staged_loans on loans.id = staged_loans.id remove duplicates

truncate loans

truncate table library.loans

-- # tables
create table books (id bigint not null, title varchar(300), primary key (id))

create table if not exists library.books (
  id integer identity(1, 1) not null,
  isbn char(13) encode zstd unique,
  title varchar(max) collate case_insensitive,
  price decimal(10, 2) default 9.99 encode az64,
  added timestamp default sysdate sortkey,
  branch_id integer references branches (id) distkey,
  extra super,
  digest varbyte(32),
  place geometry,
  span interval day to second,
  constraint books_isbn unique (isbn),
  foreign key (branch_id) references branches (id)
)

create table t (a int, b int) backup no diststyle key distkey (a) compound sortkey (a, b)

create table t (a int, b int) diststyle all interleaved sortkey (a, b) encode auto

create table t (a int) diststyle auto sortkey auto

create table t (a bigint generated by default as identity(0, 1), b real, c double precision, d float, e smallint, f boolean, g date, h time, i timetz, j timestamptz, k timestamp without time zone, l character varying(10), m nvarchar(5), n bpchar, o text, p numeric)

create temp table staged (like books including defaults)

create local temporary table staged (a int)

create table #staged (a int)

create table db.library.t (a int)

create table "Weird Name" ("Some Column" int, "order" int)

create table books_by_author as select author, count(*) as n from books group by author

create table library.top (author, n) diststyle key distkey (author) sortkey (n, author) as (select author, count(*) from books group by 1)

create table t distkey (1) sortkey (1, 2) as select a, b from s

create temporary table staged backup no as with x as (select 1 as a) select a from x

create table t as select * from a union all select * from b

alter table books rename to books_old

alter table library.books rename column title to name

alter table books owner to librarian

alter table books add column pages int default 0 encode az64 not null

alter table books add note varchar(100)

alter table books drop column note cascade

alter table books alter column title type varchar(500)

alter table books alter column title encode zstd, alter column isbn encode lzo

alter table books alter distkey branch_id

alter table books alter diststyle key distkey branch_id

alter table books alter diststyle even, alter sortkey (added)

alter table books alter compound sortkey (added, id)

alter table books alter sortkey none

alter table books alter encode auto

alter table books add constraint books_pk primary key (id)

alter table books drop constraint books_pk

alter table books append from staged_books ignoreextra

alter table books row level security on

alter table spectrum.visits add if not exists partition (day='2026-01-01') location 's3://library/visits/day=2026-01-01/'

alter table spectrum.visits set location 's3://library/visits/'

drop table books

drop table if exists library.books, readers cascade

-- # views
create view late as select * from loans where due < getdate()

create or replace view library.late (id, due) as select id, due from loans

create view library.late as (select l.id from library.loans l join library.books b on b.id = l.book_id) with no schema binding

create or replace view library.late as with l as (select * from library.loans) select * from l, library.books b where b.id = l.book_id with no schema binding

create view "dev"."library"."orders" as (select o.id, i.price from "dev"."library"."raw" o, o.items i) with no schema binding

drop view if exists late restrict

create materialized view fees_by_branch as select branch, sum(fee) as fees from fines group by branch

create materialized view fees_by_branch backup no diststyle key distkey (branch) sortkey (branch) auto refresh yes as select branch, count(*) as n from fines group by branch

refresh materialized view fees_by_branch

refresh materialized view library.fees_by_branch cascade

alter materialized view fees_by_branch auto refresh yes

drop materialized view if exists fees_by_branch

create view late as select id, due from loans; create or replace view late as select l.id, max(l.due) as due from loans l group by 1

create view late as select * from loans; create or replace view late as select id from loans

-- # loads
copy loans from 's3://library/loans/' iam_role 'arn:aws:iam::123456789012:role/loader'

copy library.loans (id, due) from 's3://library/run-7/manifest.json' iam_role default manifest format as json 's3://library/paths.json' gzip timeformat 'epochmillisecs' region 'us-west-2' statupdate off compupdate off maxerror 10

copy loans from 's3://library/loans.csv' credentials 'aws_iam_role=arn:aws:iam::123456789012:role/loader' csv quote as '''' delimiter ';' ignoreheader 1 null as '\\N' dateformat 'auto' acceptinvchars as '?' blanksasnull emptyasnull trimblanks

copy loans from 's3://library/loans/' access_key_id 'AK' secret_access_key 'SK' session_token 'T' delimiter '\t' removequotes ignoreblanklines acceptanydate encoding utf16 roundec

copy loans from 's3://library/loans/' iam_role default format parquet fillrecord serializetojson

copy loans from 's3://library/loans/' iam_role default orc manifest

copy loans from 's3://library/loans/' iam_role default json 'auto ignorecase' truncatecolumns ignoreallerrors

copy loans from 's3://library/loans/' iam_role default avro 'auto' bzip2 explicit_ids

copy loans from 's3://library/fixed/' iam_role default fixedwidth 'id:5,due:10' noload

copy #staged from 's3://library/hosts.json' iam_role default ssh

copy loans from 'dynamodb://Loans' iam_role default readratio 50

copy loans from 's3://library/loans/' iam_role 'arn:aws:iam::123456789012:role/loader' format csv job create loans_job auto off

copy job run loans_job

copy job list

copy job show loans_job

copy job alter loans_job auto on

unload ('select * from loans where branch = ''north''') to 's3://library/out/' iam_role default format csv header gzip parallel off allowoverwrite maxfilesize 100 mb

unload ($$select * from (select * from loans limit 5)$$) to 's3://library/out/' iam_role default parquet partition by (branch) include rowgroupsize 64 mb

unload ('select id from loans') to 's3://library/out/' credentials 'aws_iam_role=x' manifest verbose delimiter as '|' addquotes escape null as '-' cleanpath extension 'txt' region as 'eu-west-1'

-- # sessions
begin; lock library.loans; delete from library.loans; insert into library.loans select * from s; commit

begin transaction isolation level serializable; select 1; end transaction

start transaction isolation level snapshot, read only

begin work read write

rollback work

abort

lock table loans, library.books

set query_group to 'dwh'

set statement_timeout = 60000

set search_path to '$user', public, library

set enable_case_sensitive_identifier to true

set local datestyle to 'ISO, MDY'

set session timezone to 'UTC'

set time zone 'UTC'

set app_context.reader_id to 7

set query_group to default

set session authorization 'librarian'

set session characteristics as transaction isolation level read committed

reset query_group

reset all

reset session authorization

show query_group

show all

show search_path

use library

reset use

show databases

show schemas from database dev like 'lib%' limit 10

show tables from schema dev.library

show columns from table dev.library.loans like '%_id'

show grants on table library.loans

show grants for role librarian

show table library.loans

show view library.late

show external table spectrum.visits partition

show procedure tidy(int)

show model all

show datashares

begin; declare c cursor for select id from loans; fetch forward 100 from c; fetch next from c; fetch all from c; close c; commit

prepare by_id (int) as select * from loans where id = $1

execute by_id (3)

deallocate by_id

explain select 1

explain verbose insert into loans select * from s

cancel 18764 'too slow'

-- # upkeep
vacuum

vacuum full loans to 90 percent

vacuum sort only

vacuum reindex loans

vacuum loans boost

analyze

analyze loans (id, due)

analyze loans predicate columns

analyze compression loans comprows 100000

comment on table loans is 'who has what'

comment on column library.loans.due is 'the last day'

comment on view late is null

comment on column dev.library.loans.due is 'with the database'

-- # schemas and routines
create schema if not exists library authorization librarian quota 50 gb

create schema library

drop schema if exists library cascade

alter schema library rename to books

alter schema library quota unlimited

create external schema spectrum from data catalog database 'visits' iam_role default create external database if not exists

create external schema crm from postgres database 'crm' schema 'public' uri 'crm.example.org' port 5432 iam_role 'arn' secret_arn 'arn'

create external table spectrum.visits (id bigint, tags array<varchar(20)>, who struct<name:varchar(50), age:int>) partitioned by (day date) stored as parquet location 's3://library/visits/'

create external table spectrum.logs (line varchar(max)) row format delimited fields terminated by '|' stored as textfile location 's3://library/logs/' table properties ('skip.header.line.count' = '1')

create or replace function f_fine (integer, decimal(10, 2)) returns decimal(10, 2) immutable as $$ select $1 * $2 $$ language sql

create external function tools.score (varchar, int) returns float stable lambda 'score' iam_role default

create or replace procedure library.tidy (days in int, removed inout int) as $$ begin delete from loans; end; $$ language plpgsql security definer

create procedure noop () nonatomic as 'begin null; end' language plpgsql

call library.tidy(30, 0)

drop function f_fine (integer, decimal)

drop procedure if exists library.tidy (int, int)

create database branch_two owner librarian connection limit 10 collate case_insensitive isolation level snapshot

alter database dev rename to prod

create database shared with permissions from datashare loans_share of account '123456789012' namespace 'a1b2'

create database copied from integration 'a1b2' database 'crm' set refresh_interval 60 query_all_states = true

alter database copied integration refresh all tables

drop database branch_two

create library f_text language plpythonu from 's3://library/text.zip' iam_role default region as 'eu-west-1'

-- # access
grant select, insert on table library.loans to librarian with grant option

grant select on all tables in schema library to group readers, role analyst, public

grant usage, create on schema library to role analyst

grant select (id, due) on loans to reader

grant execute on function f_fine(integer, decimal) to public

grant assumerole on 'arn:aws:iam::123456789012:role/loader' to loader for copy, unload

grant role analyst to librarian with admin option

grant create table, drop table to role analyst

grant select for tables in schema library to role analyst

revoke all privileges on table loans from group readers

revoke grant option for select on loans from librarian

revoke role analyst from librarian

alter default privileges in schema library grant select on tables to group readers

alter default privileges for user loader revoke execute on functions from public

create user reader password 'Abcd1234' in group readers valid until '2027-01-01' connection limit 5

create user reader with password disable createdb syslog access restricted session timeout 600

alter user reader set search_path to library

alter user reader rename to reader_two

drop user if exists reader

create group readers with user anna, ben

alter group readers add user carla

drop group readers

create role analyst

alter role analyst rename to analysts

drop role analyst force

create datashare loans_share set publicaccessible false

alter datashare loans_share add table library.loans, library.books

grant usage on datashare loans_share to namespace 'a1b2'

desc datashare loans_share

drop datashare loans_share

create rls policy own_branch with (branch varchar(20)) using (branch = current_user)

attach rls policy own_branch on library.loans to role analyst

detach rls policy own_branch on library.loans from public

drop rls policy own_branch

create masking policy hide with (name varchar(50)) using ('***'::varchar(50))

attach masking policy hide on library.readers (name) to role analyst priority 10

-- # as dbt writes
create table "dev"."library"."loans__dbt_tmp" diststyle key distkey (id) compound sortkey (due) as (
  with source as (select * from "dev"."raw"."loans") select id, due from source
)

create  table "dev"."library"."loans" (id bigint, due date) diststyle auto; insert into "dev"."library"."loans" (select id, due from (select 1::bigint as id, getdate()::date as due) as model_subq)

alter table "dev"."library"."loans__dbt_tmp" rename to "loans"

drop table if exists "dev"."library"."loans__dbt_backup" cascade

delete from "dev"."library"."loans" where (id) in (select (id) from "loans__dbt_tmp123")

delete from "dev"."library"."loans" using "loans__dbt_tmp123" where ("loans__dbt_tmp123".id = "dev"."library"."loans".id and "loans__dbt_tmp123".day = "dev"."library"."loans".day)

insert into "dev"."library"."loans" ("id", "due") (select "id", "due" from "loans__dbt_tmp123")

merge into "dev"."library"."loans" using "loans__dbt_tmp123" as DBT_INTERNAL_SOURCE on (DBT_INTERNAL_SOURCE.id = "dev"."library"."loans".id) when matched then update set "due" = DBT_INTERNAL_SOURCE."due" when not matched then insert ("id", "due") values (DBT_INTERNAL_SOURCE."id", DBT_INTERNAL_SOURCE."due")

create view "dev"."library"."stg" as (select * from "dev"."raw"."loans") with no schema binding

create materialized view "dev"."library"."mv" backup yes diststyle even auto refresh no as (select id from "dev"."raw"."loans")

with bound_views as (
  select ordinal_position, table_schema, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
  from information_schema."columns" where table_name = 'loans'
), unbound_views as (
  select ordinal_position, view_schema, col_name,
    case when col_type ilike 'character varying%' then 'character varying' when col_type ilike 'numeric%' then 'numeric' else col_type end as col_type,
    case when col_type like 'character%' then nullif(REGEXP_SUBSTR(col_type, '[0-9]+'), '')::int else null end as character_maximum_length
  from pg_get_late_binding_view_cols() cols(view_schema name, view_name name, col_name name, col_type varchar, ordinal_position int)
  where view_name = 'loans'
), unioned as (select table_schema, column_name from bound_views union all select view_schema, col_name from unbound_views)
select * from unioned

select 'failures' as kind, count(*) as failures, count(*) != 0 as should_warn, count(*) > 10 as should_error from (select id from loans where id is null) dbt_internal_test

select case when (max(loaded_at)) is null then null else max(loaded_at) end as max_loaded_at, getdate() as snapshotted_at from "raw".loans

create temporary table "loans__dbt_tmp" as (select *, md5(coalesce(cast(id as varchar), '') || '|' || coalesce(cast(due as varchar), '')) as dbt_scd_id from loans)

alter table "dev"."library"."loans" add column "note" varchar(256)

comment on view "dev"."library"."late" is $dbt_comment_literal_block$who's late$dbt_comment_literal_block$

-- # as dwh writes
create table "library"."loans__stage_1a2b3c" as (
select id, due from "raw"."loans" where due > timestamp 'epoch' + 1700000000000 / 1000 * interval '1 second'
)

begin; lock "_dwh"."loads"; copy "raw"."loans" ("id", "due") from 's3://work/run-1/loans.manifest' iam_role 'arn:aws:iam::123456789012:role/loader' manifest format as json 's3://work/run-1/loans.paths' timeformat 'auto'; insert into "_dwh"."loads" ("source", "file", "etag", "rows", "at") select 'raw.loans', f, e, 10, getdate() from "_dwh"."files"; commit

delete from "library"."loans" as t where exists (select 1 from "library"."loans__stage" as s where t."id" = s."id")

delete from "library"."loans" using "library"."loans__stage" s where "library"."loans"."id" = s."id"

insert into "library"."loans" ("id", "due") select "id", "due" from "library"."loans__stage"

create view "library"."loans__candidate" as (
(select * from "library"."loans" as t where not exists (select 1 from "library"."loans__stage" as s where (t."id" = s."id" or (t."id" is null and s."id" is null)))) union all select * from "library"."loans__stage"
) with no schema binding

with bit as (select 0 as b union all select 1), counted as (
  select 1 + p0.b * 1 + p1.b * 2 as generated_number from bit as p0 cross join bit as p1
) select generated_number from counted where generated_number <= 3 order by generated_number
