select * from {{ ref('monthly_revenue') }} where cents < 0 or cents_so_far < cents
