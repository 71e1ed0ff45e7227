{#- A text key of all these columns: md5 over each value's length and text. The length keeps ('ab', 'c') and ('a', 'bc')
    apart, the dash keeps NULL and '' apart. Doubles go in as {'double': column}. -#}
{% macro row_key(columns) -%}
md5(
    {%- for column in columns %}
    {%- set text = exact_text(column.double) if column is mapping else 'cast(' ~ column ~ ' as varchar)' %}
    coalesce(cast(length({{ text }}) as varchar) || ':' || {{ text }}, '-')
    {%- if not loop.last %} ||{% endif %}
    {%- endfor %}
)
{%- endmacro %}

{#- A double as text, such that different doubles have different texts: the shortest that reads back as the same double,
    and so the same one on every warehouse. -#}
{% macro exact_text(column) -%}
    {{ return(adapter.dispatch('exact_text')(column)) }}
{%- endmacro %}

{% macro default__exact_text(column) -%}
    cast({{ column }} as varchar)
{%- endmacro %}

{#- DuckDB ends whole numbers with '.0'. -#}
{% macro duckdb__exact_text(column) -%}
    regexp_replace(cast({{ column }} as varchar), '[.]0$', '')
{%- endmacro %}

{#- Redshift prints 15 digits and a double may have 17: what the print leaves out, if anything, is put beside it. -#}
{% macro redshift__exact_text(column) -%}
    {%- set text = 'cast(' ~ column ~ ' as varchar)' -%}
    {%- set rest = column ~ ' - cast(' ~ text ~ ' as double precision)' -%}
    (case when {{ rest }} = 0 then {{ text }} else {{ text }} || '+' || cast({{ rest }} as varchar) end)
{%- endmacro %}
