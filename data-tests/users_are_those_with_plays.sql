-- dim_users has each user of the fact, and nobody else.
with songplays as (

    select * from {{ ref('fact_songplays') }}

),

users as (

    select * from {{ ref('dim_users') }}

),

missing as (

    select user_id from songplays
    except
    select user_id from users

),

without_plays as (

    select user_id from users
    except
    select user_id from songplays

)

select user_id, 'has plays and is not in dim_users' as finding from missing
union all
select user_id, 'is in dim_users without plays' as finding from without_plays
