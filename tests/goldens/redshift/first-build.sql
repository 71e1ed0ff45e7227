set datestyle to 'ISO';

set timezone to 'UTC';

set search_path to "analytics", '$user', public;

update "dev"."_dwh"."lease_analytics" set token = token + 1, run = '…', host = '…', machine = '…', process = '…', born = '…', command = 'dwh build', started = cast(extract(epoch from sysdate) as bigint), beat = cast(extract(epoch from sysdate) as bigint) where run is null;
-- 3F000

select n.nspname, c.relname,
  case when c.relkind = 'v' and v.definition ilike '%create materialized view%' then 'm' else c.relkind::varchar end
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_views as v on v.schemaname = n.nspname and v.viewname = c.relname
where n.nspname in ('_dwh') and c.relkind in ('r', 'v');

select max(case when t.oid = 19 then pg_catalog.format_type(t.oid, -1) end) from pg_catalog.pg_type as t;

select nspname::varchar from pg_catalog.pg_namespace where nspname in ('_dwh');

begin;
create schema if not exists "_dwh";
create table "dev"."_dwh"."lease_analytics" ("token" bigint, "run" character varying(64), "host" character varying(256), "machine" character varying(256), "process" bigint, "born" character varying(64), "command" character varying(256), "started" bigint, "beat" bigint);
insert into "dev"."_dwh"."lease_analytics" (token) values (0);
commit;

update "dev"."_dwh"."lease_analytics" set token = token + 1, run = '…', host = '…', machine = '…', process = '…', born = '…', command = 'dwh build', started = cast(extract(epoch from sysdate) as bigint), beat = cast(extract(epoch from sysdate) as bigint) where run is null;

select token, run, host, machine, process, born, command, started, beat, cast(extract(epoch from sysdate) as bigint) from "dev"."_dwh"."lease_analytics";

select nspname::varchar from pg_catalog.pg_namespace where nspname in ('analytics');

create schema if not exists "analytics";

select n.nspname, c.relname,
  case when c.relkind = 'v' and v.definition ilike '%create materialized view%' then 'm' else c.relkind::varchar end
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_views as v on v.schemaname = n.nspname and v.viewname = c.relname
where n.nspname in ('analytics') and c.relkind in ('r', 'v');

select n.nspname, c.relname,
  case when c.relkind = 'v' and v.definition ilike '%create materialized view%' then 'm' else c.relkind::varchar end
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_views as v on v.schemaname = n.nspname and v.viewname = c.relname
where n.nspname in ('_dwh') and c.relkind in ('r', 'v');

select nspname::varchar from pg_catalog.pg_namespace where nspname in ('_dwh');

begin;
create table "dev"."_dwh"."load_files" ("relation" character varying(65535), "file_key" character varying(65535), "bytes" bigint, "mark" character varying(65535), "content" character varying(65535), "row_count" bigint, "reject_count" bigint, "load_id" character varying(65535), "loaded_at" timestamp without time zone);
create table "dev"."_dwh"."load_rejects" ("relation" character varying(65535), "load_id" character varying(65535), "file_key" character varying(65535), "line" bigint, "column_name" character varying(65535), "value" character varying(65535), "reason" character varying(65535), "raw" character varying(65535));
create table "dev"."_dwh"."load_copies" ("relation" character varying(65535), "load_id" character varying(65535), "copy_id" bigint, "row_count" bigint);
create table "dev"."_dwh"."load_locks" ("relation" character varying(65535), "loads" bigint);
commit;

select n.nspname, c.relname,
  case when c.relkind = 'v' and v.definition ilike '%create materialized view%' then 'm' else c.relkind::varchar end
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_views as v on v.schemaname = n.nspname and v.viewname = c.relname
where n.nspname in ('_dwh') and c.relkind in ('r', 'v');

select copy_id, load_id, row_count from "dev"."_dwh"."load_copies" where relation = '"analytics"."staging_events"' order by copy_id;

select file_key, bytes, mark, content, row_count, reject_count, load_id from "dev"."_dwh"."load_files" where relation = '"analytics"."staging_events"' order by file_key;

begin;
lock table "dev"."_dwh"."load_locks";
select file_key, bytes, mark, content, row_count, reject_count, load_id from "dev"."_dwh"."load_files" where relation = '"analytics"."staging_events"' order by file_key;
delete from "dev"."_dwh"."load_files" where relation = '"analytics"."staging_events"';
delete from "dev"."_dwh"."load_rejects" where relation = '"analytics"."staging_events"';
delete from "dev"."_dwh"."load_copies" where relation = '"analytics"."staging_events"';
create table "dev"."analytics"."staging_events" ("artist" character varying(256), "auth" character varying(256), "first_name" character varying(256), "gender" character varying(256), "item_in_session" integer, "last_name" character varying(256), "length" double precision, "level" character varying(256), "location" character varying(256), "method" character varying(256), "page" character varying(256), "registration" double precision, "session_id" integer, "song" character varying(256), "status" integer, "ts" bigint, "user_agent" character varying(256), "user_id" character varying(256));
copy "dev"."analytics"."staging_events" ("artist", "auth", "first_name", "gender", "item_in_session", "last_name", "length", "level", "location", "method", "page", "registration", "session_id", "song", "status", "ts", "user_agent", "user_id")
from 's3://work/manifests/…'
iam_role default
region as 'us-west-2'
manifest
format as json 's3://dend/paths.json'
truncatecolumns
maxerror as 100000;
select pg_last_copy_id(), pg_last_copy_count();
select file_name, sum(lines_scanned) from sys_load_detail where query_id in (1000) group by file_name;
insert into "dev"."_dwh"."load_copies" (relation, load_id, copy_id, row_count) values ('"analytics"."staging_events"', '00000000-0000-4000-8000-000000000000.staging_events', 1000, 3);
insert into "dev"."_dwh"."load_files" ("relation", "file_key", "bytes", "mark", "content", "row_count", "reject_count", "load_id", "loaded_at") values
('"analytics"."staging_events"', 's3://dend/log-data/2018-11-01.json', 486, 'a6dde5e75a99d5029917ddf4317c377b-486', 'a6dde5e75a99d5029917ddf4317c377b', 2, 0, '00000000-0000-4000-8000-000000000000.staging_events', '…'),
('"analytics"."staging_events"', 's3://dend/log-data/2018-11-02.json', 215, '78da69479299fe325341d010ad47a35a-215', '78da69479299fe325341d010ad47a35a', 1, 0, '00000000-0000-4000-8000-000000000000.staging_events', '…');
commit;

