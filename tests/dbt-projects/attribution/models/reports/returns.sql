{{ config(database=target.database, tags=['money', 'money']) }}
select
    costs.channel,
    costs.cents as cost_cents,
    channels.last_touch,
    dense_rank() over (order by costs.cents desc) as place
from {{ ref('costs') }} as costs
left join {{ ref('channels') }} as channels using (channel)
