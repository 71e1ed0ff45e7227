-- every order that has left was paid for
select orders.order_id
from {{ ref('orders') }} as orders
where orders.state <> 'placed' and orders.cents = 0
