select staff_id, name, team, salary_cents from {{ ref('staff') }} where salary_cents is not null
