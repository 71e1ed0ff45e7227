{{ config(materialized='ephemeral') }}
select order_id, customer_id, ordered_on, state, state = 'returned' as is_returned
from {{ ref('stg_orders') }}
