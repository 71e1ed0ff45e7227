{{ config(materialized='ephemeral') }}
select
    order_id,
    {{ paid_by(var('payment_methods')) }},
    sum(cents) as cents
from {{ ref('stg_payments') }}
group by order_id
