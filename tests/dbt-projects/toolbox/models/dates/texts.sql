select
    person,
    {{ dbt.split_part('note', "','", 1) }} as first_part,
    {{ dbt.replace('note', "'o'", "'0'") }} as replaced,
    {{ dbt.right('note', 2) }} as tail,
    {{ dbt.position("'e'", 'note') }} as place,
    {{ dbt.concat(['person', "'/'", "coalesce(note, '-')"]) }} as both,
    {{ dbt.string_literal('literal') }} as literal,
    {{ dbt.escape_single_quotes("it's") | length }} as escaped,
    {{ dbt.cast_bool_to_text('note is null') }} as no_note
from {{ ref('visits') }}
