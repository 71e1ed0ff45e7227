{{ config(materialized='incremental', on_schema_change='fail', unique_key='event_id') }}
select event_id, kind {{ ', account_id' if var('with_seats') }}
from {{ ref('events') }}
