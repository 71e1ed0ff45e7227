{{ config(materialized='view') }}
select
    shelf,
    item,
    pieces - lag(pieces) over (partition by shelf, item order by dbt_valid_from) as difference,
    dbt_valid_from as found_at
from {{ ref('shelf_history') }}
