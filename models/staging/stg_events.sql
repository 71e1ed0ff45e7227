-- The event log, each event once: staging keeps exact duplicates, here they are one row.
with events as (

    select * from {{ source('sparkify', 'staging_events') }}

)

select distinct
    {{ row_key(logged_columns()) }} as event_id,
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
