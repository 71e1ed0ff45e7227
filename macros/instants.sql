{#- Epoch milliseconds as a timestamp in UTC, exact to the millisecond; NULL outside the years 1 to 9999, which not every
    warehouse and reader has. -#}
{% macro epoch_ms_to_timestamp(ms) -%}
    case when {{ ms }} between -62135596800000 and 253402300799999 then {{ adapter.dispatch('instant_of_epoch_ms')(ms) }} end
{%- endmacro %}

{#- Whole seconds and the rest apart: a product with all milliseconds would pass through a double and lose some. -#}
{% macro default__instant_of_epoch_ms(ms) -%}
    timestamp '1970-01-01 00:00:00' + ({{ ms }} / 1000) * interval '1 second' + ({{ ms }} % 1000) * interval '1 millisecond'
{%- endmacro %}

{% macro duckdb__instant_of_epoch_ms(ms) -%}
    epoch_ms({{ ms }})
{%- endmacro %}

{% macro redshift__instant_of_epoch_ms(ms) -%}
    dateadd(millisecond, cast({{ ms }} % 1000 as integer), timestamp '1970-01-01 00:00:00' + ({{ ms }} / 1000) * interval '1 second')
{%- endmacro %}

{#- The ISO week: Monday is its first day, and week 1 has the year's first Thursday. -#}
{% macro iso_week(instant) -%}
    {{ return(adapter.dispatch('iso_week')(instant)) }}
{%- endmacro %}

{% macro default__iso_week(instant) -%}
    cast(extract(week from {{ instant }}) as integer)
{%- endmacro %}

{% macro redshift__iso_week(instant) -%}
    cast(to_char({{ instant }}, 'IW') as integer)
{%- endmacro %}
