select salaries.staff_id, salaries.team, steps.doubled as bonus
from {{ ref('salaries', version=2) }} as salaries
join {{ ref('bonus_steps') }} as steps on steps.team = salaries.team
