{#- A data test: `model` has at most as many rows as `other`. -#}
{% test no_more_rows_than(model, other) %}

with here as (
    select count(*) as row_count from {{ model }}
),

there as (
    select count(*) as row_count from {{ other }}
)

select here.row_count, there.row_count as allowed
from here
cross join there
where here.row_count > there.row_count

{% endtest %}
