select date_trunc('month', ordered_on) as month, {{ euros('sum(cents)') }} as turnover
from {{ ref('orders') }}
group by 1
order by 2 desc
limit 1
