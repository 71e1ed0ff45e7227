{% test no_overlap(model, keys) %}
select a.{{ keys[0] }}
from {{ model }} as a
join {{ model }} as b
    on {% for key in keys %}a.{{ key }} = b.{{ key }} and {% endfor %}a.dbt_valid_from < b.dbt_valid_from
where a.dbt_valid_to is null or a.dbt_valid_to > b.dbt_valid_from
{% endtest %}
