-- Who listens, and on which subscription level?
{{ config(expect=sample_only('users.csv')) }}

with users as (

    select * from {{ ref('dim_users') }}

)

select user_id, first_name, last_name, gender, level
from users
order by user_id
