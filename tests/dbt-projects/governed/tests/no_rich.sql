{{ config(severity='warn', store_failures_as='ephemeral') }}
select * from {{ ref('salaries') }} where salary_cents > 500000
