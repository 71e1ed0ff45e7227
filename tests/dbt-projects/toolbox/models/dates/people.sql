select
    person,
    {{ dbt.listagg('visit', "','", 'order by visit') }} as visits,
    {{ dbt.bool_or("note = 'long'") }} as ever_long,
    {{ dbt.any_value('person') }} as same
from {{ ref('visits') }}
group by person
