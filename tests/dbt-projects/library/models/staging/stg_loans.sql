{{ config(event_time='lent_at') }}
select loan_id, member_id, isbn, lent_at, returned_at, lent_at + interval '2 days' as due_at
from {{ ref('loans') }}
