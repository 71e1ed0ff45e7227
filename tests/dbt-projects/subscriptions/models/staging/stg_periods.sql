select
    period_id,
    account_id,
    plan,
    started_on,
    coalesce(ended_on, cast('2099-12-31' as date)) as ended_on,
    seats
from {{ ref('periods') }}
