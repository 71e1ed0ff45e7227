select * from {{ ref('accounts') }}
