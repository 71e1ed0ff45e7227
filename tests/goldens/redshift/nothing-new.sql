set datestyle to 'ISO';

set timezone to 'UTC';

set search_path to "analytics", '$user', public;

update "dev"."_dwh"."lease_analytics" set token = token + 1, run = '…', host = '…', machine = '…', process = '…', born = '…', command = 'dwh build', started = cast(extract(epoch from sysdate) as bigint), beat = cast(extract(epoch from sysdate) as bigint) where run is null;

-- reads lease_analytics
-- reads pg_namespace
-- reads pg_class, pg_namespace, pg_views
-- reads pg_type
-- reads pg_class, pg_namespace, pg_views
-- reads pg_class, pg_namespace, pg_views
-- reads load_copies
-- reads load_files
-- reads pg_class, pg_namespace, pg_attribute
-- reads load_copies
-- reads load_files
-- reads pg_class, pg_namespace, pg_attribute
-- reads staging_events
-- reads staging_events
-- reads staging_songs
-- reads staging_events
-- reads svv_relation_privileges
-- reads pg_constraint, pg_class, pg_namespace

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
-- reads svv_relation_privileges
-- reads pg_constraint, pg_class, pg_namespace
drop view if exists "dev"."analytics"."stg_events";
alter table "dev"."analytics"."stg_events__dwh_next" rename to "stg_events";
drop view if exists "dev"."analytics"."stg_events__dwh_next";
commit;

-- reads staging_songs
-- reads svv_relation_privileges
-- reads pg_constraint, pg_class, pg_namespace

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
-- reads svv_relation_privileges
-- reads pg_constraint, pg_class, pg_namespace
drop view if exists "dev"."analytics"."stg_songs";
alter table "dev"."analytics"."stg_songs__dwh_next" rename to "stg_songs";
drop view if exists "dev"."analytics"."stg_songs__dwh_next";
commit;

-- reads pg_class, pg_namespace, pg_attribute
-- reads stg_events
-- reads pg_table_def

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

-- reads pg_class, pg_namespace, pg_attribute
-- reads stg_songs
-- reads pg_table_def

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

-- reads stg_plays__dwh_next
-- reads stg_plays__dwh_next
-- reads stg_plays__dwh_next
-- reads stg_plays__dwh_next

begin;
delete from "dev"."analytics"."stg_plays";
insert into "dev"."analytics"."stg_plays" ("play_id", "ts", "start_time", "logged_user_id", "user_id", "first_name", "last_name", "gender", "level", "session_id", "item_in_session", "location", "user_agent", "title", "artist_name", "duration") select "play_id", "ts", "start_time", "logged_user_id", "user_id", "first_name", "last_name", "gender", "level", "session_id", "item_in_session", "location", "user_agent", "title", "artist_name", "duration" from "dev"."analytics"."stg_plays__dwh_next";
drop table if exists "dev"."analytics"."stg_plays__dwh_next";
commit;

-- reads pg_class, pg_namespace, pg_attribute
-- reads stg_songs
-- reads pg_table_def

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

-- reads dim_artists__dwh_next
-- reads dim_artists__dwh_next
-- reads dim_artists__dwh_next
-- reads dim_artists__dwh_next, staging_songs

begin;
delete from "dev"."analytics"."dim_artists";
insert into "dev"."analytics"."dim_artists" ("artist_id", "name", "location", "latitude", "longitude") select "artist_id", "name", "location", "latitude", "longitude" from "dev"."analytics"."dim_artists__dwh_next";
drop table if exists "dev"."analytics"."dim_artists__dwh_next";
commit;

-- reads pg_class, pg_namespace, pg_attribute
-- reads stg_plays, dim_users

begin;
create table "dev"."analytics"."dim_users__dwh_stage" as (
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

-- only who is new or has changed
except

select user_id, first_name, last_name, gender, level
from "dev"."analytics"."dim_users"
);
create view "dev"."analytics"."dim_users__dwh_candidate" as
select t."user_id" as "user_id", t."first_name" as "first_name", t."last_name" as "last_name", t."gender" as "gender", t."level" as "level" from (select o."user_id" as "user_id", o."first_name" as "first_name", o."last_name" as "last_name", o."gender" as "gender", o."level" as "level" from "dev"."analytics"."dim_users" as o) as t where (exists (select 1 from "dev"."analytics"."dim_users__dwh_stage" as s where (coalesce(t."user_id", 0) = coalesce(s."user_id", 0) and nvl2(t."user_id", 1, 0) = nvl2(s."user_id", 1, 0)))) is not true
union all
select s."user_id" as "user_id", s."first_name" as "first_name", s."last_name" as "last_name", s."gender" as "gender", s."level" as "level" from "dev"."analytics"."dim_users__dwh_stage" as s
with no schema binding;
commit;

