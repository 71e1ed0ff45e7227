{% macro shouted(column) %}
    {{- return(adapter.dispatch('shouted', 'local_tools')(column)) -}}
{% endmacro %}

{% macro default__shouted(column) -%}
    upper({{ column }}){{ " || '!'" if var('shout') }}
{%- endmacro %}

{% macro surrogate(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append("coalesce(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '_null_')") -%}
        {%- if not loop.last %}{% do parts.append("'-'") %}{% endif -%}
    {%- endfor -%}
    {{ dbt.hash(dbt.concat(parts)) }}
{%- endmacro %}

{% macro star_but(relation, leave_out=[]) -%}
    {%- set kept = [] -%}
    {%- for column in adapter.get_columns_in_relation(relation) if column.name | lower not in leave_out -%}
        {%- do kept.append(adapter.quote(column.name)) -%}
    {%- endfor -%}
    {{ kept | join(',\n    ') if kept else '*' }}
{%- endmacro %}

{% macro stacked(relations, column='found_in') %}
    {%- for relation in relations %}
    select {{ local_tools.star_but(relation) }}, cast('{{ relation.identifier }}' as {{ dbt.type_string() }}) as {{ column }}
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}

{% macro every(items) %}
    {%- for item in items %}{{ caller(item, loop.index) }}{{ varargs | join('') }}{% endfor -%}
{% endmacro %}

{% macro options() %}
    {{- return(dict(kwargs, count=varargs | length)) -}}
{% endmacro %}
