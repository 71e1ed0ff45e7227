-- One row per play, with the song and artist of the catalogue where title, artist name and duration agree.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='songplay_id',
    dist='songplay_id',
    sort='start_time'
) }}

with plays as (

    select * from {{ ref('stg_plays') }}
    where user_id is not null and start_time is not null

),

songs as (

    select * from {{ ref('stg_songs') }}

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
            order by {{ by_bytes('song_id') }} nulls last, {{ by_bytes('artist_id') }} nulls last
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

{% if is_incremental() -%}
-- What is not there yet, whatever its date, and what now matches another song than it did: all of a play but its match
-- is in its key, so nothing else can have changed.
, published as (

    select songplay_id, song_id, artist_id from {{ this }}

)

select songplays.*
from songplays
left join published on published.songplay_id = songplays.songplay_id
where published.songplay_id is null
    or {{ differs('published.song_id', 'songplays.song_id') }}
    or {{ differs('published.artist_id', 'songplays.artist_id') }}
{%- else -%}
select * from songplays
{%- endif %}
