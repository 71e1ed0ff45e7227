{{ config(materialized='incremental', unique_key='staff_id') }}
select
    staff_id,
    salary_cents,
    {{ raised('salary_cents') }} as raised_cents
from {{ ref('salaries') }}
{% if is_incremental() %}
where staff_id > (select max(staff_id) from {{ this }})
{% endif %}
