select team, {{ var('bonus') }} as bonus from (select distinct team from {{ ref('staff') }}) as teams
