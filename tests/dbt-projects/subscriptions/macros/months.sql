{# The first day of each of so many months. #}
{% macro month_spine(first, count) %}
    {% set months = [] %}
    {% set start = modules.datetime.datetime.strptime(first, '%Y-%m-%d') %}
    {% for number in range(count | int) %}
        {% set index = start.month - 1 + number %}
        {% do months.append('%04d-%02d-01' | format(start.year + index // 12, index % 12 + 1)) %}
    {% endfor %}
    {% for month in months -%}
        select cast('{{ month }}' as date) as month
        {{- '\n    union all\n    ' if not loop.last }}
    {%- endfor %}
{% endmacro %}

{% macro only_new(column) %}
    {% if is_incremental() %}
    where {{ column }} > (select coalesce(max({{ column }}), cast('1900-01-01' as timestamp)) from {{ this }})
    {% endif %}
{% endmacro %}
