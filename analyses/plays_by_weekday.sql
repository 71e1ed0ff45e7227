-- How many songs are played on each day of the week, in UTC?
{{ config(expect=sample_only('plays_by_weekday.csv')) }}

with songplays as (

    select * from {{ ref('fact_songplays') }}

),

instants as (

    select * from {{ ref('dim_time') }}

),

weekdays as (

    select * from {{ ref('weekdays') }}

)

select weekdays.weekday, weekdays.name, count(songplays.songplay_id) as plays
from weekdays
left join instants on instants.weekday = weekdays.weekday
left join songplays on songplays.start_time = instants.start_time
group by weekdays.weekday, weekdays.name
order by weekdays.weekday
