select
    orders.order_id,
    orders.cents,
    visits.session_id,
    visits.channel,
    row_number() over (partition by orders.order_id order by visits.began_at) as touch,
    row_number() over (partition by orders.order_id order by visits.began_at desc) as touch_from_end,
    count(*) over (partition by orders.order_id) as touches
from {{ source('platform', 'orders') }} as orders
join {{ ref('visits') }} as visits
    on visits.visitor = orders.visitor
    and visits.began_at <= orders.bought_at
    and visits.began_at > orders.bought_at - interval '{{ var("windows").click }} days'
