{% macro minutes_of(label) %}
    {%- if label not in var('levels') -%}
        {{ exceptions.raise_compiler_error('no level ' ~ label) }}
    {%- endif -%}
    {{ return(var('levels')[label]) }}
{% endmacro %}

{% macro row_count(relation) %}
    {%- call statement('counted', fetch_result=True) -%}
        select count(*) as many from {{ relation }}
    {%- endcall -%}
    {%- if execute -%}
        {{ return(load_result('counted')['data'][0][0]) }}
    {%- endif -%}
    {{ return(-1) }}
{% endmacro %}

{% macro wrapped(first='(', last=')') -%}
    {{ first }}{{ caller() | trim }}{{ last }}
{%- endmacro %}

{% macro column_list(names) -%}
    {%- set listed = namespace(text='', count=0) -%}
    {%- for name in names -%}
        {%- set listed.text = listed.text ~ (', ' if not loop.first else '') ~ api.Column.create(name, 'text').quoted -%}
        {%- set listed.count = listed.count + 1 -%}
    {%- endfor -%}
    {{ return({'text': listed.text, 'count': listed.count}) }}
{%- endmacro %}
