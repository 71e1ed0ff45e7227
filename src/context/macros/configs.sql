{# sql_header as a block: {% call set_sql_header(config) %} … {% endcall %} #}
{% macro set_sql_header(config) -%}
  {{- config.set('sql_header', caller()) -}}
{%- endmacro %}
