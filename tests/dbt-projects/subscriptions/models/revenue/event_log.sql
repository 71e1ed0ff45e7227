{{ config(materialized='incremental', incremental_strategy='append') }}
select event_id, account_id, kind, happened_at
from {{ ref('events') }}
{{ only_new('happened_at') }}
