select
    channel,
    count(distinct order_id) as orders,
    sum(first_touch) as first_touch,
    sum(last_touch) as last_touch,
    round(sum(linear), 2) as linear
from {{ ref('credits') }}
group by channel
