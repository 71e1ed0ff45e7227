-- The plays among the events: page 'NextSong', with a ts and a userId. A userId that is no integer, or a ts that is no
-- instant, is NULL here and the play stays out of the star; a test warns of each. A table, since the key of a play takes
-- time and several models and tests read it.
{{ config(materialized='table', dist='play_id', sort='start_time') }}

with events as (

    select * from {{ ref('stg_events') }}

)

select
    event_id as play_id,
    ts,
    {{ epoch_ms_to_timestamp('ts') }} as start_time,
    user_id as logged_user_id,
    {{ integer_or_null('user_id') }} as user_id,
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
