{# How versions of rows are told apart: what a strategy of the project may build on. Each returns the SQL that a snapshot asks for;
   `snapshotted_rel` and `current_rel` are what the current version and the row of the query are called there. #}

{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
  {%- set updated_at = config.require('updated_at') -%}
  {%- set changed = snapshotted_rel ~ '.' ~ get_snapshot_table_column_names().dbt_valid_from ~ ' < ' ~ current_rel ~ '.' ~ updated_at -%}
  {%- do return(snapshot_strategy(updated_at, '(' ~ changed ~ ')')) -%}
{%- endmacro %}

{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
  {%- set added, columns = snapshot_check_all_get_existing_columns(node, target_exists, config.require('check_cols')) -%}
  {%- set changes = [get_true_sql()] if added else [] -%}
  {%- for column in columns if not added -%}
    {%- do changes.append('not ' ~ equals(snapshotted_rel ~ '.' ~ column, current_rel ~ '.' ~ column)) -%}
  {%- endfor -%}
  {%- do return(snapshot_strategy(config.get('updated_at') or snapshot_get_time(), '(' ~ changes | join(' or ') ~ ')')) -%}
{%- endmacro %}

{% macro snapshot_strategy(updated_at, row_changed) -%}
  {%- set unique_key = config.require('unique_key') -%}
  {%- set hard_deletes = adapter.get_hard_deletes_behavior(config) -%}
  {%- do return({
    'unique_key': unique_key,
    'updated_at': updated_at,
    'row_changed': row_changed,
    'scd_id': snapshot_hash_arguments(api.Relation.scd_args(unique_key, updated_at)),
    'hard_deletes': hard_deletes,
    'invalidate_hard_deletes': hard_deletes == 'invalidate',
  }) -%}
{%- endmacro %}

{# [whether the table lacks any of them, those of the query that it has] #}
{% macro snapshot_check_all_get_existing_columns(node, target_exists, check_cols_config) -%}
  {%- set wanted = get_columns_in_query(node.compiled_code) if check_cols_config == 'all' else check_cols_config -%}
  {%- if not target_exists -%}{%- do return([false, wanted]) -%}{%- endif -%}
  {%- set there = adapter.get_columns_in_relation(this) | map(attribute='name') | map('lower') | list -%}
  {%- set known, missing = [], [] -%}
  {%- for name in wanted -%}
    {%- do (known if name | lower in there else missing).append(adapter.quote(name) if check_cols_config == 'all' else name) -%}
  {%- endfor -%}
  {%- do return([missing != [], known]) -%}
{%- endmacro %}

{# The names of the columns that a snapshot adds. #}
{% macro get_snapshot_table_column_names() -%}
  {%- set names = {} -%}
  {%- for name in ['dbt_scd_id', 'dbt_updated_at', 'dbt_valid_from', 'dbt_valid_to', 'dbt_is_deleted'] -%}
    {%- do names.update({name: (config.get('snapshot_meta_column_names') or {}).get(name) or name}) -%}
  {%- endfor -%}
  {%- do return(names) -%}
{%- endmacro %}

{% macro get_true_sql() -%}{{- adapter.dispatch('get_true_sql', 'dbt')() -}}{%- endmacro %}
{% macro default__get_true_sql() -%}true{%- endmacro %}

{% macro snapshot_string_as_time(timestamp) -%}{{- adapter.dispatch('snapshot_string_as_time', 'dbt')(timestamp) -}}{%- endmacro %}
{% macro default__snapshot_string_as_time(timestamp) -%}cast('{{ timestamp }}' as {{ type_timestamp() }}){%- endmacro %}

{# What stands in dbt_valid_to of a version that has not ended, of the type that moments have. #}
{% macro get_dbt_valid_to_current(strategy, columns) -%}
  coalesce(nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}), {{ config.get('dbt_valid_to_current') or 'null' }}) as {{ columns.dbt_valid_to }}
{%- endmacro %}
