-- At which hour of the day, in UTC, are most songs played?
{{ config(expect=sample_only('busiest_hour.csv')) }}

with songplays as (

    select * from {{ ref('fact_songplays') }}

),

instants as (

    select * from {{ ref('dim_time') }}

),

by_hour as (

    select instants.hour, count(*) as plays
    from songplays
    inner join instants on instants.start_time = songplays.start_time
    group by instants.hour

),

ranked as (

    select hour, plays, rank() over (order by plays desc) as place
    from by_hour

)

select hour, plays
from ranked
where place = 1
order by hour
