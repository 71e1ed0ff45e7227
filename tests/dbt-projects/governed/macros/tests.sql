{% test high_salary(model, column_name, than=500000) %}
select {{ column_name }} from {{ model }} where {{ column_name }} > {{ than }}
{% endtest %}
{% test enough_rows(model, least) %}
select {{ least }} - count(*) as missing from {{ model }} having count(*) < {{ least }}
{% endtest %}
