{# The values of a column, in order; none while parsing. #}
{% macro values_of(relation, column) %}
    {% if not execute %}{{ return([]) }}{% endif %}
    {% set found = run_query('select distinct ' ~ column ~ ' from ' ~ relation ~ ' where ' ~ column ~ ' is not null order by 1') %}
    {{ return(found.columns[0].values()) }}
{% endmacro %}

{% macro pivoted(column, values, then='1', aggregate='sum', prefix='') -%}
    {%- for value in values %}
    {{ aggregate }}(case when {{ column }} = '{{ value }}' then {{ then }} else 0 end) as {{ adapter.quote(prefix ~ value) }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro minutes_between(first, second) -%}
    {{ return(adapter.dispatch('minutes_between', 'attribution')(first, second)) }}
{%- endmacro %}

{% macro default__minutes_between(first, second) -%}
    cast(extract(epoch from {{ second }} - {{ first }}) / 60 as integer)
{%- endmacro %}

{% macro duckdb__minutes_between(first, second) -%}
    cast(date_diff('second', {{ first }}, {{ second }}) / 60 as integer)
{%- endmacro %}
