{#- Text as an integer, and NULL where it is none or does not fit one. The tests are nested, since only a CASE promises
    that a cast is not tried first. -#}
{% macro integer_or_null(text) -%}
    case when trim({{ text }}) ~ '^[-+]?[0-9]+$' and length(trim({{ text }})) <= 18 then
        case when cast(trim({{ text }}) as bigint) between -2147483648 and 2147483647 then cast(trim({{ text }}) as integer) end
    end
{%- endmacro %}

{#- True when two values differ; two NULLs do not. -#}
{% macro differs(left, right) -%}
    case when {{ left }} = {{ right }} or ({{ left }} is null and {{ right }} is null) then 0 else 1 end = 1
{%- endmacro %}

{#- Text to sort by: 'smallest' means the order of bytes on every warehouse, whatever its language. -#}
{% macro by_bytes(column) -%}
    {{ return(adapter.dispatch('by_bytes')(column)) }}
{%- endmacro %}

{% macro default__by_bytes(column) -%}
    {{ column }}
{%- endmacro %}

{% macro postgres__by_bytes(column) -%}
    {{ column }} collate "C"
{%- endmacro %}

{#- Redshift knows no other order. -#}
{% macro redshift__by_bytes(column) -%}
    {{ column }}
{%- endmacro %}
