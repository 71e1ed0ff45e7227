-- The song catalogue, each row once, with names that need no prefix.
with songs as (

    select * from {{ source('sparkify', 'staging_songs') }}

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
