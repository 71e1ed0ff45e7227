select count(*) as loans from {{ ref('fragile') }}
