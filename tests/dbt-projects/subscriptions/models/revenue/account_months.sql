{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['account_id', 'month'],
        on_schema_change='append_new_columns',
    )
}}
select
    periods.account_id,
    months.month,
    max(periods.plan) as plan,
    {% if var('with_seats') %}max(periods.seats) as seats,{% endif %}
    sum(plans.monthly_cents * periods.seats) as cents
from {{ ref('months') }} as months
join {{ ref('stg_periods') }} as periods
    on periods.started_on < months.month + interval '1 month' and periods.ended_on >= months.month
join {{ ref('stg_plans') }} as plans on plans.plan = periods.plan
{% if is_incremental() %}
where months.month >= (select max(month) - interval '2 months' from {{ this }})
{% endif %}
group by periods.account_id, months.month