-- reads pg_class, pg_namespace, pg_attribute
-- reads stg_plays, stg_songs, fact_songplays

begin;
create table "dev"."analytics"."fact_songplays__dwh_stage" as (
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

-- What is not there yet, whatever its date, and what now matches another song than it did: all of a play but its match
-- is in its key, so nothing else can have changed.
, published as (

    select songplay_id, song_id, artist_id from "dev"."analytics"."fact_songplays"

)

select songplays.*
from songplays
left join published on published.songplay_id = songplays.songplay_id
where published.songplay_id is null
    or case when published.song_id = songplays.song_id or (published.song_id is null and songplays.song_id is null) then 0 else 1 end = 1
    or case when published.artist_id = songplays.artist_id or (published.artist_id is null and songplays.artist_id is null) then 0 else 1 end = 1
);
create view "dev"."analytics"."fact_songplays__dwh_candidate" as
select t."songplay_id" as "songplay_id", t."start_time" as "start_time", t."user_id" as "user_id", t."level" as "level", t."song_id" as "song_id", t."artist_id" as "artist_id", t."session_id" as "session_id", t."location" as "location", t."user_agent" as "user_agent" from (select o."songplay_id" as "songplay_id", o."start_time" as "start_time", o."user_id" as "user_id", o."level" as "level", o."song_id" as "song_id", o."artist_id" as "artist_id", o."session_id" as "session_id", o."location" as "location", o."user_agent" as "user_agent" from "dev"."analytics"."fact_songplays" as o) as t where (exists (select 1 from "dev"."analytics"."fact_songplays__dwh_stage" as s where (coalesce(t."songplay_id", '') = coalesce(s."songplay_id", '') and nvl2(t."songplay_id", 1, 0) = nvl2(s."songplay_id", 1, 0)))) is not true
union all
select s."songplay_id" as "songplay_id", s."start_time" as "start_time", s."user_id" as "user_id", s."level" as "level", s."song_id" as "song_id", s."artist_id" as "artist_id", s."session_id" as "session_id", s."location" as "location", s."user_agent" as "user_agent" from "dev"."analytics"."fact_songplays__dwh_stage" as s
with no schema binding;
commit;

-- reads dim_songs__dwh_next
-- reads dim_songs__dwh_next
-- reads dim_songs__dwh_next
-- reads dim_songs__dwh_next, staging_songs
-- reads dim_artists, dim_songs__dwh_next
-- reads staging_songs, dim_songs__dwh_next, dim_artists

begin;
delete from "dev"."analytics"."dim_songs";
insert into "dev"."analytics"."dim_songs" ("song_id", "title", "artist_id", "year", "duration") select "song_id", "title", "artist_id", "year", "duration" from "dev"."analytics"."dim_songs__dwh_next";
drop table if exists "dev"."analytics"."dim_songs__dwh_next";
commit;

-- reads dim_users__dwh_candidate
-- reads dim_users__dwh_candidate
-- reads dim_users__dwh_candidate
-- reads dim_users__dwh_candidate
-- reads dim_users__dwh_candidate

begin;
drop view if exists "dev"."analytics"."dim_users__dwh_candidate";
delete from "dev"."analytics"."dim_users" using "dev"."analytics"."dim_users__dwh_stage" where "dev"."analytics"."dim_users"."user_id" = "dev"."analytics"."dim_users__dwh_stage"."user_id";
delete from "dev"."analytics"."dim_users" using "dev"."analytics"."dim_users__dwh_stage" where ("dev"."analytics"."dim_users"."user_id" is null) and (coalesce("dev"."analytics"."dim_users"."user_id", 0) = coalesce("dev"."analytics"."dim_users__dwh_stage"."user_id", 0) and nvl2("dev"."analytics"."dim_users"."user_id", 1, 0) = nvl2("dev"."analytics"."dim_users__dwh_stage"."user_id", 1, 0));
insert into "dev"."analytics"."dim_users" ("user_id", "first_name", "last_name", "gender", "level") select "user_id", "first_name", "last_name", "gender", "level" from "dev"."analytics"."dim_users__dwh_stage";
drop view if exists "dev"."analytics"."dim_users__dwh_candidate";
drop table if exists "dev"."analytics"."dim_users__dwh_stage";
commit;

