{% test spent_is_paid(model) %}
with paid as (
    select sum(orders.cents) as cents from {{ ref('orders') }} as orders where not is_returned
),
spent as (
    select sum(spent) * 100 as cents from {{ model }}
)
select paid.cents, spent.cents as spent_cents
from paid cross join spent
where paid.cents <> spent.cents
{% endtest %}
