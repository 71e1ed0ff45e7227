select team, people from {{ ref('teams') }}
