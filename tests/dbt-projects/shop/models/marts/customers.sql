{{
    config(
        materialized='table',
        tags='people',
        meta={'pii': True},
        pre_hook=["insert into " ~ target.schema ~ "_log.hook_log values ('before', 'customers', 0)"],
    )
}}
-- {{ ref('stg_customers') }} is where names come from
select
    customers.customer_id,
    customers.full_name,
    regions.region,
    min(orders.ordered_on) as first_order_on,
    max(orders.ordered_on) as last_order_on,
    count(orders.order_id) as orders,
    {{ euros('coalesce(sum(orders.cents), 0)') }} as spent
from {{ ref('stg_customers') }} as customers
left join {{ ref('orders') }} as orders on orders.customer_id = customers.customer_id and not orders.is_returned
left join {{ ref('regions') }} as regions on regions.city = customers.city
group by customers.customer_id, customers.full_name, regions.region
