{% set wanted = local_tools.options('a', 'b', prefix='k') %}
select
    {{ local_tools.surrogate(['visit', 'person']) }} as {{ wanted.prefix }}_id,
    {{ wanted['count'] }} as arguments,
    {{ dbt.safe_cast("'7'", api.Column.translate_type('integer')) }} as seven,
    {% call toolbox.wrapped() %} {{ dbt.length('person') }} + {{ toolbox.minutes_of('high') }} {% endcall %} as score,
    {% call(item, number) local_tools.every(['x', 'y'], ' ') -%}
    '{{ item }}{{ number }}' as {{ item }}{{ ',' if number < 2 }}
    {%- endcall %}
from {{ ref('visits') }}
