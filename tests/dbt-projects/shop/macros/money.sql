{% macro euros(column, digits=2) -%}
    cast({{ column }} as numeric(16, {{ digits }})) / 100
{%- endmacro %}

{% macro make_hook_log() %}
    create table if not exists {{ target.schema }}_log.hook_log (what varchar(20), which varchar(200), many integer)
{% endmacro %}

{% macro paid_by(methods) -%}
    {%- for method in methods %}
        sum(case when method = '{{ method }}' then cents else 0 end) as {{ method }}_cents{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
