{{ config(store_failures=true, alias='twice') }}
select staff_id, count(*) as times from {{ ref('staff') }} group by staff_id having count(*) > 1
