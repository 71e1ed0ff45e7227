-- Each songplay's song is one that its title, artist name and duration lead to, and no smaller song_id is left out; each
-- songplay without a song has no match.
with plays as (

    select * from {{ ref('stg_plays') }}

),

songs as (

    select * from {{ ref('stg_songs') }}

),

songplays as (

    select * from {{ ref('fact_songplays') }}

),

matches as (

    select plays.play_id, min({{ by_bytes('songs.song_id') }}) as song_id
    from plays
    inner join songs
        on songs.title = plays.title
        and songs.artist_name = plays.artist_name
        and songs.duration = plays.duration
    group by plays.play_id

)

select songplays.songplay_id, songplays.song_id, matches.song_id as expected
from songplays
left join matches on matches.play_id = songplays.songplay_id
where {{ differs(by_bytes('songplays.song_id'), by_bytes('matches.song_id')) }}
