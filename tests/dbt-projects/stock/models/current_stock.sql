select shelf, item, pieces, place
from {{ ref('shelf_history') }}
where dbt_valid_to is null
