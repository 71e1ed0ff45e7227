-- A play whose song comes late is written again.
{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='play_id') }}
with matched as (
    select plays.play_id, plays.ts, plays.listener_id, min(songs.song_id) as song_id
    from {{ ref('plays') }} as plays
    left join {{ ref('songs') }} as songs on songs.title = plays.song and songs.artist_name = plays.artist
    group by plays.play_id, plays.ts, plays.listener_id
)
select * from matched
{% if is_incremental() %}
except
select * from {{ this }}
{% endif %}
