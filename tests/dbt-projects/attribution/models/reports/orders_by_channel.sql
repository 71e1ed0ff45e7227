{{ config(materialized='table') }}
{%- set channels = values_of(ref('visits'), 'channel') %}
select
    order_id,
    {{ pivoted('channel', channels, then='last_touch', prefix='via ') if channels else '1 as nothing' }}
from {{ ref('credits') }}
group by order_id
