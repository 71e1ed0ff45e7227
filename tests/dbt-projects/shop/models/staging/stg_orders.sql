{{ config(tags=['orders']) }}
select
    id as order_id,
    customer_id,
    ordered_on,
    state
from {{ ref('raw_orders') }}
where ordered_on >= cast('{{ var("first_order_day") }}' as date)