select copy_id, load_id, row_count from "dev"."_dwh"."load_copies" where relation = '"analytics"."staging_events"' order by copy_id;

select file_key, bytes, mark, content, row_count, reject_count, load_id from "dev"."_dwh"."load_files" where relation = '"analytics"."staging_events"' order by file_key;

select query_id, error_count from sys_load_history where query_id in (1000);

select file_name, line_number, column_name, error_message from sys_load_error_detail where query_id in (1000) order by file_name, line_number;

begin;
lock table "dev"."_dwh"."load_locks";
select copy_id, load_id, row_count from "dev"."_dwh"."load_copies" where relation = '"analytics"."staging_events"' order by copy_id;
delete from "dev"."_dwh"."load_copies" where relation = '"analytics"."staging_events"' and copy_id in (1000);
commit;

select copy_id, load_id, row_count from "dev"."_dwh"."load_copies" where relation = '"analytics"."staging_songs"' order by copy_id;

select file_key, bytes, mark, content, row_count, reject_count, load_id from "dev"."_dwh"."load_files" where relation = '"analytics"."staging_songs"' order by file_key;

begin;
lock table "dev"."_dwh"."load_locks";
select file_key, bytes, mark, content, row_count, reject_count, load_id from "dev"."_dwh"."load_files" where relation = '"analytics"."staging_songs"' order by file_key;
delete from "dev"."_dwh"."load_files" where relation = '"analytics"."staging_songs"';
delete from "dev"."_dwh"."load_rejects" where relation = '"analytics"."staging_songs"';
delete from "dev"."_dwh"."load_copies" where relation = '"analytics"."staging_songs"';
create table "dev"."analytics"."staging_songs" ("num_songs" integer, "artist_id" character varying(256), "artist_latitude" double precision, "artist_longitude" double precision, "artist_location" character varying(256), "artist_name" character varying(256), "song_id" character varying(256), "title" character varying(256), "duration" double precision, "year" integer);
copy "dev"."analytics"."staging_songs" ("num_songs", "artist_id", "artist_latitude", "artist_longitude", "artist_location", "artist_name", "song_id", "title", "duration", "year")
from 's3://work/manifests/…'
iam_role default
region as 'us-west-2'
manifest
format as json 'auto'
truncatecolumns
maxerror as 100000;
select pg_last_copy_id(), pg_last_copy_count();
select file_name, sum(lines_scanned) from sys_load_detail where query_id in (1001) group by file_name;
insert into "dev"."_dwh"."load_copies" (relation, load_id, copy_id, row_count) values ('"analytics"."staging_songs"', '00000000-0000-4000-8000-000000000000.staging_songs', 1001, 1);
insert into "dev"."_dwh"."load_files" ("relation", "file_key", "bytes", "mark", "content", "row_count", "reject_count", "load_id", "loaded_at") values
('"analytics"."staging_songs"', 's3://dend/song-data/A/1.json', 125, 'beec817d5ad356b65459e5dab17f6ed0-125', 'beec817d5ad356b65459e5dab17f6ed0', 1, 0, '00000000-0000-4000-8000-000000000000.staging_songs', '…');
commit;

select copy_id, load_id, row_count from "dev"."_dwh"."load_copies" where relation = '"analytics"."staging_songs"' order by copy_id;

select file_key, bytes, mark, content, row_count, reject_count, load_id from "dev"."_dwh"."load_files" where relation = '"analytics"."staging_songs"' order by file_key;

select query_id, error_count from sys_load_history where query_id in (1001);

select file_name, line_number, column_name, error_message from sys_load_error_detail where query_id in (1001) order by file_name, line_number;

begin;
lock table "dev"."_dwh"."load_locks";
select copy_id, load_id, row_count from "dev"."_dwh"."load_copies" where relation = '"analytics"."staging_songs"' order by copy_id;
delete from "dev"."_dwh"."load_copies" where relation = '"analytics"."staging_songs"' and copy_id in (1001);
commit;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select auth as value_field, count(*) as n_records
from "dev"."analytics"."staging_events"
where auth not in ('Logged In', 'Logged Out')
group by auth
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select count(*) as row_count, 'at least 1' as expected
from "dev"."analytics"."staging_events"
having not (count(*) >= 1)
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select count(*) as row_count, 'at least 1' as expected
from "dev"."analytics"."staging_songs"
having not (count(*) >= 1)
) as dbt_internal_test;

