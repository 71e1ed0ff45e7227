{% if execute and var('complain', false) %}{% do exceptions.warn('people and tools are mixed') %}{% endif %}
select people.person, tools.loud
from {{ ref('people') }} as people
cross join {{ ref('local_tools', 'tool_levels') }} as tools
