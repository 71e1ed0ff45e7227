select levels.level, levels.description, count(listeners.listener_id) as listeners, sum(listeners.plays) as plays
from {{ ref('levels') }} as levels
left join {{ ref('listeners') }} as listeners on listeners.level = levels.level
group by levels.level, levels.description