select * from (
/* {"app":"dwh","dwh_version":"0.0.0-test","dbt_version":"1.11.0","profile_name":"sparkify","target_name":"other","node_id":"model.sparkify.stg_events"} */
-- The event log, each event once: staging keeps exact duplicates, here they are one row.
with events as (

    select * from "dev"."analytics"."staging_events"

)

select distinct
    md5(
    coalesce(cast(length(cast(artist as varchar)) as varchar) || ':' || cast(artist as varchar), '-') ||
    coalesce(cast(length(cast(auth as varchar)) as varchar) || ':' || cast(auth as varchar), '-') ||
    coalesce(cast(length(cast(first_name as varchar)) as varchar) || ':' || cast(first_name as varchar), '-') ||
    coalesce(cast(length(cast(gender as varchar)) as varchar) || ':' || cast(gender as varchar), '-') ||
    coalesce(cast(length(cast(item_in_session as varchar)) as varchar) || ':' || cast(item_in_session as varchar), '-') ||
    coalesce(cast(length(cast(last_name as varchar)) as varchar) || ':' || cast(last_name as varchar), '-') ||
    coalesce(cast(length((case when length - cast(cast(length as varchar) as double precision) = 0 then cast(length as varchar) else cast(length as varchar) || '+' || cast(length - cast(cast(length as varchar) as double precision) as varchar) end)) as varchar) || ':' || (case when length - cast(cast(length as varchar) as double precision) = 0 then cast(length as varchar) else cast(length as varchar) || '+' || cast(length - cast(cast(length as varchar) as double precision) as varchar) end), '-') ||
    coalesce(cast(length(cast(level as varchar)) as varchar) || ':' || cast(level as varchar), '-') ||
    coalesce(cast(length(cast(location as varchar)) as varchar) || ':' || cast(location as varchar), '-') ||
    coalesce(cast(length(cast(method as varchar)) as varchar) || ':' || cast(method as varchar), '-') ||
    coalesce(cast(length(cast(page as varchar)) as varchar) || ':' || cast(page as varchar), '-') ||
    coalesce(cast(length((case when registration - cast(cast(registration as varchar) as double precision) = 0 then cast(registration as varchar) else cast(registration as varchar) || '+' || cast(registration - cast(cast(registration as varchar) as double precision) as varchar) end)) as varchar) || ':' || (case when registration - cast(cast(registration as varchar) as double precision) = 0 then cast(registration as varchar) else cast(registration as varchar) || '+' || cast(registration - cast(cast(registration as varchar) as double precision) as varchar) end), '-') ||
    coalesce(cast(length(cast(session_id as varchar)) as varchar) || ':' || cast(session_id as varchar), '-') ||
    coalesce(cast(length(cast(song as varchar)) as varchar) || ':' || cast(song as varchar), '-') ||
    coalesce(cast(length(cast(status as varchar)) as varchar) || ':' || cast(status as varchar), '-') ||
    coalesce(cast(length(cast(ts as varchar)) as varchar) || ':' || cast(ts as varchar), '-') ||
    coalesce(cast(length(cast(user_agent as varchar)) as varchar) || ':' || cast(user_agent as varchar), '-') ||
    coalesce(cast(length(cast(user_id as varchar)) as varchar) || ':' || cast(user_id as varchar), '-')
) as event_id,
    artist,
    auth,
    first_name,
    gender,
    item_in_session,
    last_name,
    length,
    level,
    location,
    method,
    page,
    registration,
    session_id,
    song,
    status,
    ts,
    user_agent,
    user_id
from events
) as described limit 0;

begin;
create view "dev"."analytics"."stg_events__dwh_next" as
-- The event log, each event once: staging keeps exact duplicates, here they are one row.
with events as (

    select * from "dev"."analytics"."staging_events"

)

select distinct
    md5(
    coalesce(cast(length(cast(artist as varchar)) as varchar) || ':' || cast(artist as varchar), '-') ||
    coalesce(cast(length(cast(auth as varchar)) as varchar) || ':' || cast(auth as varchar), '-') ||
    coalesce(cast(length(cast(first_name as varchar)) as varchar) || ':' || cast(first_name as varchar), '-') ||
    coalesce(cast(length(cast(gender as varchar)) as varchar) || ':' || cast(gender as varchar), '-') ||
    coalesce(cast(length(cast(item_in_session as varchar)) as varchar) || ':' || cast(item_in_session as varchar), '-') ||
    coalesce(cast(length(cast(last_name as varchar)) as varchar) || ':' || cast(last_name as varchar), '-') ||
    coalesce(cast(length((case when length - cast(cast(length as varchar) as double precision) = 0 then cast(length as varchar) else cast(length as varchar) || '+' || cast(length - cast(cast(length as varchar) as double precision) as varchar) end)) as varchar) || ':' || (case when length - cast(cast(length as varchar) as double precision) = 0 then cast(length as varchar) else cast(length as varchar) || '+' || cast(length - cast(cast(length as varchar) as double precision) as varchar) end), '-') ||
    coalesce(cast(length(cast(level as varchar)) as varchar) || ':' || cast(level as varchar), '-') ||
    coalesce(cast(length(cast(location as varchar)) as varchar) || ':' || cast(location as varchar), '-') ||
    coalesce(cast(length(cast(method as varchar)) as varchar) || ':' || cast(method as varchar), '-') ||
    coalesce(cast(length(cast(page as varchar)) as varchar) || ':' || cast(page as varchar), '-') ||
    coalesce(cast(length((case when registration - cast(cast(registration as varchar) as double precision) = 0 then cast(registration as varchar) else cast(registration as varchar) || '+' || cast(registration - cast(cast(registration as varchar) as double precision) as varchar) end)) as varchar) || ':' || (case when registration - cast(cast(registration as varchar) as double precision) = 0 then cast(registration as varchar) else cast(registration as varchar) || '+' || cast(registration - cast(cast(registration as varchar) as double precision) as varchar) end), '-') ||
    coalesce(cast(length(cast(session_id as varchar)) as varchar) || ':' || cast(session_id as varchar), '-') ||
    coalesce(cast(length(cast(song as varchar)) as varchar) || ':' || cast(song as varchar), '-') ||
    coalesce(cast(length(cast(status as varchar)) as varchar) || ':' || cast(status as varchar), '-') ||
    coalesce(cast(length(cast(ts as varchar)) as varchar) || ':' || cast(ts as varchar), '-') ||
    coalesce(cast(length(cast(user_agent as varchar)) as varchar) || ':' || cast(user_agent as varchar), '-') ||
    coalesce(cast(length(cast(user_id as varchar)) as varchar) || ':' || cast(user_id as varchar), '-')
) as event_id,
    artist,
    auth,
    first_name,
    gender,
    item_in_session,
    last_name,
    length,
    level,
    location,
    method,
    page,
    registration,
    session_id,
    song,
    status,
    ts,
    user_agent,
    user_id
from events
with no schema binding;
alter table "dev"."analytics"."stg_events__dwh_next" rename to "stg_events";
drop view if exists "dev"."analytics"."stg_events__dwh_next";
commit;

select * from (
/* {"app":"dwh","dwh_version":"0.0.0-test","dbt_version":"1.11.0","profile_name":"sparkify","target_name":"other","node_id":"model.sparkify.stg_songs"} */
-- The song catalogue, each row once, with names that need no prefix.
with songs as (

    select * from "dev"."analytics"."staging_songs"

)

select distinct
    song_id,
    title,
    year,
    duration,
    artist_id,
    artist_name,
    artist_location as location,
    artist_latitude as latitude,
    artist_longitude as longitude
from songs
) as described limit 0;

begin;
create view "dev"."analytics"."stg_songs__dwh_next" as
-- The song catalogue, each row once, with names that need no prefix.
with songs as (

    select * from "dev"."analytics"."staging_songs"

)

