select
    click_id,
    visitor,
    channel,
    "Campaign Name" as campaign,
    clicked_at as touched_at,
    cost_cents
from {{ source('platform', 'clicks') }}
