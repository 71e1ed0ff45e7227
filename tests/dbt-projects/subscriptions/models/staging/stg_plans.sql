select * from {{ ref('plans') }}