select distinct
    song_id,
    title,
    year,
    duration,
    artist_id,
    artist_name,
    artist_location as location,
    artist_latitude as latitude,
    artist_longitude as longitude
from songs
with no schema binding;
alter table "dev"."analytics"."stg_songs__dwh_next" rename to "stg_songs";
drop view if exists "dev"."analytics"."stg_songs__dwh_next";
commit;

select name, type from (
  select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnum::int as place
  from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = 'analytics' and c.relname = 'stg_plays' and c.relkind in ('r', 'v')
  union all
  select col_name, col_type, col_num from pg_catalog.pg_get_late_binding_view_cols() as cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)
  where view_schema = 'analytics' and view_name = 'stg_plays'
) as columns order by place;

select * from (
/* {"app":"dwh","dwh_version":"0.0.0-test","dbt_version":"1.11.0","profile_name":"sparkify","target_name":"other","node_id":"model.sparkify.stg_plays"} */
-- The plays among the events: page 'NextSong', with a ts and a userId. A userId that is no integer, or a ts that is no
-- instant, is NULL here and the play stays out of the star; a test warns of each. A table, since the key of a play takes
-- time and several models and tests read it.


with events as (

    select * from "dev"."analytics"."stg_events"

)

select
    event_id as play_id,
    ts,
    case when ts between -62135596800000 and 253402300799999 then dateadd(millisecond, cast(ts % 1000 as integer), timestamp '1970-01-01 00:00:00' + (ts / 1000) * interval '1 second') end as start_time,
    user_id as logged_user_id,
    case when trim(user_id) ~ '^[-+]?[0-9]+$' and length(trim(user_id)) <= 18 then
        case when cast(trim(user_id) as bigint) between -2147483648 and 2147483647 then cast(trim(user_id) as integer) end
    end as user_id,
    first_name,
    last_name,
    gender,
    level,
    session_id,
    item_in_session,
    location,
    user_agent,
    song as title,
    artist as artist_name,
    length as duration
from events
where page = 'NextSong'
    and ts is not null
    and user_id <> ''
) as described limit 0;

begin;
create table "dev"."analytics"."stg_plays__dwh_next" diststyle key distkey("play_id") compound sortkey("start_time") as (
-- The plays among the events: page 'NextSong', with a ts and a userId. A userId that is no integer, or a ts that is no
-- instant, is NULL here and the play stays out of the star; a test warns of each. A table, since the key of a play takes
-- time and several models and tests read it.


with events as (

    select * from "dev"."analytics"."stg_events"

)

select
    event_id as play_id,
    ts,
    case when ts between -62135596800000 and 253402300799999 then dateadd(millisecond, cast(ts % 1000 as integer), timestamp '1970-01-01 00:00:00' + (ts / 1000) * interval '1 second') end as start_time,
    user_id as logged_user_id,
    case when trim(user_id) ~ '^[-+]?[0-9]+$' and length(trim(user_id)) <= 18 then
        case when cast(trim(user_id) as bigint) between -2147483648 and 2147483647 then cast(trim(user_id) as integer) end
    end as user_id,
    first_name,
    last_name,
    gender,
    level,
    session_id,
    item_in_session,
    location,
    user_agent,
    song as title,
    artist as artist_name,
    length as duration
from events
where page = 'NextSong'
    and ts is not null
    and user_id <> ''
);
commit;

select name, type from (
  select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnum::int as place
  from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = 'analytics' and c.relname = 'dim_artists' and c.relkind in ('r', 'v')
  union all
  select col_name, col_type, col_num from pg_catalog.pg_get_late_binding_view_cols() as cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)
  where view_schema = 'analytics' and view_name = 'dim_artists'
) as columns order by place;

select * from (
/* {"app":"dwh","dwh_version":"0.0.0-test","dbt_version":"1.11.0","profile_name":"sparkify","target_name":"other","node_id":"model.sparkify.dim_artists"} */
-- One row per artist_id, as the artist's song of the greatest year has it, then the one of the smallest song_id.


with songs as (

    select * from "dev"."analytics"."stg_songs"
    where artist_id is not null

),

ranked as (

    select
        artist_id,
        artist_name,
        location,
        latitude,
        longitude,
        row_number() over (
            partition by artist_id
            order by
                year desc nulls last,
                song_id nulls last,
                artist_name nulls last,
                location nulls last,
                latitude nulls last,
                longitude nulls last
        ) as choice
    from songs

)

select artist_id, artist_name as name, location, latitude, longitude
from ranked
where choice = 1
) as described limit 0;

begin;
create table "dev"."analytics"."dim_artists__dwh_next" diststyle all compound sortkey("artist_id") as (
-- One row per artist_id, as the artist's song of the greatest year has it, then the one of the smallest song_id.


with songs as (

    select * from "dev"."analytics"."stg_songs"
    where artist_id is not null

),

ranked as (

    select
        artist_id,
        artist_name,
        location,
        latitude,
        longitude,
        row_number() over (
            partition by artist_id
            order by
                year desc nulls last,
                song_id nulls last,
                artist_name nulls last,
                location nulls last,
                latitude nulls last,
                longitude nulls last
        ) as choice
    from songs

)

select artist_id, artist_name as name, location, latitude, longitude
from ranked
where choice = 1
);
commit;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select play_id as unique_field, count(*) as n_records
from "dev"."analytics"."stg_plays__dwh_next"
where (play_id is not null)
group by play_id
having count(*) > 1
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."stg_plays__dwh_next"
where play_id is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."stg_plays__dwh_next"
where start_time is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."stg_plays__dwh_next"
where user_id is null
) as dbt_internal_test;

begin;
alter table "dev"."analytics"."stg_plays__dwh_next" rename to "stg_plays";
drop table if exists "dev"."analytics"."stg_plays__dwh_next";
commit;

select name, type from (
  select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnum::int as place
  from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = 'analytics' and c.relname = 'dim_songs' and c.relkind in ('r', 'v')
  union all
  select col_name, col_type, col_num from pg_catalog.pg_get_late_binding_view_cols() as cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)
  where view_schema = 'analytics' and view_name = 'dim_songs'
) as columns order by place;

