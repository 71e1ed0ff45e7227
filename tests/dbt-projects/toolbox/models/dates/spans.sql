select
    visit,
    {{ dbt.datediff('came', 'went', 'day') }} as days,
    {{ dbt.datediff('came', 'went', 'hour') }} as hours,
    {{ dbt.datediff('came', 'went', 'month') }} as months,
    {{ dbt.datediff('came', 'went', var('unit').rstrip('s')) }} as minutes,
    {{ dbt.dateadd('day', 3, 'came') }} as later,
    cast({{ dbt.date_trunc('month', 'came') }} as date) as month,
    {{ dbt.last_day('came', 'month') }} as month_end
from {{ ref('visits') }}
