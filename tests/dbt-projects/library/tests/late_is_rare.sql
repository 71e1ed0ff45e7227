{{ config(store_failures_as='table', severity='warn', schema='failed', tags=['rare']) }}
select loan_id from {{ ref('late_loans') }}
