{{ config(materialized='ephemeral') }}
select
    order_id,
    channel,
    cents,
    case when touch = 1 then cents else 0 end as first_touch,
    case when touch_from_end = 1 then cents else 0 end as last_touch,
    cast(cents as numeric(12, 2)) / touches as linear
from {{ ref('journeys') }}