select * from (
/* {"app":"dwh","dwh_version":"0.0.0-test","dbt_version":"1.11.0","profile_name":"sparkify","target_name":"other","node_id":"model.sparkify.dim_songs"} */
-- One row per song_id: of several, the one of the greatest year.


with songs as (

    select * from "dev"."analytics"."stg_songs"
    where song_id is not null

),

ranked as (

    select
        song_id,
        title,
        artist_id,
        year,
        duration,
        row_number() over (
            partition by song_id
            order by
                year desc nulls last,
                title nulls last,
                artist_id nulls last,
                duration nulls last
        ) as choice
    from songs

)

select song_id, title, artist_id, year, duration
from ranked
where choice = 1
) as described limit 0;

begin;
create table "dev"."analytics"."dim_songs__dwh_next" diststyle all compound sortkey("song_id") as (
-- One row per song_id: of several, the one of the greatest year.


with songs as (

    select * from "dev"."analytics"."stg_songs"
    where song_id is not null

),

ranked as (

    select
        song_id,
        title,
        artist_id,
        year,
        duration,
        row_number() over (
            partition by song_id
            order by
                year desc nulls last,
                title nulls last,
                artist_id nulls last,
                duration nulls last
        ) as choice
    from songs

)

select song_id, title, artist_id, year, duration
from ranked
where choice = 1
);
commit;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select artist_id as unique_field, count(*) as n_records
from "dev"."analytics"."dim_artists__dwh_next"
where (artist_id is not null)
group by artist_id
having count(*) > 1
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."dim_artists__dwh_next"
where artist_id is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select count(*) as row_count, 'at least 1' as expected
from "dev"."analytics"."dim_artists__dwh_next"
having not (count(*) >= 1)
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
with here as (
    select count(*) as row_count from "dev"."analytics"."dim_artists__dwh_next"
),

there as (
    select count(*) as row_count from "dev"."analytics"."staging_songs"
)

select here.row_count, there.row_count as allowed
from here
cross join there
where here.row_count > there.row_count
) as dbt_internal_test;

begin;
alter table "dev"."analytics"."dim_artists__dwh_next" rename to "dim_artists";
drop table if exists "dev"."analytics"."dim_artists__dwh_next";
commit;

select name, type from (
  select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnum::int as place
  from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = 'analytics' and c.relname = 'dim_users' and c.relkind in ('r', 'v')
  union all
  select col_name, col_type, col_num from pg_catalog.pg_get_late_binding_view_cols() as cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)
  where view_schema = 'analytics' and view_name = 'dim_users'
) as columns order by place;

select * from (
/* {"app":"dwh","dwh_version":"0.0.0-test","dbt_version":"1.11.0","profile_name":"sparkify","target_name":"other","node_id":"model.sparkify.dim_users"} */
-- One row per user with plays, as the latest play has them.


with plays as (

    select * from "dev"."analytics"."stg_plays"
    where user_id is not null and start_time is not null

),

ranked as (

    select
        user_id,
        first_name,
        last_name,
        gender,
        level,
        row_number() over (
            partition by user_id
            order by
                ts desc,
                item_in_session desc nulls last,
                level nulls last,
                first_name nulls last,
                last_name nulls last,
                gender nulls last
        ) as choice
    from plays

)

select user_id, first_name, last_name, gender, level
from ranked
where choice = 1
) as described limit 0;

begin;
create table "dev"."analytics"."dim_users__dwh_next" diststyle all compound sortkey("user_id") as (
-- One row per user with plays, as the latest play has them.


with plays as (

    select * from "dev"."analytics"."stg_plays"
    where user_id is not null and start_time is not null

),

ranked as (

    select
        user_id,
        first_name,
        last_name,
        gender,
        level,
        row_number() over (
            partition by user_id
            order by
                ts desc,
                item_in_session desc nulls last,
                level nulls last,
                first_name nulls last,
                last_name nulls last,
                gender nulls last
        ) as choice
    from plays

)

select user_id, first_name, last_name, gender, level
from ranked
where choice = 1
);
commit;

select name, type from (
  select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnum::int as place
  from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = 'analytics' and c.relname = 'fact_songplays' and c.relkind in ('r', 'v')
  union all
  select col_name, col_type, col_num from pg_catalog.pg_get_late_binding_view_cols() as cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)
  where view_schema = 'analytics' and view_name = 'fact_songplays'
) as columns order by place;

select * from (
/* {"app":"dwh","dwh_version":"0.0.0-test","dbt_version":"1.11.0","profile_name":"sparkify","target_name":"other","node_id":"model.sparkify.fact_songplays"} */
-- One row per play, with the song and artist of the catalogue where title, artist name and duration agree.


with plays as (

    select * from "dev"."analytics"."stg_plays"
    where user_id is not null and start_time is not null

),

songs as (

    select * from "dev"."analytics"."stg_songs"

),

ranked as (

    select
        title,
        artist_name,
        duration,
        song_id,
        artist_id,
        row_number() over (
            partition by title, artist_name, duration
            order by song_id nulls last, artist_id nulls last
        ) as choice
    from songs

),

-- a recording may be in the catalogue several times: the smallest song_id stands for it
recordings as (

    select * from ranked where choice = 1

),

songplays as (

    select
        plays.play_id as songplay_id,
        plays.start_time,
        plays.user_id,
        plays.level,
        recordings.song_id,
        recordings.artist_id,
        plays.session_id,
        plays.location,
        plays.user_agent
    from plays
    left join recordings
        on recordings.title = plays.title
        and recordings.artist_name = plays.artist_name
        and recordings.duration = plays.duration

)

select * from songplays
) as described limit 0;

