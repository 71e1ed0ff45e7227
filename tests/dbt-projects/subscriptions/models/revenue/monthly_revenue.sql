with months as (
    select * from {{ ref('months') }}
)
select
    months.month,
    count(account_months.account_id) as accounts,
    coalesce(sum(account_months.cents), 0) as cents,
    sum(coalesce(sum(account_months.cents), 0)) over (order by months.month) as cents_so_far
from months
left join {{ ref('account_months') }} as account_months on account_months.month = months.month
group by months.month
