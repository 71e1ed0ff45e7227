select staff_id, team, salary_cents, cast(since as date) as since
from {{ ref('staff') }}
where salary_cents is not null