begin;
create table "dev"."analytics"."fact_songplays__dwh_next" diststyle key distkey("songplay_id") compound sortkey("start_time") as (
-- One row per play, with the song and artist of the catalogue where title, artist name and duration agree.


with plays as (

    select * from "dev"."analytics"."stg_plays"
    where user_id is not null and start_time is not null

),

songs as (

    select * from "dev"."analytics"."stg_songs"

),

ranked as (

    select
        title,
        artist_name,
        duration,
        song_id,
        artist_id,
        row_number() over (
            partition by title, artist_name, duration
            order by song_id nulls last, artist_id nulls last
        ) as choice
    from songs

),

-- a recording may be in the catalogue several times: the smallest song_id stands for it
recordings as (

    select * from ranked where choice = 1

),

songplays as (

    select
        plays.play_id as songplay_id,
        plays.start_time,
        plays.user_id,
        plays.level,
        recordings.song_id,
        recordings.artist_id,
        plays.session_id,
        plays.location,
        plays.user_agent
    from plays
    left join recordings
        on recordings.title = plays.title
        and recordings.artist_name = plays.artist_name
        and recordings.duration = plays.duration

)

select * from songplays
);
commit;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select song_id as unique_field, count(*) as n_records
from "dev"."analytics"."dim_songs__dwh_next"
where (song_id is not null)
group by song_id
having count(*) > 1
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."dim_songs__dwh_next"
where song_id is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select count(*) as row_count, 'at least 1' as expected
from "dev"."analytics"."dim_songs__dwh_next"
having not (count(*) >= 1)
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
with here as (
    select count(*) as row_count from "dev"."analytics"."dim_songs__dwh_next"
),

there as (
    select count(*) as row_count from "dev"."analytics"."staging_songs"
)

select here.row_count, there.row_count as allowed
from here
cross join there
where here.row_count > there.row_count
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
with dwh_parent as (
  select artist_id as dwh_key from "dev"."analytics"."dim_artists"
)
select *
from "dev"."analytics"."dim_songs__dwh_next"
where (artist_id is not null)
  and not exists (select 1 from dwh_parent where dwh_parent.dwh_key = artist_id)
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
-- Each song_id and artist_id of staging is one row of its dimension.
with staged as (

    select * from "dev"."analytics"."staging_songs"

),

songs as (

    select * from "dev"."analytics"."dim_songs__dwh_next"

),

artists as (

    select * from "dev"."analytics"."dim_artists"

),

counted as (

    select
        (select count(distinct song_id) from staged) as staged_songs,
        (select count(*) from songs) as songs,
        (select count(distinct artist_id) from staged) as staged_artists,
        (select count(*) from artists) as artists

)

select *
from counted
where staged_songs <> songs or staged_artists <> artists
) as dbt_internal_test;

begin;
alter table "dev"."analytics"."dim_songs__dwh_next" rename to "dim_songs";
drop table if exists "dev"."analytics"."dim_songs__dwh_next";
commit;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select user_id as unique_field, count(*) as n_records
from "dev"."analytics"."dim_users__dwh_next"
where (user_id is not null)
group by user_id
having count(*) > 1
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."dim_users__dwh_next"
where user_id is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select gender as value_field, count(*) as n_records
from "dev"."analytics"."dim_users__dwh_next"
where gender not in ('F', 'M')
group by gender
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select level as value_field, count(*) as n_records
from "dev"."analytics"."dim_users__dwh_next"
where level not in ('free', 'paid')
group by level
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select count(*) as row_count, 'at least 1' as expected
from "dev"."analytics"."dim_users__dwh_next"
having not (count(*) >= 1)
) as dbt_internal_test;

begin;
alter table "dev"."analytics"."dim_users__dwh_next" rename to "dim_users";
drop table if exists "dev"."analytics"."dim_users__dwh_next";
commit;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select songplay_id as unique_field, count(*) as n_records
from "dev"."analytics"."fact_songplays__dwh_next"
where (songplay_id is not null)
group by songplay_id
having count(*) > 1
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."fact_songplays__dwh_next"
where songplay_id is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."fact_songplays__dwh_next"
where start_time is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."fact_songplays__dwh_next"
where user_id is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select level as value_field, count(*) as n_records
from "dev"."analytics"."fact_songplays__dwh_next"
where level not in ('free', 'paid')
group by level
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select count(*) as row_count, 'at least 1' as expected
from "dev"."analytics"."fact_songplays__dwh_next"
having not (count(*) >= 1)
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
with dwh_parent as (
  select artist_id as dwh_key from "dev"."analytics"."dim_artists"
)
select *
from "dev"."analytics"."fact_songplays__dwh_next"
where (artist_id is not null)
  and not exists (select 1 from dwh_parent where dwh_parent.dwh_key = artist_id)
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
with here as (
    select count(*) as row_count from "dev"."analytics"."fact_songplays__dwh_next"
),

there as (
    select count(*) as row_count from "dev"."analytics"."staging_events"
)

select here.row_count, there.row_count as allowed
from here
cross join there
where here.row_count > there.row_count
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
-- Each play in staging is one row of the fact, but for those set aside because their user is no integer or their time no
-- instant. After `on_change: reload` of a log file that lost events, this asks for a run with --full-refresh.
with events as (

    select * from "dev"."analytics"."staging_events"

),

staged as (

    select count(distinct md5(
    coalesce(cast(length(cast(artist as varchar)) as varchar) || ':' || cast(artist as varchar), '-') ||
    coalesce(cast(length(cast(auth as varchar)) as varchar) || ':' || cast(auth as varchar), '-') ||
    coalesce(cast(length(cast(first_name as varchar)) as varchar) || ':' || cast(first_name as varchar), '-') ||
    coalesce(cast(length(cast(gender as varchar)) as varchar) || ':' || cast(gender as varchar), '-') ||
    coalesce(cast(length(cast(item_in_session as varchar)) as varchar) || ':' || cast(item_in_session as varchar), '-') ||
    coalesce(cast(length(cast(last_name as varchar)) as varchar) || ':' || cast(last_name as varchar), '-') ||
    coalesce(cast(length((case when length - cast(cast(length as varchar) as double precision) = 0 then cast(length as varchar) else cast(length as varchar) || '+' || cast(length - cast(cast(length as varchar) as double precision) as varchar) end)) as varchar) || ':' || (case when length - cast(cast(length as varchar) as double precision) = 0 then cast(length as varchar) else cast(length as varchar) || '+' || cast(length - cast(cast(length as varchar) as double precision) as varchar) end), '-') ||
    coalesce(cast(length(cast(level as varchar)) as varchar) || ':' || cast(level as varchar), '-') ||
    coalesce(cast(length(cast(location as varchar)) as varchar) || ':' || cast(location as varchar), '-') ||
    coalesce(cast(length(cast(method as varchar)) as varchar) || ':' || cast(method as varchar), '-') ||
    coalesce(cast(length(cast(page as varchar)) as varchar) || ':' || cast(page as varchar), '-') ||
    coalesce(cast(length((case when registration - cast(cast(registration as varchar) as double precision) = 0 then cast(registration as varchar) else cast(registration as varchar) || '+' || cast(registration - cast(cast(registration as varchar) as double precision) as varchar) end)) as varchar) || ':' || (case when registration - cast(cast(registration as varchar) as double precision) = 0 then cast(registration as varchar) else cast(registration as varchar) || '+' || cast(registration - cast(cast(registration as varchar) as double precision) as varchar) end), '-') ||
    coalesce(cast(length(cast(session_id as varchar)) as varchar) || ':' || cast(session_id as varchar), '-') ||
    coalesce(cast(length(cast(song as varchar)) as varchar) || ':' || cast(song as varchar), '-') ||
    coalesce(cast(length(cast(status as varchar)) as varchar) || ':' || cast(status as varchar), '-') ||
    coalesce(cast(length(cast(ts as varchar)) as varchar) || ':' || cast(ts as varchar), '-') ||
    coalesce(cast(length(cast(user_agent as varchar)) as varchar) || ':' || cast(user_agent as varchar), '-') ||
    coalesce(cast(length(cast(user_id as varchar)) as varchar) || ':' || cast(user_id as varchar), '-')
)) as plays
    from events
    where page = 'NextSong'
        and ts is not null
        and user_id <> ''

),

