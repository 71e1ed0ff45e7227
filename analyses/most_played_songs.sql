-- Which songs are played most? By title and artist as logged, so songs that the catalogue lacks count too; ties stay in.
{{ config(expect=sample_only('most_played_songs.csv')) }}

with plays as (

    select * from {{ ref('stg_plays') }}

),

counted as (

    select title, artist_name, count(*) as plays
    from plays
    group by title, artist_name

),

ranked as (

    select title, artist_name, plays, rank() over (order by plays desc) as place
    from counted

)

select place, title, artist_name, plays
from ranked
where place <= 10
order by place, title, artist_name
