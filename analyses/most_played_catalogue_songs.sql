-- Which songs of the catalogue are played most? Ties stay in.
{{ config(expect=sample_only('most_played_catalogue_songs.csv')) }}

with songplays as (

    select * from {{ ref('fact_songplays') }}

),

songs as (

    select * from {{ ref('dim_songs') }}

),

artists as (

    select * from {{ ref('dim_artists') }}

),

by_song as (

    select song_id, artist_id, count(*) as plays
    from songplays
    where song_id is not null
    group by song_id, artist_id

),

ranked as (

    select song_id, artist_id, plays, rank() over (order by plays desc) as place
    from by_song

)

select ranked.place, ranked.song_id, songs.title, artists.name as artist_name, ranked.plays
from ranked
inner join songs on songs.song_id = ranked.song_id
left join artists on artists.artist_id = ranked.artist_id
where ranked.place <= 5
order by ranked.place, ranked.song_id
