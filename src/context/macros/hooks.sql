{# Hooks with their place: inside of the node's transaction or outside of it, as the text that pre_hook and post_hook take. #}

{% macro make_hook_config(sql, inside_transaction) -%}
  {{- tojson({'sql': sql, 'transaction': inside_transaction}) -}}
{%- endmacro %}

{% macro before_begin(sql) -%}
  {{- make_hook_config(sql, inside_transaction=False) -}}
{%- endmacro %}

{% macro in_transaction(sql) -%}
  {{- make_hook_config(sql, inside_transaction=True) -}}
{%- endmacro %}

{% macro after_commit(sql) -%}
  {{- make_hook_config(sql, inside_transaction=False) -}}
{%- endmacro %}
