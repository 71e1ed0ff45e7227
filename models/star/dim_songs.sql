-- One row per song_id: of several, the one of the greatest year.
{{ config(sort='song_id') }}

with songs as (

    select * from {{ ref('stg_songs') }}
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
                {{ by_bytes('title') }} nulls last,
                {{ by_bytes('artist_id') }} nulls last,
                duration nulls last
        ) as choice
    from songs

)

select song_id, title, artist_id, year, duration
from ranked
where choice = 1
