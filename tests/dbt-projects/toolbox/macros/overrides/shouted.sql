{% macro duckdb__shouted(column) -%}
    upper({{ column }}) || '?!'
{%- endmacro %}

{% macro postgres__shouted(column) -%}
    upper({{ column }}) || '?!'
{%- endmacro %}
