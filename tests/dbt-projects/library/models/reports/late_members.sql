{{ config(materialized='ephemeral') }}
with late as (select member_id, count(*) as loans from {{ ref('late_loans') }} group by member_id)
select late.member_id, late.loans, members.name
from late join {{ ref('stg_members') }} as members on members.member_id = late.member_id
