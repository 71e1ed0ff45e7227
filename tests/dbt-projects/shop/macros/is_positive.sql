{% test is_positive(model, column_name, or_zero=false) %}
    {{ config(severity='warn') }}
    select {{ column_name }}
    from {{ model }}
    where {{ column_name }} {{ '<' if or_zero else '<=' }} 0
{% endtest %}
