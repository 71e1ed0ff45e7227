{{ config(alias='sessions_with_touch') }}
select
    sessions.session_id,
    sessions.visitor,
    sessions.began_at,
    sessions.pages,
    clicks.click_id,
    coalesce(clicks.channel, '{{ var("default_channel") }}') as channel,
    {{ minutes_between('clicks.touched_at', 'sessions.began_at') }} as minutes_after
from {{ source('platform', 'sessions') }} as sessions
left join {{ ref('clicks') }} as clicks
    on clicks.visitor = sessions.visitor
    and clicks.touched_at <= sessions.began_at
    and clicks.touched_at > sessions.began_at - interval '1 hour'
