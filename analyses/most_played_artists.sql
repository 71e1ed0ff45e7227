-- Which artists of the catalogue are played most? Ties stay in.
{{ config(expect=sample_only('most_played_artists.csv')) }}

with songplays as (

    select * from {{ ref('fact_songplays') }}

),

artists as (

    select * from {{ ref('dim_artists') }}

),

by_artist as (

    select artist_id, count(*) as plays
    from songplays
    where artist_id is not null
    group by artist_id

),

ranked as (

    select artist_id, plays, rank() over (order by plays desc) as place
    from by_artist

)

select ranked.place, ranked.artist_id, artists.name, ranked.plays
from ranked
inner join artists on artists.artist_id = ranked.artist_id
where ranked.place <= 5
order by ranked.place, ranked.artist_id
