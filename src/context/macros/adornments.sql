{# Indexes, rights and comments as statements, for macros that send them themselves. #}

{% macro get_create_index_sql(relation, index_dict) -%}{%- do return(adapter.dispatch('get_create_index_sql', 'dbt')(relation, index_dict)) -%}{%- endmacro %}
{% macro default__get_create_index_sql(relation, index_dict) -%}{%- do return(materializing.index_sql(relation, index_dict) or none) -%}{%- endmacro %}

{% macro duckdb__get_create_index_sql(relation, index_dict) -%}
  {%- set name = 'dwh_' ~ local_md5(tojson([relation.schema, relation.identifier, index_dict], sort_keys=true)) -%}
  {%- do return('create ' ~ ('unique ' if index_dict.unique else '') ~ 'index if not exists ' ~ adapter.quote(name) ~ ' on ' ~ relation ~ ' (' ~ get_quoted_csv(index_dict['columns']) ~ ')') -%}
{%- endmacro %}

{# Rows of name, method, unique, column_names. #}
{% macro get_show_indexes_sql(relation) -%}{{- adapter.dispatch('get_show_indexes_sql', 'dbt')(relation) -}}{%- endmacro %}
{% macro default__get_show_indexes_sql(relation) -%}
  {%- do exceptions.raise_compiler_error(adapter.type() ~ ' has no indexes to list') -%}
{%- endmacro %}
{% macro duckdb__get_show_indexes_sql(relation) -%}
  select index_name as name, 'art' as method, is_unique as "unique", expressions as column_names from duckdb_indexes()
  where schema_name = '{{ escape_single_quotes(relation.schema) }}' and table_name = '{{ escape_single_quotes(relation.identifier) }}' order by 1
{%- endmacro %}
{% macro postgres__get_show_indexes_sql(relation) -%}
  select made.relname as name, method.amname as method, i.indisunique as "unique",
    (select string_agg(a.attname, ',' order by k.place) from unnest(i.indkey::int[]) with ordinality as k (number, place)
      join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.number) as column_names
  from pg_index as i join pg_class as made on made.oid = i.indexrelid join pg_am as method on method.oid = made.relam
  where i.indrelid = to_regclass('{{ escape_single_quotes(relation.include(database=false) | string) }}') order by 1
{%- endmacro %}
{% macro redshift__get_show_indexes_sql(relation) -%}{{- default__get_show_indexes_sql(relation) -}}{%- endmacro %}

{% macro get_drop_index_sql(relation, index_name) -%}{{- adapter.dispatch('get_drop_index_sql', 'dbt')(relation, index_name) -}}{%- endmacro %}
{% macro default__get_drop_index_sql(relation, index_name) -%}
  drop index if exists {{ adapter.quote(relation.schema) }}.{{ adapter.quote(index_name) }}
{%- endmacro %}

{# Rows of grantee and privilege_type. #}
{% macro get_show_grant_sql(relation) -%}{{- adapter.dispatch('get_show_grant_sql', 'dbt')(relation) -}}{%- endmacro %}
{% macro default__get_show_grant_sql(relation) -%}{{- materializing.show_grants_sql(relation) -}}{%- endmacro %}
{% macro get_grant_sql(relation, privilege, grantees) -%}{{- adapter.dispatch('get_grant_sql', 'dbt')(relation, privilege, grantees) -}}{%- endmacro %}
{% macro default__get_grant_sql(relation, privilege, grantees) -%}{{- materializing.grant_sql(relation, privilege, grantees) -}}{%- endmacro %}
{% macro get_revoke_sql(relation, privilege, grantees) -%}{{- adapter.dispatch('get_revoke_sql', 'dbt')(relation, privilege, grantees) -}}{%- endmacro %}
{% macro default__get_revoke_sql(relation, privilege, grantees) -%}{{- materializing.revoke_sql(relation, privilege, grantees) -}}{%- endmacro %}

{% macro support_multiple_grantees_per_dcl_statement() -%}{%- do return(adapter.dispatch('support_multiple_grantees_per_dcl_statement', 'dbt')()) -%}{%- endmacro %}
{% macro default__support_multiple_grantees_per_dcl_statement() -%}{%- do return(true) -%}{%- endmacro %}

{# A statement for each privilege, or for each of its grantees. #}
{% macro get_dcl_statement_list(relation, grant_config, get_dcl_macro) -%}
  {%- do return(adapter.dispatch('get_dcl_statement_list', 'dbt')(relation, grant_config, get_dcl_macro)) -%}
{%- endmacro %}
{% macro default__get_dcl_statement_list(relation, grant_config, get_dcl_macro) -%}
  {%- set statements = [] -%}
  {%- for privilege, grantees in grant_config.items() if grantees -%}
    {%- set groups = [grantees] if support_multiple_grantees_per_dcl_statement() else grantees | batch(1) -%}
    {%- for group in groups -%}{%- do statements.append(get_dcl_macro(relation, privilege, group)) -%}{%- endfor -%}
  {%- endfor -%}
  {%- do return(statements) -%}
{%- endmacro %}

{% macro call_dcl_statements(dcl_statement_list) -%}{{- adapter.dispatch('call_dcl_statements', 'dbt')(dcl_statement_list) -}}{%- endmacro %}
{% macro default__call_dcl_statements(dcl_statement_list) -%}
  {%- call statement('grants') -%}{{ dcl_statement_list | join(';\n') }}{%- endcall -%}
{%- endmacro %}

{% macro alter_relation_comment(relation, relation_comment) -%}{{- adapter.dispatch('alter_relation_comment', 'dbt')(relation, relation_comment) -}}{%- endmacro %}
{% macro default__alter_relation_comment(relation, relation_comment) -%}{{- materializing.comment_sql(relation, relation_comment) -}}{%- endmacro %}

{# Of those columns that the relation has. #}
{% macro alter_column_comment(relation, column_dict) -%}{{- adapter.dispatch('alter_column_comment', 'dbt')(relation, column_dict) -}}{%- endmacro %}
{% macro default__alter_column_comment(relation, column_dict) -%}
  {%- set statements = [] -%}
  {%- for column in adapter.get_columns_in_relation(relation) -%}
    {%- for name, described in column_dict.items() if (name == column.name if described.quote else name | lower == column.name | lower) -%}
      {%- do statements.append(materializing.column_comment_sql(relation, column.name, described.description or '')) -%}
    {%- endfor -%}
  {%- endfor -%}
  {{- statements | select | join(';\n') -}}
{%- endmacro %}

{# Those that are there; of the others a warning. #}
{% macro validate_doc_columns(relation, column_dict, existing_column_names) -%}
  {%- set there, missing = {}, [] -%}
  {%- set lower = existing_column_names | map('lower') | list -%}
  {%- for name, column in column_dict.items() -%}
    {%- if name in existing_column_names or (not column.quote and name | lower in lower) -%}
      {%- do there.update({name: column}) -%}
    {%- else -%}
      {%- do missing.append(name) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if missing -%}
    {%- do exceptions.warn(relation ~ ' has no column ' ~ missing | join(', ') ~ ', which the properties describe') -%}
  {%- endif -%}
  {%- do return(there) -%}
{%- endmacro %}

{# What makes, drops and renames a relation of its kind. #}
{% macro get_create_sql(relation, sql) -%}{{- adapter.dispatch('get_create_sql', 'dbt')(relation, sql) -}}{%- endmacro %}
{% macro default__get_create_sql(relation, sql) -%}
  {%- if relation.is_view -%}{{- get_create_view_as_sql(relation, sql) -}}
  {%- elif relation.is_materialized_view -%}{{- get_create_materialized_view_as_sql(relation, sql) -}}
  {%- else -%}{{- get_create_table_as_sql(False, relation, sql) -}}
  {%- endif -%}
{%- endmacro %}
{% macro get_create_intermediate_sql(relation, sql) -%}{{- get_create_sql(make_intermediate_relation(relation), sql) -}}{%- endmacro %}
{% macro get_create_backup_sql(relation) -%}{{- get_rename_sql(relation, make_backup_relation(relation, relation.type).identifier) -}}{%- endmacro %}
{% macro get_rename_intermediate_sql(relation) -%}{{- get_rename_sql(make_intermediate_relation(relation), relation.identifier) -}}{%- endmacro %}
{% macro get_drop_backup_sql(relation) -%}{{- get_drop_sql(make_backup_relation(relation, relation.type)) -}}{%- endmacro %}

{% macro get_create_materialized_view_as_sql(relation, sql) -%}{{- adapter.dispatch('get_create_materialized_view_as_sql', 'dbt')(relation, sql) -}}{%- endmacro %}
{% macro default__get_create_materialized_view_as_sql(relation, sql) -%}{{- materializing.materialized_view_as(relation, sql) -}}{%- endmacro %}
{% macro refresh_materialized_view(relation) -%}{{- adapter.dispatch('refresh_materialized_view', 'dbt')(relation) -}}{%- endmacro %}
{% macro default__refresh_materialized_view(relation) -%}{{- materializing.refresh_sql(relation) -}}{%- endmacro %}

{% macro get_drop_sql(relation) -%}{{- adapter.dispatch('get_drop_sql', 'dbt')(relation) -}}{%- endmacro %}
{% macro default__get_drop_sql(relation) -%}{{- materializing.drop_sql(relation) -}}{%- endmacro %}
{% macro drop_table(relation) -%}{{- get_drop_sql(relation.incorporate(type='table')) -}}{%- endmacro %}
{% macro drop_view(relation) -%}{{- get_drop_sql(relation.incorporate(type='view')) -}}{%- endmacro %}
{% macro drop_materialized_view(relation) -%}{{- get_drop_sql(relation.incorporate(type='materialized_view')) -}}{%- endmacro %}

{% macro get_rename_sql(relation, new_name) -%}{{- adapter.dispatch('get_rename_sql', 'dbt')(relation, new_name) -}}{%- endmacro %}
{% macro default__get_rename_sql(relation, new_name) -%}{{- materializing.rename_sql(relation, new_name) -}}{%- endmacro %}
{% macro get_rename_table_sql(relation, new_name) -%}{{- get_rename_sql(relation.incorporate(type='table'), new_name) -}}{%- endmacro %}
{% macro get_rename_view_sql(relation, new_name) -%}{{- get_rename_sql(relation.incorporate(type='view'), new_name) -}}{%- endmacro %}
{% macro get_rename_materialized_view_sql(relation, new_name) -%}{{- get_rename_sql(relation.incorporate(type='materialized_view'), new_name) -}}{%- endmacro %}
