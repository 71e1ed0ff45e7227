-- Each song_id and artist_id of staging is one row of its dimension.
with staged as (

    select * from {{ source('sparkify', 'staging_songs') }}

),

songs as (

    select * from {{ ref('dim_songs') }}

),

artists as (

    select * from {{ ref('dim_artists') }}

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
