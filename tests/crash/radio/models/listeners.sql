{{ config(materialized='incremental', incremental_strategy='merge', unique_key='listener_id') }}
select listener_id, arg_max(level, (ts, iteminsession, level)) as level, count(*) as plays
from {{ ref('plays') }}
group by listener_id
