{% macro raised(column) %}{{ column }} + {{ column }} * {{ var('bonus') }} / 100{% endmacro %}