plays as (

    select * from "dev"."analytics"."stg_plays"

),

set_aside as (

    select count(*) as plays
    from plays
    where user_id is null or start_time is null

),

songplays as (

    select * from "dev"."analytics"."fact_songplays__dwh_next"

),

counted as (

    select count(*) as plays from songplays

)

select staged.plays as plays_in_staging, set_aside.plays as set_aside, counted.plays as songplays
from staged
cross join set_aside
cross join counted
where staged.plays <> set_aside.plays + counted.plays
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
-- Each songplay's song is one that its title, artist name and duration lead to, and no smaller song_id is left out; each
-- songplay without a song has no match.
with plays as (

    select * from "dev"."analytics"."stg_plays"

),

songs as (

    select * from "dev"."analytics"."stg_songs"

),

songplays as (

    select * from "dev"."analytics"."fact_songplays__dwh_next"

),

matches as (

    select plays.play_id, min(songs.song_id) as song_id
    from plays
    inner join songs
        on songs.title = plays.title
        and songs.artist_name = plays.artist_name
        and songs.duration = plays.duration
    group by plays.play_id

)

select songplays.songplay_id, songplays.song_id, matches.song_id as expected
from songplays
left join matches on matches.play_id = songplays.songplay_id
where case when songplays.song_id = matches.song_id or (songplays.song_id is null and matches.song_id is null) then 0 else 1 end = 1
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
with dwh_parent as (
  select song_id as dwh_key from "dev"."analytics"."dim_songs"
)
select *
from "dev"."analytics"."fact_songplays__dwh_next"
where (song_id is not null)
  and not exists (select 1 from dwh_parent where dwh_parent.dwh_key = song_id)
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
-- dim_users has each user of the fact, and nobody else.
with songplays as (

    select * from "dev"."analytics"."fact_songplays__dwh_next"

),

users as (

    select * from "dev"."analytics"."dim_users"

),

missing as (

    select user_id from songplays
    except
    select user_id from users

),

without_plays as (

    select user_id from users
    except
    select user_id from songplays

)

select user_id, 'has plays and is not in dim_users' as finding from missing
union all
select user_id, 'is in dim_users without plays' as finding from without_plays
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
with here as (
    select count(*) as row_count from "dev"."analytics"."dim_users"
),

there as (
    select count(*) as row_count from "dev"."analytics"."fact_songplays__dwh_next"
)

select here.row_count, there.row_count as allowed
from here
cross join there
where here.row_count > there.row_count
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
with dwh_parent as (
  select user_id as dwh_key from "dev"."analytics"."dim_users"
)
select *
from "dev"."analytics"."fact_songplays__dwh_next"
where (user_id is not null)
  and not exists (select 1 from dwh_parent where dwh_parent.dwh_key = user_id)
) as dbt_internal_test;

begin;
alter table "dev"."analytics"."fact_songplays__dwh_next" rename to "fact_songplays";
drop table if exists "dev"."analytics"."fact_songplays__dwh_next";
commit;

select name, type from (
  select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnum::int as place
  from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = 'analytics' and c.relname = 'subscription_levels' and c.relkind in ('r', 'v')
  union all
  select col_name, col_type, col_num from pg_catalog.pg_get_late_binding_view_cols() as cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)
  where view_schema = 'analytics' and view_name = 'subscription_levels'
) as columns order by place;

begin;
create table "dev"."analytics"."subscription_levels__dwh_next" ("level" character varying(16), "description" character varying(256));
insert into "dev"."analytics"."subscription_levels__dwh_next" ("level", "description") values
('free', 'No fee, with advertisements'),
('paid', 'Monthly fee, no advertisements');
commit;

select name, type from (
  select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnum::int as place
  from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = 'analytics' and c.relname = 'weekdays' and c.relkind in ('r', 'v')
  union all
  select col_name, col_type, col_num from pg_catalog.pg_get_late_binding_view_cols() as cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)
  where view_schema = 'analytics' and view_name = 'weekdays'
) as columns order by place;

begin;
create table "dev"."analytics"."weekdays__dwh_next" ("weekday" integer, "name" character varying(16), "weekend" boolean);
insert into "dev"."analytics"."weekdays__dwh_next" ("weekday", "name", "weekend") values
(0, 'Sunday', true),
(1, 'Monday', false),
(2, 'Tuesday', false),
(3, 'Wednesday', false),
(4, 'Thursday', false),
(5, 'Friday', false),
(6, 'Saturday', true);
commit;

select name, type from (
  select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnum::int as place
  from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = 'analytics' and c.relname = 'dim_time' and c.relkind in ('r', 'v')
  union all
  select col_name, col_type, col_num from pg_catalog.pg_get_late_binding_view_cols() as cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)
  where view_schema = 'analytics' and view_name = 'dim_time'
) as columns order by place;

