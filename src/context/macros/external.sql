{# Models whose rows are in files, as dbt-duckdb has them. #}

{% macro external_location(relation, config) -%}{{ adapter.external_location(config, relation.identifier) }}{%- endmacro %}

{# For a database in memory: external models that this run reads, and does not make, become views of the files that an earlier run wrote. #}
{% macro register_upstream_external_models() -%}
  {%- if execute -%}
    {%- set read = [] -%}
    {%- for id in selected_resources if id in graph.nodes -%}
      {%- for parent in graph.nodes[id].depends_on.nodes if parent not in selected_resources and parent not in read -%}
        {%- do read.append(parent) -%}
      {%- endfor -%}
    {%- endfor -%}
    {%- for node in graph.nodes.values() if node.unique_id in read and node.config.materialized == 'external' -%}
      {%- set view = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias, type='view') -%}
      {%- do adapter.create_schema(view) -%}
      {%- do run_query('create or replace view ' ~ view ~ ' as ' ~ adapter.external_query(node.config, node.alias)) -%}
    {%- endfor -%}
  {%- endif -%}
{%- endmacro %}
