{{ config(alias='levels_' ~ var('fallback', 'none') | replace(' ', '_')) }}
select tool, level, {{ local_tools.shouted('tool') }} as loud
from {{ ref('tools') }}
