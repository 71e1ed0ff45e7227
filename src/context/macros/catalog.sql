{# What stands in the warehouse, asked by macros, and queries around queries. #}

{# As rows: one, with how many there are. #}
{% macro check_schema_exists(information_schema, schema) %}{{ return(adapter.dispatch('check_schema_exists', 'dbt')(information_schema, schema)) }}{% endmacro %}
{% macro default__check_schema_exists(information_schema, schema) -%}
  {%- set database = information_schema.database if information_schema is mapping else information_schema -%}
  {%- set here = " and lower(catalog_name) = lower('" ~ escape_single_quotes(database) ~ "')" if database else '' -%}
  {{ return(run_query("select count(*) as n from information_schema.schemata where lower(schema_name) = lower('" ~ escape_single_quotes(schema) ~ "')" ~ here)) }}
{%- endmacro %}

{% macro list_schemas(database) %}{{ return(adapter.dispatch('list_schemas', 'dbt')(database)) }}{% endmacro %}
{% macro default__list_schemas(database) -%}
  {{ return(run_query("select distinct schema_name from information_schema.schemata where lower(catalog_name) = lower('" ~ escape_single_quotes(database) ~ "') order by 1")) }}
{%- endmacro %}

{% macro list_relations_without_caching(schema_relation) %}{{ return(adapter.dispatch('list_relations_without_caching', 'dbt')(schema_relation)) }}{% endmacro %}
{% macro default__list_relations_without_caching(schema_relation) -%}{{ return(adapter.list_relations_without_caching(schema_relation)) }}{%- endmacro %}

{% macro information_schema_name(database) %}{{ return(adapter.dispatch('information_schema_name', 'dbt')(database)) }}{% endmacro %}
{% macro default__information_schema_name(database) -%}{{ database ~ '.' if database else '' }}information_schema{%- endmacro %}
{# A server's own database is the only one that it has an information schema of. #}
{% macro postgres__information_schema_name(database) -%}information_schema{%- endmacro %}

{# The query's columns, without a row. #}
{% macro get_empty_subquery_sql(select_sql, select_sql_header=none) %}{{ return(adapter.dispatch('get_empty_subquery_sql', 'dbt')(select_sql, select_sql_header)) }}{% endmacro %}
{% macro default__get_empty_subquery_sql(select_sql, select_sql_header) -%}
  {{ select_sql_header or '' }}
  select * from (
    {{ select_sql }}
  ) as dbt_empty where false limit 0
{%- endmacro %}

{% macro get_limit_subquery_sql(sql, limit) %}{{ return(adapter.dispatch('get_limit_subquery_sql', 'dbt')(sql, limit)) }}{% endmacro %}
{% macro default__get_limit_subquery_sql(sql, limit) -%}
  select * from (
    {{ sql }}
  ) as dbt_limited limit {{ limit }}
{%- endmacro %}

{% macro get_show_sql(compiled_code, sql_header, limit) -%}
  {{ sql_header or '' }}
  {{ get_limit_subquery_sql(compiled_code, limit) if limit is not none else compiled_code }}
{%- endmacro %}

{# The newest moment of a column, and when it was looked at: as rows, with the response. #}
{% macro collect_freshness(source, loaded_at_field, filter) %}{{ return(adapter.dispatch('collect_freshness', 'dbt')(source, loaded_at_field, filter)) }}{% endmacro %}
{% macro default__collect_freshness(source, loaded_at_field, filter) -%}
  {%- call statement('collect_freshness', fetch_result=true) -%}
    select max({{ loaded_at_field }}) as max_loaded_at, {{ current_timestamp() }} as snapshotted_at
    from {{ source }}{{ ' where ' ~ filter if filter else '' }}
  {%- endcall -%}
  {{ return(load_result('collect_freshness')) }}
{%- endmacro %}

{# All columns of some schemas, one row each. #}
{% macro get_catalog(information_schema, schemas) %}{{ return(adapter.dispatch('get_catalog', 'dbt')(information_schema, schemas)) }}{% endmacro %}
{% macro default__get_catalog(information_schema, schemas) -%}
  {{ return(run_query(
    "select t.table_catalog as table_database, t.table_schema, t.table_name, t.table_type, cast(null as " ~ type_string() ~ ") as table_comment,"
    ~ " c.column_name, c.ordinal_position as column_index, c.data_type as column_type, cast(null as " ~ type_string() ~ ") as column_comment,"
    ~ " cast(null as " ~ type_string() ~ ") as table_owner"
    ~ " from information_schema.tables as t join information_schema.columns as c"
    ~ " on c.table_catalog = t.table_catalog and c.table_schema = t.table_schema and c.table_name = t.table_name"
    ~ " where lower(t.table_schema) in ('" ~ (schemas | map('lower') | map('replace', "'", "''") | join("', '")) ~ "')"
    ~ " order by t.table_schema, t.table_name, c.ordinal_position"
  )) }}
{%- endmacro %}
