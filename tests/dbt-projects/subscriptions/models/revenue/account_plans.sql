{{
    config(
        materialized='incremental',
        unique_key='account_id',
        incremental_strategy='merge',
        merge_update_columns=['plan', 'seats'],
        on_schema_change='sync_all_columns' if var('sync', false) else 'ignore',
    )
}}
select
    account_id,
    plan,
    seats,
    {% if var('with_notes') %}'since ' || cast(started_on as varchar) as note,{% endif %}
    started_on
from {{ ref('stg_periods') }} as periods
where started_on = (select max(started_on) from {{ ref('stg_periods') }} as others where others.account_id = periods.account_id)
