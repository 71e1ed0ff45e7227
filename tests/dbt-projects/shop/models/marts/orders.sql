with paid as (
    select * from {{ ref('order_payments') }}
)
select
    states.order_id,
    states.customer_id,
    states.ordered_on,
    states.state,
    states.is_returned,
    {% for method in var('payment_methods') -%}
    coalesce(paid.{{ method }}_cents, 0) as {{ method }}_cents,
    {% endfor -%}
    coalesce(paid.cents, 0) as cents,
    coalesce(paid.cents, 0) >= {{ var('big_order_cents') }} as is_big
from {{ ref('order_states') }} as states
left join paid on paid.order_id = states.order_id
