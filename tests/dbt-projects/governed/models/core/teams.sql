select
    team,
    count(*) as people,
    cast(sum(salary_cents) as bigint) as cents
from {{ ref('salaries', v=1) }}
group by team
