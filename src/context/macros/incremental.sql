{# How the rows of a temporary relation come into a table: what the strategies of a project build on, and override.
   arg_dict: target_relation, temp_relation, unique_key, dest_columns, incremental_predicates. #}

{% macro get_incremental_append_sql(arg_dict) %}{{ return(adapter.dispatch('get_incremental_append_sql', 'dbt')(arg_dict)) }}{% endmacro %}
{% macro default__get_incremental_append_sql(arg_dict) -%}
  {{- return(get_insert_into_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['dest_columns'])) -}}
{%- endmacro %}

{% macro get_incremental_delete_insert_sql(arg_dict) %}{{ return(adapter.dispatch('get_incremental_delete_insert_sql', 'dbt')(arg_dict)) }}{% endmacro %}
{% macro default__get_incremental_delete_insert_sql(arg_dict) -%}
  {{- return(get_delete_insert_merge_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'], arg_dict['incremental_predicates'])) -}}
{%- endmacro %}

{% macro get_incremental_merge_sql(arg_dict) %}{{ return(adapter.dispatch('get_incremental_merge_sql', 'dbt')(arg_dict)) }}{% endmacro %}
{% macro default__get_incremental_merge_sql(arg_dict) -%}
  {{- return(get_merge_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'], arg_dict['incremental_predicates'])) -}}
{%- endmacro %}

{% macro get_incremental_default_sql(arg_dict) %}{{ return(adapter.dispatch('get_incremental_default_sql', 'dbt')(arg_dict)) }}{% endmacro %}
{% macro default__get_incremental_default_sql(arg_dict) -%}
  {{- return(get_incremental_delete_insert_sql(arg_dict) if arg_dict['unique_key'] else get_incremental_append_sql(arg_dict)) -}}
{%- endmacro %}

{% macro get_insert_into_sql(target_relation, temp_relation, dest_columns) -%}
  {%- set names = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  insert into {{ target_relation }} ({{ names }}) select {{ names }} from {{ temp_relation }}
{%- endmacro %}

{# Conditions that a row of each side are of one key; NULL is one like others. #}
{% macro incremental_key_conditions(unique_key, target, source) -%}
  {%- set conditions = [] -%}
  {%- for key in ([unique_key] if unique_key is string else unique_key) -%}
    {%- do conditions.append(equals(target ~ '.' ~ key, source ~ '.' ~ key)) -%}
  {%- endfor -%}
  {%- do return(conditions) -%}
{%- endmacro %}

{% macro get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {{- adapter.dispatch('get_delete_insert_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates) -}}
{%- endmacro %}
{% macro default__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- if unique_key %}
  delete from {{ target }} where exists (
    select 1 from {{ source }} as dbt_internal_source
    where {{ incremental_key_conditions(unique_key, adapter.quote(target.identifier), 'dbt_internal_source') | join(' and ') }}
  ){% for predicate in ([incremental_predicates] if incremental_predicates is string else incremental_predicates or []) %} and {{ predicate }}{% endfor %};
  {% endif -%}
  {{ get_insert_into_sql(target, source, dest_columns) }}
{%- endmacro %}

{% macro get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) -%}
  {%- set excluded = merge_exclude_columns | map('lower') | list if merge_exclude_columns else [] -%}
  {%- if merge_update_columns and merge_exclude_columns -%}
    {%- do exceptions.raise_compiler_error('merge_update_columns and merge_exclude_columns exclude each other') -%}
  {%- elif merge_update_columns -%}
    {%- do return(merge_update_columns) -%}
  {%- endif -%}
  {%- set columns = [] -%}
  {%- for column in dest_columns if column.name | lower not in excluded -%}{%- do columns.append(column.quoted) -%}{%- endfor -%}
  {%- do return(columns) -%}
{%- endmacro %}

{% macro get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {{- adapter.dispatch('get_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates) -}}
{%- endmacro %}
{% macro default__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set names = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- set predicates = [incremental_predicates] if incremental_predicates is string else (incremental_predicates or []) | list -%}
  {%- set conditions = incremental_key_conditions(unique_key, 'DBT_INTERNAL_DEST', 'DBT_INTERNAL_SOURCE') if unique_key else ['1 = 0'] -%}
  merge into {{ target }} as DBT_INTERNAL_DEST using {{ source }} as DBT_INTERNAL_SOURCE
  on ({{ (predicates + conditions) | join(') and (') }})
  {%- if unique_key %}
  when matched then update set
    {%- for name in get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns'), dest_columns) %}
    {{ name }} = DBT_INTERNAL_SOURCE.{{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
  {%- endif %}
  when not matched then insert ({{ names }}) values ({% for column in dest_columns %}DBT_INTERNAL_SOURCE.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{# The target has no alias there, and both branches have to stand. https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html #}
{% macro redshift__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set name = adapter.quote(target.identifier) -%}
  {%- set conditions = incremental_key_conditions(unique_key, name, 'DBT_INTERNAL_SOURCE') if unique_key else ['1 = 0'] -%}
  {%- for predicate in ([incremental_predicates] if incremental_predicates is string else incremental_predicates or []) -%}
    {%- do conditions.append(predicate.replace('DBT_INTERNAL_DEST', name)) -%}
  {%- endfor -%}
  {%- set columns = get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns'), dest_columns) -%}
  merge into {{ target }} using {{ source }} as DBT_INTERNAL_SOURCE on ({{ conditions | join(') and (') }})
  when matched then update set {% for column in columns %}{{ column }} = DBT_INTERNAL_SOURCE.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
  when not matched then insert ({{ get_quoted_csv(dest_columns | map(attribute='name')) }}) values ({% for column in dest_columns %}DBT_INTERNAL_SOURCE.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro diff_columns(source_columns, target_columns) -%}
  {%- set names = target_columns | map(attribute='name') | map('lower') | list -%}
  {%- set missing = [] -%}
  {%- for column in source_columns if column.name | lower not in names -%}{%- do missing.append(column) -%}{%- endfor -%}
  {%- do return(missing) -%}
{%- endmacro %}

{% macro alter_relation_add_remove_columns(relation, add_columns=none, remove_columns=none) -%}
  {%- for column in add_columns or [] -%}
    {%- do run_query('alter table ' ~ relation ~ ' add column ' ~ column.quoted ~ ' ' ~ column.data_type) -%}
  {%- endfor -%}
  {%- for column in remove_columns or [] -%}
    {%- do run_query('alter table ' ~ relation ~ ' drop column ' ~ column.quoted) -%}
  {%- endfor -%}
{%- endmacro %}

{% macro incremental_validate_on_schema_change(on_schema_change, default='ignore') -%}
  {%- set known = ['sync_all_columns', 'append_new_columns', 'fail', 'ignore'] -%}
  {%- do return(on_schema_change if on_schema_change in known else default) -%}
{%- endmacro %}

{# Makes the columns of the target fit; returns those to write, none where nothing was looked at. #}
{% macro process_schema_changes(on_schema_change, source_relation, target_relation) -%}
  {%- if on_schema_change == 'ignore' -%}{%- do return({}) -%}{%- endif -%}
  {%- set source = adapter.get_columns_in_relation(source_relation) -%}
  {%- set target = adapter.get_columns_in_relation(target_relation) -%}
  {%- set added, removed = diff_columns(source, target), diff_columns(target, source) -%}
  {%- if on_schema_change == 'fail' and (added or removed) -%}
    {%- do exceptions.raise_compiler_error('the columns of ' ~ target_relation ~ ' are no longer those of the model; new: ' ~ (added | map(attribute='name') | join(', ')) ~ '; gone: ' ~ (removed | map(attribute='name') | join(', '))) -%}
  {%- endif -%}
  {%- do alter_relation_add_remove_columns(target_relation, added, removed if on_schema_change == 'sync_all_columns' else []) -%}
  {%- do return(adapter.get_columns_in_relation(target_relation) if on_schema_change == 'append_new_columns' and removed else source) -%}
{%- endmacro %}
