-- How many users are on each subscription level now, and what does it mean?
{{ config(expect=sample_only('users_by_level.csv')) }}

with users as (

    select * from {{ ref('dim_users') }}

),

levels as (

    select * from {{ ref('subscription_levels') }}

),

counted as (

    select level, count(*) as users
    from users
    group by level

)

select counted.level, levels.description, counted.users
from counted
left join levels on levels.level = counted.level
order by counted.level
