-- Does any key of the fact lead nowhere? All zero, whatever is loaded.
{{ config(expect='keys_without_dimension.csv') }}

{% set keys = {'user_id': 'dim_users', 'song_id': 'dim_songs', 'artist_id': 'dim_artists', 'start_time': 'dim_time'} -%}

with songplays as (

    select * from {{ ref('fact_songplays') }}

)
{%- for key, dimension in keys.items() %}
,

by_{{ key }} as (

    select * from {{ ref(dimension) }}

)
{%- endfor %}

{% for key in keys -%}
select cast('{{ key }}' as varchar(32)) as key_name, count(*) as orphans
from songplays
left join by_{{ key }} on by_{{ key }}.{{ key }} = songplays.{{ key }}
where songplays.{{ key }} is not null and by_{{ key }}.{{ key }} is null
{% if not loop.last %}union all{% endif %}
{% endfor -%}
order by key_name
