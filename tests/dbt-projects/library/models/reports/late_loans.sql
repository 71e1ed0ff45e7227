{{ config(materialized='ephemeral') }}
select loan_id, member_id, due_at from {{ ref('stg_loans') }} where returned_at is null or returned_at > due_at
