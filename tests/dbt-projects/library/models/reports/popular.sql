{{ config(materialized='materialized_view' if target.type == 'postgres' else 'view') }}
select isbn, count(*) as loans from {{ ref('loans') }} group by isbn
