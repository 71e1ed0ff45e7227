{# What surrounds the main statement of a custom materialization: hooks, indexes, rights, comments. #}

{% macro run_hooks(hooks, inside_transaction=True) %}
  {%- for hook in hooks if hook.transaction == inside_transaction -%}
    {%- if not inside_transaction and loop.first -%}{%- do adapter.commit() -%}{%- endif -%}
    {%- set sql = render(hook.get('sql')) | trim -%}
    {%- if sql -%}
      {%- call statement(auto_begin=inside_transaction) -%}{{ sql }}{%- endcall -%}
    {%- endif -%}
  {%- endfor -%}
{% endmacro %}

{% macro create_indexes(relation) -%}{{- adapter.dispatch('create_indexes', 'dbt')(relation) -}}{%- endmacro %}
{% macro default__create_indexes(relation) -%}{%- do materializing.indexes(relation) -%}{%- endmacro %}

{% macro should_revoke(existing_relation, full_refresh_mode=True) -%}
  {%- if existing_relation is none -%}{%- do return(false) -%}{%- endif -%}
  {%- do return(copy_grants() if full_refresh_mode else true) -%}
{%- endmacro %}

{% macro apply_grants(relation, grant_config, should_revoke=True) -%}
  {{- adapter.dispatch('apply_grants', 'dbt')(relation, grant_config, should_revoke) -}}
{%- endmacro %}
{% macro default__apply_grants(relation, grant_config, should_revoke=True) -%}
  {%- if grant_config -%}{%- do materializing.grants(relation, grant_config) -%}{%- endif -%}
{%- endmacro %}

{% macro persist_docs(relation, model, for_relation=true, for_columns=true) -%}
  {{- adapter.dispatch('persist_docs', 'dbt')(relation, model, for_relation, for_columns) -}}
{%- endmacro %}
{% macro default__persist_docs(relation, model, for_relation, for_columns) -%}
  {%- do materializing.docs(relation, for_relation and config.persist_relation_docs(), for_columns and config.persist_column_docs()) -%}
{%- endmacro %}

{# A result without a statement. #}
{% macro noop_statement(name=none, message=none, code=none, rows_affected=none, res=none) -%}
  {%- do store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) -%}
{%- endmacro %}
