select staff_id, extract(year from since) as year from {{ ref('salaries') }}
