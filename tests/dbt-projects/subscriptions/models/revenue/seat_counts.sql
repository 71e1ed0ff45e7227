{{ config(materialized='incremental', unique_key='account_id', on_schema_change='sync_all_columns', alias='seats') }}
select account_id, {{ 'sum(seats) as seats' if var('with_seats') else 'count(*) as periods' }}
from {{ ref('stg_periods') }}
group by account_id
