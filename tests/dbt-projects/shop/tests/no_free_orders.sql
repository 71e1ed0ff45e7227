{{ config(severity='warn', tags=['money'], fail_calc="coalesce(sum(orders), 0)") }}
select customer_id, count(*) as orders
from {{ ref('orders') }}
where cents = 0
group by customer_id
