{{ config(materialized='view') }}
with changes as (
    select
        account_id,
        month,
        cents,
        lag(cents) over (partition by account_id order by month) as cents_before,
        lead(month) over (partition by account_id order by month) as next_month
    from {{ ref('account_months') }}
)
select
    month,
    sum(case when cents_before is null then cents else 0 end) as new_cents,
    sum(case when cents > cents_before then cents - cents_before else 0 end) as more_cents,
    sum(case when cents < cents_before then cents_before - cents else 0 end) as less_cents,
    count(case when next_month is null then 1 end) as last_seen
from changes
group by month
