{%- set seed = ref('garden_shop', 'raw_payments') -%}
select
    id as payment_id,
    order_id,
    method,
    cents,
    {{ euros('cents') }} as amount
from {{ seed }}
