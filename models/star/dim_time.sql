-- Every instant at which a play started, and its parts; all in UTC.
{{ config(sort='start_time') }}

with songplays as (

    select * from {{ ref('fact_songplays') }}

),

instants as (

    select distinct start_time from songplays

)

select
    start_time,
    cast(extract(hour from start_time) as integer) as hour,
    cast(extract(day from start_time) as integer) as day,
    {{ iso_week('start_time') }} as week,
    cast(extract(month from start_time) as integer) as month,
    cast(extract(year from start_time) as integer) as year,
    cast(extract(dow from start_time) as integer) as weekday
from instants
