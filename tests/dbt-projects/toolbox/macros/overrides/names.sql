{% macro generate_schema_name(custom_schema_name=none, node=none) -%}
    {{ return(default__generate_schema_name(custom_schema_name, node) if node.package_name == 'toolbox' else (custom_schema_name or target.schema) ~ '_pkg') }}
{%- endmacro %}

{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- if custom_alias_name -%}
        {{ custom_alias_name | trim }}
    {%- elif node.resource_type == 'model' and node.fqn[1] == 'dates' -%}
        d_{{ node.name }}
    {%- else -%}
        {{ node.name }}
    {%- endif -%}
{%- endmacro %}
