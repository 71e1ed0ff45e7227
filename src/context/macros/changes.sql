{# Columns and rows of what stands there already: lists of names, differences, changes of columns, merges. #}

{# Those that both have, in another type: {column_name, new_type}. Text that is only longer is no other type. #}
{% macro diff_column_data_types(source_columns, target_columns) %}{{ return(adapter.dispatch('diff_column_data_types', 'dbt')(source_columns, target_columns)) }}{% endmacro %}
{% macro default__diff_column_data_types(source_columns, target_columns) -%}
  {%- set changed = [] -%}
  {%- for mine in source_columns -%}
    {%- for theirs in target_columns if theirs.column | lower == mine.column | lower -%}
      {%- if mine.data_type | lower != theirs.data_type | lower and not theirs.can_expand_to(other_column=mine) -%}
        {%- do changed.append({'column_name': theirs.name, 'new_type': mine.data_type}) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(changed) }}
{%- endmacro %}

{% macro check_for_schema_changes(source_relation, target_relation) -%}
  {%- set mine = adapter.get_columns_in_relation(source_relation) -%}
  {%- set theirs = adapter.get_columns_in_relation(target_relation) -%}
  {%- set added = diff_columns(mine, theirs) -%}
  {%- set gone = diff_columns(theirs, mine) -%}
  {%- set other = diff_column_data_types(mine, theirs) -%}
  {{ return({
    'schema_changed': added != [] or gone != [] or other != [],
    'source_not_in_target': added,
    'target_not_in_source': gone,
    'source_columns': mine,
    'target_columns': theirs,
    'new_target_types': other,
  }) }}
{%- endmacro %}

{% macro sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) -%}
  {%- set gone = schema_changes_dict.target_not_in_source if on_schema_change == 'sync_all_columns' else [] -%}
  {%- do alter_relation_add_remove_columns(target_relation, schema_changes_dict.source_not_in_target, gone) -%}
  {%- if on_schema_change == 'sync_all_columns' -%}
    {%- for change in schema_changes_dict.new_target_types -%}
      {%- do alter_column_type(target_relation, change.column_name, change.new_type) -%}
    {%- endfor -%}
  {%- endif -%}
{%- endmacro %}

{% macro alter_column_type(relation, column_name, new_column_type) %}{{ return(adapter.dispatch('alter_column_type', 'dbt')(relation, column_name, new_column_type)) }}{% endmacro %}
{% macro default__alter_column_type(relation, column_name, new_column_type) -%}
  {%- set column = adapter.quote(column_name) -%}
  {%- do run_query('alter table ' ~ relation ~ ' alter column ' ~ column ~ ' type ' ~ new_column_type ~ ' using cast(' ~ column ~ ' as ' ~ new_column_type ~ ')') -%}
{%- endmacro %}
{# Redshift changes the length of text only: the values go to a column beside, which then takes the name.
   https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html #}
{% macro redshift__alter_column_type(relation, column_name, new_column_type) -%}
  {%- set column = adapter.quote(column_name) -%}
  {%- set beside = adapter.quote(column_name ~ '__dbt_alter') -%}
  {%- do run_query('alter table ' ~ relation ~ ' add column ' ~ beside ~ ' ' ~ new_column_type) -%}
  {%- do run_query('update ' ~ relation ~ ' set ' ~ beside ~ ' = cast(' ~ column ~ ' as ' ~ new_column_type ~ ')') -%}
  {%- do run_query('alter table ' ~ relation ~ ' drop column ' ~ column) -%}
  {%- do run_query('alter table ' ~ relation ~ ' rename column ' ~ beside ~ ' to ' ~ column) -%}
{%- endmacro %}

{# One text for a version of a row: an id for snapshots. #}
{% macro snapshot_hash_arguments(args) %}{{ return(adapter.dispatch('snapshot_hash_arguments', 'dbt')(args)) }}{% endmacro %}
{% macro default__snapshot_hash_arguments(args) -%}
  md5({% for arg in args %}coalesce(cast({{ arg }} as {{ type_string() }}), ''){{ " || '|' || " if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro snapshot_get_time() %}{{ return(adapter.dispatch('snapshot_get_time', 'dbt')()) }}{% endmacro %}
{% macro default__snapshot_get_time() -%}{{ current_timestamp() }}{%- endmacro %}

{% macro should_store_failures() -%}
  {%- set flag = flags.STORE_FAILURES -%}
  {{ return(config.get('store_failures') if config.get('store_failures') is not none else flag) }}
{%- endmacro %}

{# Whether rights stay with a relation that is replaced. #}
{% macro copy_grants() %}{{ return(adapter.dispatch('copy_grants', 'dbt')()) }}{% endmacro %}
{% macro default__copy_grants() -%}{{ return(true) }}{%- endmacro %}
{# Whoever drops and renames by statements of their own leaves the rights behind. #}
{% macro postgres__copy_grants() -%}{{ return(false) }}{%- endmacro %}

{# Days, hours … from one moment to another, both included, as texts or in a format. #}
{% macro dates_in_range(start_date_str, end_date_str=none, in_fmt='%Y%m%d', out_fmt='%Y%m%d') -%}
  {%- set first = convert_datetime(start_date_str, in_fmt) -%}
  {%- set last = convert_datetime(end_date_str or start_date_str, in_fmt) -%}
  {%- set days = (last - first).days -%}
  {%- if days < 0 -%}{{ exceptions.raise_compiler_error('the range ends before it begins: ' ~ start_date_str ~ ', ' ~ end_date_str) }}{%- endif -%}
  {%- set found = [] -%}
  {%- for day in range(days + 1) -%}
    {%- do found.append((first + modules.datetime.timedelta(days=day)).strftime(out_fmt)) -%}
  {%- endfor -%}
  {{ return(found) }}
{%- endmacro %}

{% macro convert_datetime(date_str, date_fmt) -%}{{ return(modules.datetime.datetime.strptime(date_str | string, date_fmt)) }}{%- endmacro %}

{# '20240101', or '20240101, 20240103' #}
{% macro partition_range(raw_partition_date, date_fmt='%Y%m%d') -%}
  {%- set ends = (raw_partition_date | string).split(',') -%}
  {%- if ends | length > 2 -%}{{ exceptions.raise_compiler_error("'" ~ raw_partition_date ~ "' is neither a date nor two") }}{%- endif -%}
  {{ return(dates_in_range(ends[0] | trim, (ends | last) | trim, in_fmt=date_fmt)) }}
{%- endmacro %}
