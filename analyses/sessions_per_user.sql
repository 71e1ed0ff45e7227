-- How many sessions has a user, and how many plays a session? Sessions with at least one play.
{{ config(expect=sample_only('sessions_per_user.csv')) }}

with songplays as (

    select * from {{ ref('fact_songplays') }}

),

counted as (

    select
        count(distinct user_id) as users,
        count(distinct session_id) as sessions,
        count(*) as plays
    from songplays

)

select
    users,
    sessions,
    plays,
    cast(cast(sessions as decimal(18, 4)) / nullif(users, 0) as decimal(18, 2)) as sessions_per_user,
    cast(cast(plays as decimal(18, 4)) / nullif(sessions, 0) as decimal(18, 2)) as plays_per_session
from counted
