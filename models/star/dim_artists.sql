-- One row per artist_id, as the artist's song of the greatest year has it, then the one of the smallest song_id.
{{ config(sort='artist_id') }}

with songs as (

    select * from {{ ref('stg_songs') }}
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
                {{ by_bytes('song_id') }} nulls last,
                {{ by_bytes('artist_name') }} nulls last,
                {{ by_bytes('location') }} nulls last,
                latitude nulls last,
                longitude nulls last
        ) as choice
    from songs

)

select artist_id, artist_name as name, location, latitude, longitude
from ranked
where choice = 1
