{# Relations as custom materializations handle them: names beside another, what stands there, making, renaming and dropping. #}

{% macro make_intermediate_relation(base_relation, suffix='__dbt_tmp') -%}
  {%- do return(adapter.dispatch('make_intermediate_relation', 'dbt')(base_relation, suffix)) -%}
{%- endmacro %}
{% macro default__make_intermediate_relation(base_relation, suffix) -%}
  {%- do return(base_relation.incorporate(path={'identifier': materializing.suffixed(base_relation.identifier, suffix)})) -%}
{%- endmacro %}

{# In no schema: a temporary table is in one of its session's own. #}
{% macro make_temp_relation(base_relation, suffix='__dbt_tmp') -%}
  {%- do return(adapter.dispatch('make_temp_relation', 'dbt')(base_relation, suffix)) -%}
{%- endmacro %}
{% macro default__make_temp_relation(base_relation, suffix) -%}
  {%- set name = materializing.suffixed(base_relation.identifier, suffix ~ '_' ~ run_started_at.strftime('%H%M%S%f')) -%}
  {%- do return(base_relation.incorporate(path={'database': none, 'schema': none, 'identifier': name}, type='table')) -%}
{%- endmacro %}

{% macro make_backup_relation(base_relation, backup_relation_type, suffix='__dbt_backup') -%}
  {%- do return(adapter.dispatch('make_backup_relation', 'dbt')(base_relation, backup_relation_type, suffix)) -%}
{%- endmacro %}
{% macro default__make_backup_relation(base_relation, backup_relation_type, suffix) -%}
  {%- set path = {'identifier': materializing.suffixed(base_relation.identifier, suffix)} -%}
  {%- do return(base_relation.incorporate(path=path, type=backup_relation_type)) -%}
{%- endmacro %}

{% macro load_cached_relation(relation) -%}{%- do return(load_relation(relation)) -%}{%- endmacro %}

{# [whether it is there, the relation] #}
{% macro get_or_create_relation(database, schema, identifier, type) -%}
  {%- set found = adapter.get_relation(database=database, schema=schema, identifier=identifier) -%}
  {%- if found -%}{%- do return([true, found]) -%}{%- endif -%}
  {%- do return([false, api.Relation.create(database=database, schema=schema, identifier=identifier, type=type)]) -%}
{%- endmacro %}

{% macro drop_relation(relation) -%}{%- do adapter.drop_relation(relation) -%}{%- endmacro %}
{% macro drop_relation_if_exists(relation) -%}
  {%- if relation is not none -%}{%- do adapter.drop_relation(relation) -%}{%- endif -%}
{%- endmacro %}
{% macro rename_relation(from_relation, to_relation) -%}{%- do adapter.rename_relation(from_relation, to_relation) -%}{%- endmacro %}
{% macro truncate_relation(relation) -%}{%- do adapter.truncate_relation(relation) -%}{%- endmacro %}
{% macro create_schema(relation) -%}{%- do adapter.create_schema(relation) -%}{%- endmacro %}
{% macro drop_schema(relation) -%}{%- do adapter.drop_schema(relation) -%}{%- endmacro %}

{% macro get_create_table_as_sql(temporary, relation, sql) -%}
  {{- adapter.dispatch('get_create_table_as_sql', 'dbt')(temporary, relation, sql) -}}
{%- endmacro %}
{% macro default__get_create_table_as_sql(temporary, relation, sql) -%}{{- create_table_as(temporary, relation, sql) -}}{%- endmacro %}

{% macro create_table_as(temporary, relation, compiled_code, language='sql') -%}
  {{- adapter.dispatch('create_table_as', 'dbt')(temporary, relation, compiled_code) -}}
{%- endmacro %}
{% macro default__create_table_as(temporary, relation, sql) -%}
  {%- set header = config.get('sql_header', none) -%}
  {{- header if header is not none else '' }}
  {{ materializing.table_as(temporary, relation, sql) }}
{%- endmacro %}

{% macro get_create_view_as_sql(relation, sql) -%}
  {{- adapter.dispatch('get_create_view_as_sql', 'dbt')(relation, sql) -}}
{%- endmacro %}
{% macro default__get_create_view_as_sql(relation, sql) -%}{{- create_view_as(relation, sql) -}}{%- endmacro %}

{% macro create_view_as(relation, sql) -%}{{- adapter.dispatch('create_view_as', 'dbt')(relation, sql) -}}{%- endmacro %}
{% macro default__create_view_as(relation, sql) -%}
  {%- set header = config.get('sql_header', none) -%}
  {{- header if header is not none else '' }}
  {{ materializing.view_as(relation, sql) }}
{%- endmacro %}

{% macro get_quoted_csv(column_names) -%}
  {%- set quoted = [] -%}
  {%- for name in column_names -%}{%- do quoted.append(adapter.quote(name)) -%}{%- endfor -%}
  {%- do return(quoted | join(', ')) -%}
{%- endmacro %}
