select * from {{ ref('teams') }} where people = 0
