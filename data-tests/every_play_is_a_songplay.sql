-- Each play in staging is one row of the fact, but for those set aside because their user is no integer or their time no
-- instant. After `on_change: reload` of a log file that lost events, this asks for a run with --full-refresh.
with events as (

    select * from {{ source('sparkify', 'staging_events') }}

),

staged as (

    select count(distinct {{ row_key(logged_columns()) }}) as plays
    from events
    where page = 'NextSong'
        and ts is not null
        and user_id <> ''

),

plays as (

    select * from {{ ref('stg_plays') }}

),

set_aside as (

    select count(*) as plays
    from plays
    where user_id is null or start_time is null

),

songplays as (

    select * from {{ ref('fact_songplays') }}

),

counted as (

    select count(*) as plays from songplays

)

select staged.plays as plays_in_staging, set_aside.plays as set_aside, counted.plays as songplays
from staged
cross join set_aside
cross join counted
where staged.plays <> set_aside.plays + counted.plays
