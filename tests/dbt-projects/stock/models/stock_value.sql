select stock.item, sum(stock.pieces * prices.cents) as cents
from {{ ref('current_stock') }} as stock
join {{ ref('price_history') }} as prices on prices.item = stock.item and prices.dbt_valid_to is null
group by stock.item
