-- One row per user with plays, as the latest play has them.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='user_id',
    sort='user_id'
) }}

with plays as (

    select * from {{ ref('stg_plays') }}
    where user_id is not null and start_time is not null

),

ranked as (

    select
        user_id,
        first_name,
        last_name,
        gender,
        level,
        row_number() over (
            partition by user_id
            order by
                ts desc,
                item_in_session desc nulls last,
                {{ by_bytes('level') }} nulls last,
                {{ by_bytes('first_name') }} nulls last,
                {{ by_bytes('last_name') }} nulls last,
                {{ by_bytes('gender') }} nulls last
        ) as choice
    from plays

)

select user_id, first_name, last_name, gender, level
from ranked
where choice = 1

{% if is_incremental() -%}
-- only who is new or has changed
except

select user_id, first_name, last_name, gender, level
from {{ this }}
{%- endif %}
