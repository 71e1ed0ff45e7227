{{ config(materialized='view') }}
select distinct
    md5(concat_ws('|', ts, userid, sessionid, iteminsession, level, artist, song, length)) as play_id,
    ts,
    userid as listener_id,
    iteminsession,
    level,
    artist,
    song
from {{ source('radio', 'staging_events') }}
where page = 'NextSong' and ts is not null and userid <> ''
