-- One row for each play, written once and never again.
{{ config(materialized='incremental', incremental_strategy='append') }}
select play_id, level
from {{ ref('plays') }}
{% if is_incremental() %}
where play_id not in (select play_id from {{ this }})
{% endif %}
