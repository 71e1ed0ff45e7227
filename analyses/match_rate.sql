-- How many plays does the catalogue know?
{{ config(expect=sample_only('match_rate.csv')) }}

with songplays as (

    select * from {{ ref('fact_songplays') }}

),

counted as (

    select count(*) as plays, count(song_id) as matched
    from songplays

)

select
    plays,
    matched,
    plays - matched as unmatched,
    cast(cast(100 * matched as decimal(18, 4)) / nullif(plays, 0) as decimal(18, 2)) as matched_percent
from counted
