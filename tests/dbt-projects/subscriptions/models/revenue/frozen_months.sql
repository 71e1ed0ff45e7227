{{ config(materialized='incremental', full_refresh=false, unique_key='month', incremental_predicates=["month >= cast('2023-03-01' as date)"] if var('predicates', false) else none) }}
select month, count(*) as accounts from {{ ref('account_months') }} group by month
