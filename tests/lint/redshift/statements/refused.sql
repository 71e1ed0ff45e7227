-- # unrecognised
selekt 1

select from books

select 1 +

select * from books where

select a b c from t

select * from books limit 5 5

insert loans values (1)

update loans where id = 1

create table t (a int,)

select * from a join b

select * from a natural b

drop everything

select (1, 2

select 1) from t

grant select on loans

copy loans from s3 iam_role default

select 'a' 'b' ? 'c' from

create function f () returns int as $$ select 1 $$

show

select b.id from books order

-- # reserved-word
create table user (id int)

create table t (tag varchar(10))

select tag from books

select * from raw.loans

create view analyze as select 1 as a

update loans set delta = 1

-- # unterminated
select 'no end

select "no end from books

select $$no end

select 1 /* no end

select x'00'

select n'text'

select U&'\0041'

select 12abc

select "" from t

select { 1 }

-- # distinct-on
select distinct on (author) author, title from books order by author, published

-- # filter-clause
select sum(fee) filter (where paid) from fines

select listagg(title, ',') within group (order by title) filter (where copies > 0) from books

-- # lateral
select b.id, l.n from books b cross join lateral (select count(*) as n from loans where book_id = b.id) l

select * from books b, lateral (select 1 as one) x

-- # values-list
select * from (values (1, 'a'), (2, 'b')) as v (id, name)

with v as (values (1), (2)) select * from v

select 1 union all values (2)

select id from books where id in (values (1))

-- # is-distinct-from
select * from books where a is distinct from b

select * from books where not (a is not distinct from b)

-- # window-clause
select sum(fee) over w from fines window w as (partition by branch)

select rank() over w from fines

-- # frame-mode
select sum(fee) over (order by due range between unbounded preceding and current row) from fines

select sum(fee) over (order by due groups 2 preceding) from fines

-- # frame-exclude
select sum(fee) over (order by due rows between 1 preceding and 1 following exclude current row) from fines

-- # tablesample
select * from loans tablesample system (5)

-- # fetch-first
select * from loans order by due fetch next 3 rows only

select * from loans offset 3 rows fetch first row only

-- # limit-comma
select * from loans limit 10, 20

-- # for-update
select * from loans where id = 1 for update

select * from loans for share

select * from loans for no key update

-- # only
select * from only loans

delete from only loans where id = 1

-- # with-ordinality
select * from generate_series(1, 3) with ordinality

-- # cte-materialized
with late as materialized (select * from loans) select * from late

with late as not materialized (select * from loans) select * from late

-- # cte-search
with recursive r (id) as (select 1 union all select id + 1 from r where id < 9) cycle id set c using p select * from r

-- # modifying-cte
with gone as (delete from loans where id = 1) select * from gone

with added as (insert into loans values (1)) select 1

-- # intersect-all
select id from a intersect all select id from b

select id from a except all select id from b

-- # set-distinct
select id from a union distinct select id from b

-- # order-using
select * from loans order by id using >

-- # group-distinct
select branch, count(*) from fines group by distinct branch

-- # array-constructor
select array[1, 2]

-- # row-constructor
select row(1, 'a')

-- # any-array
select * from loans where id = any ('{1,2}')

select * from loans where id <> all (array(1, 2))

-- # no-operator
select doc -> 'a' from events

select doc ->> 'a' from events

select doc #>> '{a,b}' from events

select a @> b from events

select a && b from events

select a ? b from events

select a ~~ b from events

-- # placeholder
select * from loans where id = (? )

-- # collate-expression
select * from books order by title collate "C"

-- # named-argument
select dateadd(day, 1, d => due) from loans

-- # variadic-argument
select coalesce(variadic x) from t

create function f (variadic x int) returns int immutable as $$ select 1 $$ language sql

-- # aggregate-order
select listagg(title, ',' order by title) from books

-- # between-symmetric
select * from books where copies between symmetric 3 and 1

-- # like-any
select * from books where title like any (array['a%', 'b%'])

-- # overlay
select overlay(title placing 'x' from 1 for 2) from books

-- # is-json
select * from events where doc is json

-- # is-document
select * from events where doc is document

-- # on-conflict
insert into loans (id) values (1) on conflict do nothing

insert into loans (id) select id from s on conflict (id) do update set id = excluded.id

insert into loans (id) values (1) on duplicate key update id = 2

-- # returning
insert into loans (id) values (1) returning *

update loans set id = 1 where id = 2 returning id

delete from loans using s where s.id = loans.id returning loans.id

-- # overriding
insert into loans (id) overriding system value values (1)

-- # insert-alias
insert into loans as l (id) values (1)

-- # tuple-assignment
update loans set (due, note) = (getdate(), 'x') where id = 1

-- # qualified-assignment
update loans set loans.due = getdate()

-- # current-of
delete from loans where current of c

-- # delete-from-needed
delete loans using s where s.id = loans.id

-- # with-merge
with s as (select * from staged) merge into loans using s on loans.id = s.id remove duplicates

-- # merge-condition
merge into loans using s on loans.id = s.id when matched and s.gone then delete when not matched then insert values (s.id)

merge into loans using s on loans.id = s.id when matched then delete when not matched and s.id > 1 then insert values (s.id)

-- # merge-clauses
merge into loans using s on loans.id = s.id when matched then delete

merge into loans using s on loans.id = s.id when not matched then insert values (s.id)

merge into loans using s on loans.id = s.id when matched then delete when matched then update set due = s.due when not matched then insert values (s.id)

merge into loans using s on loans.id = s.id when matched then delete when not matched by source then delete

-- # merge-action
merge into loans using s on loans.id = s.id when matched then do nothing when not matched then insert values (s.id)

merge into loans using s on loans.id = s.id when matched then delete when not matched then do nothing

-- # merge-alias
merge into loans l using s on l.id = s.id remove duplicates

merge into loans as l using s on l.id = s.id when matched then delete when not matched then insert values (s.id)

-- # merge-source
merge into loans using (select * from staged) s on loans.id = s.id remove duplicates

-- # copy-direction
copy loans to 's3://library/out/'

copy (select * from loans) to stdout

-- # copy-source
copy loans from stdin

copy loans from '/var/data/loans.csv' iam_role default csv

copy loans from program 'cat loans.csv'

-- # copy-options
copy loans from 's3://library/loans/' with (format csv, header true)

-- # copy-parameter
copy loans from 's3://library/loans/' iam_role default header

copy loans from 's3://library/loans/' iam_role default format xml

-- # unload-parameter
unload ('select 1') to 's3://library/out/' iam_role default orc

-- # truncate-options
truncate loans, books

truncate loans restart identity

truncate only loans

-- # call-statement
call tidy

call tidy(days => 3

-- # savepoint
savepoint one

rollback to savepoint one

rollback to one

rollback work to savepoint one

-- # transaction-words
begin deferrable

begin isolation level chaos

-- # transaction-chain
commit and chain

rollback and no chain

-- # lock-mode
lock table loans in exclusive mode

lock loans nowait

-- # explain-options
explain analyze select 1

explain (costs off) select 1

-- # vacuum-options
vacuum (full, verbose) loans

vacuum freeze loans

vacuum verbose loans

-- # analyze-options
analyze (verbose) loans

analyze loans skip_locked

-- # cursor-options
begin; declare c scroll cursor for select 1

begin; declare c cursor with hold for select 1

begin; declare c binary cursor for select 1

-- # fetch-direction
fetch backward 3 from c

fetch prior from c

fetch absolute 3 from c

-- # set-words
set query_group

set constraints all deferred

-- # grant-words
grant trigger on loans to reader

grant connect on database dev to reader

-- # check-constraint
create table t (a int check (a > 0))

create table t (a int, constraint positive check (a > 0))

alter table t add constraint positive check (a > 0)

-- # exclude-constraint
create table t (a int, exclude using gist (a with =))

-- # generated-column
create table t (a int, b int generated always as (a * 2) stored)

create table t (a int, b int as (a * 2))

-- # identity-always
create table t (a int generated always as identity)

-- # identity-options
create table t (a int identity(1))

create table t (a int generated by default as identity (start with 10 increment by 2))

-- # referential-action
create table t (a int references s (id) on delete cascade)

create table t (a int, foreign key (a) references s (id) on update set null)

create table t (a int references s match full)

-- # deferrable
create table t (a int references s (id) deferrable initially deferred)

create table t (a int, unique (a) not deferrable)

-- # like-options
create table t (like s including indexes)

create table t (like s including defaults including constraints)

-- # column-collation
create table t (a varchar(10) collate "de_DE")

-- # partition-by
create table t (a int) partition by list (a)

create table t partition of s for values in (1)

-- # inherits
create table t (a int) inherits (s)

-- # tablespace
create table t (a int) tablespace fast

-- # storage-parameters
create table t (a int) with (autovacuum_enabled = false)

create table t (a int) without oids

-- # on-commit
create temp table t (a int) on commit drop

-- # of-type
create table t of book_type

-- # table-attribute
create table t a int

create table t (a int) engine = innodb

create table t (a int) cluster by (a)

-- # table-without-columns
create table t ()

-- # ctas-if-not-exists
create table if not exists t as select 1 as a

-- # ctas-encode
create table t encode auto as select 1 as a

-- # with-no-data
create table t as select 1 as a with no data

create materialized view v as select a from t with data

-- # add-columns
alter table t add column a int, add column b int

alter table t drop column a, drop column b

-- # alter-combination
alter table t rename to s, owner to anna

alter table t add constraint t_pk primary key (a), add constraint t_u unique (b)

-- # column-if-exists
alter table t add column if not exists a int

alter table t drop column if exists a

-- # alter-if-exists
alter table if exists t add column a int

-- # alter-not-null
alter table t alter column a set not null

alter table t alter column a drop not null

-- # alter-default
alter table t alter column a set default 1

alter table t alter a drop default

-- # alter-using
alter table t alter column a type varchar(20) using a::varchar

-- # alter-set-data-type
alter table t alter column a set data type varchar(20)

-- # set-schema
alter table t set schema library

-- # enable-rls
alter table t enable row level security

alter table t force row level security

-- # alter-action
alter table t cluster on t_idx

alter table t inherit s

alter table t alter column a set statistics 100

-- # alter-materialized-view
alter materialized view v rename to w

alter materialized view v set schema library

-- # view-options
create view v with (security_barrier) as select 1 as a

create view v as select a from t with check option

create view v as select a from t with cascaded check option

-- # mv-options
create materialized view if not exists v as select a from t

create materialized view v with (fillfactor = 70) as select a from t

-- # refresh-options
refresh materialized view concurrently v

refresh materialized view v with no data

-- # drop-options
drop table loans purge

drop table concurrently loans now

-- # returns-trigger
create function f () returns trigger as $$ begin return new; end $$ language plpgsql

-- # returns-table
create function f () returns table (a int) stable as $$ select 1 $$ language sql

create function f () returns setof int stable as $$ select 1 $$ language sql

-- # function-language
create function f () returns int stable as $$ return 1 $$ language plv8

create function f () returns int stable as $$ begin return 1; end $$ language plpgsql

create procedure p () as $$ select 1 $$ language sql

-- # function-options
create function f () returns int stable strict as $$ select 1 $$ language sql

create function f (int) returns int immutable parallel safe as $$ select 1 $$ language sql

-- # argument-default
create function f (a int default 1) returns int stable as $$ select 1 $$ language sql

-- # unknown-function
select string_agg(title, ',') from books

select array_agg(id) from loans

select bool_every(paid) from fines

select covar_pop(a, b), regr_slope(a, b) from t

select width_bucket(fee, 0, 10, 5) from fines

select setseed(0.5)

select gen_random_uuid()

select uuid_generate_v4()

select to_json(a) from t

select jsonb_build_object('a', 1)

select json_agg(a) from t

select make_date(2026, 1, 1)

select make_interval(1)

select bit_length(title), quote_nullable(title) from books

select encode(digest, 'hex') from books

select convert_from(digest, 'utf8') from books

select regexp_like(title, 'x') from books

select concat_ws(',', a, b) from t

select ifnull(a, 0) from t

select iff(a > 1, 'x', 'y') from t

select strftime(due, '%Y') from loans

select date_diff('day', a, b) from t

select list_aggregate(x, 'sum') from t

select nextval('ids')

select currval('ids')

select pg_relation_size('loans')

select pg_advisory_lock(1)

select inet_client_addr()

select txid_current()

select statement_timestamp()

select unnest(x) from t

select * from unnest(x) as u

select * from json_array_elements('[1]')

select generate_subscripts(x, 1) from t

select ts_rank(a, b) from t

select xpath('a', b) from t

select cardinality(x) from t

select pg_catalog.string_agg(title, ',') from books

-- # function-arguments
select concat('a', 'b', 'c')

select upper()

select dateadd(day, 1) from loans

select datediff(a, b) from t

select nvl2(a, b) from t

select split_part('a-b', '-') from t

select to_timestamp(1700000000)

select lag(fee, 1, 0) over (order by due) from fines

select getdate(1)

select sha2(title) from books

select round(1, 2, 3)

select count(a, b) from t

-- # argument-type
select sum(title::varchar) from books

select sum(a = b) from t

select abs(true)

select upper(a > b) from t

select dateadd(day, 1, 5)

select avg('a' || 'b') from t

select bool_and(due::date) from loans

-- # date-part
select extract(isodow from due) from loans

select date_trunc('fortnight', due) from loans

select dateadd(lustrum, 1, due) from loans

select datediff('decadeish', a, b) from t

-- # window-needs-over
select row_number() from loans

select lag(fee) from fines

-- # over-not-window
select upper(branch) over (partition by branch) from fines

select getdate() over ()

-- # window-needs-frame
select sum(fee) over (partition by branch order by due) from fines

select count(*) over (order by due) from loans

select last_value(fee) over (order by due) from fines

-- # window-no-frame
select row_number() over (order by due rows unbounded preceding) from loans

-- # window-needs-order
select lag(fee) over (partition by branch) from fines

-- # window-distinct
select count(distinct reader_id) over (partition by branch) from loans

-- # window-constant
select row_number() over (order by 'x') from loans

select sum(fee) over (partition by 'x') from fines

-- # window-frame-order
select sum(fee) over (order by due rows between 1 following and 1 preceding) from fines

select sum(fee) over (order by due rows between current row and 2 preceding) from fines

-- # window-place
select * from loans where row_number() over (order by due) = 1

select branch, count(*) from loans group by branch having rank() over (order by count(*)) = 1

-- # within-group-needed
select percentile_cont(0.5) from fines

-- # within-group-order
select listagg(a, ',') within group (order by a), listagg(b, ',') within group (order by b) from t

-- # within-group-unknown
select sum(fee) within group (order by fee) from fines

-- # leader-function
select current_schema(), id from loans

select id from loans where has_schema_privilege('library', 'usage')

insert into loans (due) values (now())

update loans set due = current_timestamp

create table t as select now() as at

select id, age(due) from loans

select * from loans join generate_series(1, 10) n on n = loans.id

delete from loans where due < localtimestamp

-- # catalog-function
select format_type(23, null)

select obj_description('loans')

-- # leader-catalog
select t.table_name, l.id from information_schema.tables t, loans l

create table t as select table_name from information_schema.tables

-- # compute-function
select listagg(nspname, ',') from pg_namespace

select median(1)

with x as (select 1 as a) select percentile_cont(0.5) within group (order by a) from x

-- # correlated-limit
select b.id, (select l.due from loans l where l.book_id = b.id order by l.due limit 1) from books b

select b.id from books b where exists (select top 1 l.id from loans l where l.book_id = b.id)

-- # correlated-window
select id from books where copies in (select count(*) over () from loans where loans.book_id = books.id)

-- # correlated-skip
select a.id from authors a where not exists (select 1 from books b where not exists (select 1 from loans l where l.author_id = a.id))

-- # correlated-on
select * from books left join loans on books.id = loans.book_id and loans.due = (select max(fines.due) from fines where fines.loan_id = loans.id)

-- # correlated-or
select id from books b where copies = 0 or exists (select 1 from loans l where l.book_id = b.id)

-- # correlated-group
select b.author, (select count(l.id) from loans l where l.book_id = b.id) as n from books b group by n, b.author

-- # recursive-columns
with recursive chain as (select 1 as id union all select id + 1 from chain where id < 5) select * from chain

-- # recursive-union
with recursive chain (id) as (select 1 union select id + 1 from chain where id < 5) select * from chain

with recursive chain (id) as (select id from chain) select * from chain

-- # recursive-tail
with recursive chain (id) as (select 1 union all select id + 1 from chain where id < 5 limit 3) select * from chain

-- # recursive-subquery
select * from (with recursive chain (id) as (select 1 union all select id + 1 from chain where id < 5) select * from chain) x

-- # nested-with
with outer_one as (with inner_one as (select 1 as a) select a from inner_one) select * from outer_one

-- # set-limit
(select id from a limit 3) union all select id from b

select id from a except (select id from b order by id limit 3)

-- # top-and-limit
select top 3 id from loans limit 5

-- # qualify-window
select id from loans qualify id > 3

-- # select-into-place
select * from (select 1 as a into t) x

create view v as with x as (select id into t from loans) select * from x

-- # outer-mark
select * from books join authors on true where books.author_id = authors.id(+)

-- # outer-mark-or
select * from books, authors where books.author_id = authors.id(+) or books.id = 0

-- # outer-mark-twice
select * from books, authors, loans where loans.book_id(+) = books.id and loans.author_id(+) = authors.id

-- # connect-by-prior
select id from shelves connect by parent = id

-- # no-row-operator
select * from books where (author, title) > ('a', 'b')

select (1, 2)

-- # duplicate-cte
with a as (select 1 as x), a as (select 2 as x) select * from a

with a as (select 1 as x), A as (select 2 as x) delete from t using a where a.x = t.x

-- # duplicate-alias
select * from books b join loans b on true

select * from books, books

-- # unsupported-type
create table t (id serial)

create table t (id bigserial primary key)

create table t (a bytea)

create table t (a int[])

create table t (a xml, b inet)

create table t (a varchar(10)[])

create table t (a point)

alter table t add column doc json

-- # unknown-type
create table t (id uuid)

create table t (a jsonb)

create table t (a tsvector)

create table t (a int4range)

create table t (a hstore)

create table t (a string)

create table t (a tinyint)

create table t (a blob)

select doc::jsonb from events

select '{1,2}'::int[]

select json '{}'

select cast(a as uuid) from t

create function f (x jsonb) returns int stable as $$ select 1 $$ language sql

-- # type-length
create table t (a varchar(70000))

create table t (a char(5000))

create table t (a decimal(39, 2))

create table t (a decimal(5, 6))

create table t (a varchar(0))

create table t (a int(11))

select a::decimal(40) from t

-- # duplicate-column
create table t (a int, A varchar(3))

insert into loans (id, id) values (1, 2)

update loans set due = null, due = getdate()

create view v (a, a) as select 1, 2

-- # missing-column
create table t (a int) distkey (b)

create table t (a int) sortkey (a, c)

create table t (a int, primary key (b))

-- # system-column
create table t (xmin int)

alter table t rename column a to ctid

-- # long-name
create table a123456789b123456789c123456789d123456789e123456789f123456789g123456789h123456789i123456789j123456789k123456789l123456789m1234567890 (a int)

select 1 as "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää"

-- # temporary-schema
create temp table library.t (a int)

create table library.#t (a int)

-- # temporary-name
alter table t rename to #t

-- # system-schema
create schema pg_library

-- # two-keys
create table t (a int distkey, b int distkey)

create table t (a int primary key, b int primary key)

create table t (a int distkey) distkey (a)

create table t (a int sortkey) sortkey (a)

create table t diststyle even diststyle all as select 1 as a

-- # dist-conflict
create table t (a int) diststyle even distkey (a)

create table t (a int distkey) diststyle all

-- # dist-key-missing
create table t (a int) diststyle key

-- # sort-columns
create table t (a int, b int, c int, d int, e int, f int, g int, h int, i int) interleaved sortkey (a, b, c, d, e, f, g, h, i)

-- # key-type
create table t (a super distkey)

create table t (a super, b int) sortkey (a)

-- # encoding-type
create table t (a varchar(10) encode az64)

create table t (a boolean encode mostly8)

create table t (a int encode text255)

-- # identity-type
create table t (a varchar(10) identity(1, 1))

-- # identity-default
create table t (a int identity(1, 1) default 3)

-- # default-expression
create table t (a int, b int default a)

create table t (a int default (select 1))

-- # like-attributes
create table t (like s) distkey (a)

-- # add-column-attribute
alter table t add column a int distkey

alter table t add column a int primary key

alter table t add column a int identity(1, 1)

-- # add-not-null
alter table t add column a int not null

alter table t add column a int default null not null

-- # alter-type
alter table t alter column a type bigint

alter table t alter column a type decimal(10, 2)

-- # mv-clause
create materialized view v as select a from t order by a

create materialized view v as (select a from t order by a)

create materialized view v as select a from t limit 5

-- # mv-relation
create materialized view v as select query from stl_query

create materialized view v as select a from #staged

-- # mv-mutable
create materialized view v auto refresh yes as select a, getdate() as at from t

-- # unqualified-in-late-binding-view
create view v as select a from t with no schema binding

create view library.v as with x as (select * from library.t) select * from x, s with no schema binding

create or replace view v as select a from library.t where a in (select a from s) with no schema binding

-- # replaced-view-columns
create view v as select id, due from loans; create or replace view v as select id from loans

create view v (a, b) as select 1, 2; create or replace view V as select 1 as a, 2 as c

create view v as select id::bigint from loans; create or replace view v as select id, due from loans

-- # values-subquery
insert into loans (id) values ((select 1)), (2)

-- # values-width
insert into loans values (1, 2), (3)

-- # insert-width
insert into loans (id, due) values (1)

insert into loans (id) values (1, 2)

-- # update-outer-join
update loans set note = 'x' from books left join authors on books.author_id = authors.id where books.id = loans.book_id

update loans set note = 'x' from books full join authors on true where books.id = loans.book_id

-- # merge-self
merge into loans using loans on loans.id = loans.id remove duplicates

-- # merge-system
merge into pg_class using s on pg_class.oid = s.id remove duplicates

-- # copy-authorization
copy loans from 's3://library/loans/' csv

copy loans from 's3://library/loans/' access_key_id 'AK' csv

unload ('select 1') to 's3://library/out/'

-- # copy-conflict
copy loans from 's3://library/loans/' iam_role default csv fixedwidth 'a:1'

copy loans from 's3://library/loans/' iam_role default csv escape

copy loans from 's3://library/loans/' iam_role default gzip bzip2

copy loans from 's3://library/loans/' iam_role default credentials 'aws_iam_role=x'

copy loans from 's3://library/loans/' iam_role default maxerror 3 ignoreallerrors

copy loans from 's3://library/loans/' iam_role default json 'auto' csv

copy loans from 's3://library/loans/' iam_role default json 'auto' delimiter ','

copy loans from 's3://library/loans/' iam_role default delimiter ',' quote as '"'

unload ('select 1') to 's3://library/out/' iam_role default parquet gzip

unload ('select 1') to 's3://library/out/' iam_role default allowoverwrite cleanpath

unload ('select 1') to 's3://library/out/' iam_role default csv addquotes

-- # copy-value
copy loans from 's3://library/loans/' iam_role default maxerror 100001

copy loans from 's3://library/loans/' iam_role default delimiter '||'

unload ('select 1') to 's3://library/out/' iam_role default maxfilesize 1 mb

-- # copy-columnar
copy loans from 's3://library/loans/' iam_role default parquet gzip

copy loans from 's3://library/loans/' iam_role default orc maxerror 5

-- # copy-twice
copy loans from 's3://library/loans/' iam_role default gzip gzip

-- # copy-job
copy loans from 's3://library/loans/' iam_role 'arn' csv manifest job create j auto on

copy loans from 's3://library/loans/' iam_role default csv job create j auto on

-- # unload-limit
unload ('select * from loans limit 5') to 's3://library/out/' iam_role default

-- # in-transaction
begin; vacuum loans

begin; alter table loans alter column note type varchar(500)

begin; alter table loans append from staged

start transaction; create database d

begin; drop database d

begin; copy loans from 's3://library/loans/' iam_role 'arn' csv job create j auto on

begin; create external table spectrum.t (a int) stored as parquet location 's3://x/'

-- # cursor-outside
begin; commit; declare c cursor for select 1

-- # second-cursor
begin; declare c cursor for select 1; declare d cursor for select 2

-- # unknown-cursor
begin; fetch next from c

-- # unknown-parameter
set work_mem to '64MB'

reset lock_timeout

show work_mem

set idle_in_transaction_session_timeout = 10

-- # parameter-value
set statement_timeout to 'soon'

set enable_case_sensitive_identifier to 'maybe'
