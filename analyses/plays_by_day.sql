-- How many songs are played on each day, in UTC?
{{ config(expect=sample_only('plays_by_day.csv')) }}

with songplays as (

    select * from {{ ref('fact_songplays') }}

),

instants as (

    select * from {{ ref('dim_time') }}

)

select instants.year, instants.month, instants.day, count(*) as plays
from songplays
inner join instants on instants.start_time = songplays.start_time
group by instants.year, instants.month, instants.day
order by instants.year, instants.month, instants.day
