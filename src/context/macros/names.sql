{# Where a node goes: schema, name and database. A project overrides these to have names of its own. #}

{% macro generate_schema_name(custom_schema_name=none, node=none) -%}
  {%- do return(adapter.dispatch('generate_schema_name', 'dbt')(custom_schema_name, node)) -%}
{%- endmacro %}

{% macro default__generate_schema_name(custom_schema_name, node) -%}
  {%- if custom_schema_name is none -%}
    {%- do return(target.schema) -%}
  {%- endif -%}
  {%- do return(target.schema ~ '_' ~ (custom_schema_name | trim)) -%}
{%- endmacro %}

{# The custom schema as it is in production, the target's own elsewhere. #}
{% macro generate_schema_name_for_env(custom_schema_name, node) -%}
  {%- do return((custom_schema_name | trim) if target.name == 'prod' and custom_schema_name is not none else target.schema) -%}
{%- endmacro %}

{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
  {%- do return(adapter.dispatch('generate_alias_name', 'dbt')(custom_alias_name, node)) -%}
{%- endmacro %}

{% macro default__generate_alias_name(custom_alias_name=none, node=none) -%}
  {%- if custom_alias_name -%}
    {%- do return(custom_alias_name | trim) -%}
  {%- elif node.version -%}
    {%- do return(node.name ~ '_v' ~ (node.version | string | replace('.', '_'))) -%}
  {%- endif -%}
  {%- do return(node.name) -%}
{%- endmacro %}

{% macro generate_database_name(custom_database_name=none, node=none) -%}
  {%- do return(adapter.dispatch('generate_database_name', 'dbt')(custom_database_name, node)) -%}
{%- endmacro %}

{% macro default__generate_database_name(custom_database_name=none, node=none) -%}
  {%- do return(target.database if custom_database_name is none else (custom_database_name | trim)) -%}
{%- endmacro %}
