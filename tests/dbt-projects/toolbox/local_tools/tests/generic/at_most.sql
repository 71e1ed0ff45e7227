{% test at_most(model, column_name, length=10) %}
select {{ column_name }} from {{ model }} where {{ dbt.length(column_name) }} > {{ length }}
{% endtest %}