-- reads fact_songplays__dwh_candidate
-- reads fact_songplays__dwh_candidate
-- reads fact_songplays__dwh_candidate
-- reads fact_songplays__dwh_candidate
-- reads fact_songplays__dwh_candidate
-- reads fact_songplays__dwh_candidate
-- reads dim_artists, fact_songplays__dwh_candidate
-- reads fact_songplays__dwh_candidate, staging_events
-- reads staging_events, stg_plays, fact_songplays__dwh_candidate
-- reads stg_plays, stg_songs, fact_songplays__dwh_candidate
-- reads dim_songs, fact_songplays__dwh_candidate
-- reads fact_songplays__dwh_candidate, dim_users
-- reads dim_users, fact_songplays__dwh_candidate
-- reads dim_users, fact_songplays__dwh_candidate

begin;
drop view if exists "dev"."analytics"."fact_songplays__dwh_candidate";
delete from "dev"."analytics"."fact_songplays" using "dev"."analytics"."fact_songplays__dwh_stage" where "dev"."analytics"."fact_songplays"."songplay_id" = "dev"."analytics"."fact_songplays__dwh_stage"."songplay_id";
delete from "dev"."analytics"."fact_songplays" using "dev"."analytics"."fact_songplays__dwh_stage" where ("dev"."analytics"."fact_songplays"."songplay_id" is null) and (coalesce("dev"."analytics"."fact_songplays"."songplay_id", '') = coalesce("dev"."analytics"."fact_songplays__dwh_stage"."songplay_id", '') and nvl2("dev"."analytics"."fact_songplays"."songplay_id", 1, 0) = nvl2("dev"."analytics"."fact_songplays__dwh_stage"."songplay_id", 1, 0));
insert into "dev"."analytics"."fact_songplays" ("songplay_id", "start_time", "user_id", "level", "song_id", "artist_id", "session_id", "location", "user_agent") select "songplay_id", "start_time", "user_id", "level", "song_id", "artist_id", "session_id", "location", "user_agent" from "dev"."analytics"."fact_songplays__dwh_stage";
drop view if exists "dev"."analytics"."fact_songplays__dwh_candidate";
drop table if exists "dev"."analytics"."fact_songplays__dwh_stage";
commit;

-- reads pg_class, pg_namespace, pg_attribute

begin;
create table "dev"."analytics"."subscription_levels__dwh_next" ("level" character varying(16), "description" character varying(256));
insert into "dev"."analytics"."subscription_levels__dwh_next" ("level", "description") values
('free', 'No fee, with advertisements'),
('paid', 'Monthly fee, no advertisements');
commit;

-- reads pg_class, pg_namespace, pg_attribute

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

-- reads pg_class, pg_namespace, pg_attribute
-- reads fact_songplays
-- reads pg_table_def

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

-- reads subscription_levels__dwh_next
-- reads subscription_levels__dwh_next
-- reads subscription_levels__dwh_next

begin;
delete from "dev"."analytics"."subscription_levels";
insert into "dev"."analytics"."subscription_levels" ("level", "description") select "level", "description" from "dev"."analytics"."subscription_levels__dwh_next";
drop table if exists "dev"."analytics"."subscription_levels__dwh_next";
commit;

-- reads weekdays__dwh_next
-- reads weekdays__dwh_next
-- reads weekdays__dwh_next
-- reads weekdays__dwh_next
-- reads weekdays__dwh_next
-- reads weekdays__dwh_next

begin;
delete from "dev"."analytics"."weekdays";
insert into "dev"."analytics"."weekdays" ("weekday", "name", "weekend") select "weekday", "name", "weekend" from "dev"."analytics"."weekdays__dwh_next";
drop table if exists "dev"."analytics"."weekdays__dwh_next";
commit;

-- reads dim_time__dwh_next
-- reads dim_time__dwh_next
-- reads dim_time__dwh_next
-- reads dim_time__dwh_next
-- reads dim_time__dwh_next
-- reads dim_time__dwh_next
-- reads dim_time__dwh_next
-- reads dim_time__dwh_next
-- reads dim_time__dwh_next
-- reads fact_songplays, dim_time__dwh_next
-- reads dim_time__dwh_next, fact_songplays
-- reads dim_time__dwh_next, fact_songplays
-- reads fact_songplays, dim_users, dim_songs, dim_artists, dim_time__dwh_next

begin;
delete from "dev"."analytics"."dim_time";
insert into "dev"."analytics"."dim_time" ("start_time", "hour", "day", "week", "month", "year", "weekday") select "start_time", "hour", "day", "week", "month", "year", "weekday" from "dev"."analytics"."dim_time__dwh_next";
drop table if exists "dev"."analytics"."dim_time__dwh_next";
commit;

update "dev"."_dwh"."lease_analytics" set run = null where token = 2;
