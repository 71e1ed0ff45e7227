{# What an enforced contract says, for materializations that make their table themselves. #}

{# An error of the contract where the query has other columns than the properties describe. #}
{% macro get_assert_columns_equivalent(sql) -%}{{- adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql) -}}{%- endmacro %}
{% macro default__get_assert_columns_equivalent(sql) -%}{{- assert_columns_equivalent(sql) -}}{%- endmacro %}
{% macro assert_columns_equivalent(sql) -%}{{- materializing.hold_contract(sql) -}}{%- endmacro %}

{# What stands between the name of a table and the end of `create table`. #}
{% macro get_table_columns_and_constraints() -%}{{- adapter.dispatch('get_table_columns_and_constraints', 'dbt')() -}}{%- endmacro %}
{% macro default__get_table_columns_and_constraints() -%}{{- table_columns_and_constraints() -}}{%- endmacro %}
{% macro table_columns_and_constraints() -%}{{- materializing.contract_body() -}}{%- endmacro %}

{# The contract's columns, in its order. #}
{% macro get_column_names() -%}{{- adapter.dispatch('get_column_names', 'dbt')() -}}{%- endmacro %}
{% macro default__get_column_names() -%}{{- get_list_of_column_names(model.columns.values()) -}}{%- endmacro %}
{% macro get_list_of_column_names(columns) -%}
  {%- set names = [] -%}
  {%- for column in columns -%}{%- do names.append(adapter.quote(column.name) if column.quote else column.name) -%}{%- endfor -%}
  {{- names | join(', ') -}}
{%- endmacro %}

{% macro get_select_subquery(sql) -%}{{- adapter.dispatch('get_select_subquery', 'dbt')(sql) -}}{%- endmacro %}
{% macro default__get_select_subquery(sql) -%}
  select {{ adapter.dispatch('get_column_names', 'dbt')() }} from (
    {{ sql }}
  ) as model_subq
{%- endmacro %}

{# The described columns as a query of no rows. #}
{% macro get_empty_schema_sql(columns) -%}{{- adapter.dispatch('get_empty_schema_sql', 'dbt')(columns) -}}{%- endmacro %}
{% macro default__get_empty_schema_sql(columns) -%}
  {%- set casts = [] -%}
  {%- for column in columns.values() -%}
    {%- if column.data_type is none -%}
      {%- do exceptions.raise_compiler_error("the column '" ~ column.name ~ "' is described without a data_type") -%}
    {%- endif -%}
    {%- do casts.append('cast(null as ' ~ column.data_type ~ ') as ' ~ (adapter.quote(column.name) if column.quote else column.name)) -%}
  {%- endfor -%}
  select {{ casts | join(', ') }} where 1 = 0
{%- endmacro %}

{% macro get_column_schema_from_query(select_sql, select_sql_header=none) -%}
  {%- do return(adapter.get_column_schema_from_query(select_sql)) -%}
{%- endmacro %}

{% macro format_columns(columns) -%}
  {%- set formatted = [] -%}
  {%- for column in columns -%}{%- do formatted.append(adapter.dispatch('format_column', 'dbt')(column)) -%}{%- endfor -%}
  {%- do return(formatted) -%}
{%- endmacro %}
{% macro default__format_column(column) -%}
  {%- do return({'name': column.name, 'data_type': column.dtype, 'formatted': column.name | lower ~ ' ' ~ column.dtype}) -%}
{%- endmacro %}

{# What the warehouse's planner says of a query, without running it. #}
{% macro validate_sql(sql) -%}{%- do return(adapter.dispatch('validate_sql', 'dbt')(sql)) -%}{%- endmacro %}
{% macro default__validate_sql(sql) -%}
  {%- call statement('validate_sql', fetch_result=true) -%}explain {{ sql }}{%- endcall -%}
  {%- do return(load_result('validate_sql')) -%}
{%- endmacro %}
