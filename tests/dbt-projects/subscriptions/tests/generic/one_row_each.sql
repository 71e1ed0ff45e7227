{% test one_row_each(model, columns) %}
select {{ columns | join(', ') }}, count(*) as many
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