select * from (
/* {"app":"dwh","dwh_version":"0.0.0-test","dbt_version":"1.11.0","profile_name":"sparkify","target_name":"other","node_id":"model.sparkify.dim_time"} */
-- Every instant at which a play started, and its parts; all in UTC.


with songplays as (

    select * from "dev"."analytics"."fact_songplays"

),

instants as (

    select distinct start_time from songplays

)

select
    start_time,
    cast(extract(hour from start_time) as integer) as hour,
    cast(extract(day from start_time) as integer) as day,
    cast(to_char(start_time, 'IW') as integer) as week,
    cast(extract(month from start_time) as integer) as month,
    cast(extract(year from start_time) as integer) as year,
    cast(extract(dow from start_time) as integer) as weekday
from instants
) as described limit 0;

begin;
create table "dev"."analytics"."dim_time__dwh_next" diststyle all compound sortkey("start_time") as (
-- Every instant at which a play started, and its parts; all in UTC.


with songplays as (

    select * from "dev"."analytics"."fact_songplays"

),

instants as (

    select distinct start_time from songplays

)

select
    start_time,
    cast(extract(hour from start_time) as integer) as hour,
    cast(extract(day from start_time) as integer) as day,
    cast(to_char(start_time, 'IW') as integer) as week,
    cast(extract(month from start_time) as integer) as month,
    cast(extract(year from start_time) as integer) as year,
    cast(extract(dow from start_time) as integer) as weekday
from instants
);
commit;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select level as unique_field, count(*) as n_records
from "dev"."analytics"."subscription_levels__dwh_next"
where (level is not null)
group by level
having count(*) > 1
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."subscription_levels__dwh_next"
where level is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."subscription_levels__dwh_next"
where description is null
) as dbt_internal_test;

begin;
alter table "dev"."analytics"."subscription_levels__dwh_next" rename to "subscription_levels";
drop table if exists "dev"."analytics"."subscription_levels__dwh_next";
commit;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select weekday as unique_field, count(*) as n_records
from "dev"."analytics"."weekdays__dwh_next"
where (weekday is not null)
group by weekday
having count(*) > 1
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."weekdays__dwh_next"
where weekday is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select name as unique_field, count(*) as n_records
from "dev"."analytics"."weekdays__dwh_next"
where (name is not null)
group by name
having count(*) > 1
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."weekdays__dwh_next"
where name is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."weekdays__dwh_next"
where weekend is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select count(*) as row_count, 7 as expected
from "dev"."analytics"."weekdays__dwh_next"
having not (count(*) = 7)
) as dbt_internal_test;

begin;
alter table "dev"."analytics"."weekdays__dwh_next" rename to "weekdays";
drop table if exists "dev"."analytics"."weekdays__dwh_next";
commit;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select start_time as unique_field, count(*) as n_records
from "dev"."analytics"."dim_time__dwh_next"
where (start_time is not null)
group by start_time
having count(*) > 1
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."dim_time__dwh_next"
where start_time is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."dim_time__dwh_next"
where not (hour >= 0 and hour <= 23)
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."dim_time__dwh_next"
where not (day >= 1 and day <= 31)
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."dim_time__dwh_next"
where not (week >= 1 and week <= 53)
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."dim_time__dwh_next"
where not (month >= 1 and month <= 12)
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select *
from "dev"."analytics"."dim_time__dwh_next"
where year is null
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select weekday as value_field, count(*) as n_records
from "dev"."analytics"."dim_time__dwh_next"
where weekday not in (0, 1, 2, 3, 4, 5, 6)
group by weekday
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
select count(*) as row_count, 'at least 1' as expected
from "dev"."analytics"."dim_time__dwh_next"
having not (count(*) >= 1)
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
-- dim_time has each instant of the fact once.
with songplays as (

    select * from "dev"."analytics"."fact_songplays"

),

instants as (

    select * from "dev"."analytics"."dim_time__dwh_next"

),

counted as (

    select
        (select count(distinct start_time) from songplays) as played,
        (select count(*) from instants) as instants

)

select *
from counted
where played <> instants
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
with here as (
    select count(*) as row_count from "dev"."analytics"."dim_time__dwh_next"
),

there as (
    select count(*) as row_count from "dev"."analytics"."fact_songplays"
)

select here.row_count, there.row_count as allowed
from here
cross join there
where here.row_count > there.row_count
) as dbt_internal_test;

select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error
from (
with dwh_parent as (
  select start_time as dwh_key from "dev"."analytics"."dim_time__dwh_next"
)
select *
from "dev"."analytics"."fact_songplays"
where (start_time is not null)
  and not exists (select 1 from dwh_parent where dwh_parent.dwh_key = start_time)
) as dbt_internal_test;

with songplays as (

    select * from "dev"."analytics"."fact_songplays"

)
,

by_user_id as (

    select * from "dev"."analytics"."dim_users"

)
,

by_song_id as (

    select * from "dev"."analytics"."dim_songs"

)
,

by_artist_id as (

    select * from "dev"."analytics"."dim_artists"

)
,

by_start_time as (

    select * from "dev"."analytics"."dim_time__dwh_next"

)

select cast('user_id' as varchar(32)) as key_name, count(*) as orphans
from songplays
left join by_user_id on by_user_id.user_id = songplays.user_id
where songplays.user_id is not null and by_user_id.user_id is null
union all
select cast('song_id' as varchar(32)) as key_name, count(*) as orphans
from songplays
left join by_song_id on by_song_id.song_id = songplays.song_id
where songplays.song_id is not null and by_song_id.song_id is null
union all
select cast('artist_id' as varchar(32)) as key_name, count(*) as orphans
from songplays
left join by_artist_id on by_artist_id.artist_id = songplays.artist_id
where songplays.artist_id is not null and by_artist_id.artist_id is null
union all
select cast('start_time' as varchar(32)) as key_name, count(*) as orphans
from songplays
left join by_start_time on by_start_time.start_time = songplays.start_time
where songplays.start_time is not null and by_start_time.start_time is null

order by key_name;

begin;
alter table "dev"."analytics"."dim_time__dwh_next" rename to "dim_time";
drop table if exists "dev"."analytics"."dim_time__dwh_next";
commit;

update "dev"."_dwh"."lease_analytics" set run = null where token = 1;
