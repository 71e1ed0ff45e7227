select order_id, {{ "string_agg(channel, ' > ' order by touch)" }} as path
from {{ ref('journeys') }}
group by order_id
