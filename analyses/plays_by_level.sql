-- How much do listeners with and without a subscription play? By the level at the time of the play.
{{ config(expect=sample_only('plays_by_level.csv')) }}

with songplays as (

    select * from {{ ref('fact_songplays') }}

)

select
    level,
    count(*) as plays,
    count(distinct user_id) as users,
    count(distinct session_id) as sessions
from songplays
group by level
order by level
