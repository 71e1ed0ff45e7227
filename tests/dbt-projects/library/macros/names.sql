{% macro generate_schema_name(custom_schema_name, node=none) -%}
  {{ ([target.schema, custom_schema_name, var('stage')] | select | join('_')) }}
{%- endmacro %}
