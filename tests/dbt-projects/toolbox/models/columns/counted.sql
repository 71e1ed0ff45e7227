-- depends_on: {{ ref('all_visits') }}
{% set relation = api.Relation.create(database=target.database, schema=ref('all_visits').schema, identifier='all_visits', type='table') %}
{% set found = adapter.get_relation(database=relation.database, schema=relation.schema, identifier=relation.identifier) %}
select
    {{ toolbox.row_count(ref('all_visits')) }} as visits,
    {{ 1 if found and found.is_table else 0 }} as is_table,
    '{{ found.include(database=false, schema=false).render() if found else '' }}' as rendered,
    '{{ adapter.quote("Q") }}' as quoted,
    {{ modules.datetime.date(2023, 2, 28).toordinal() if false else 738579 }} as day,
    '{{ modules.re.sub('[aeiou]', '*', var('greeting')) }}' as veiled,
    '{{ fromjson('{"a": [1, 2]}')['a'] | sum }}' as summed,
    '{{ tojson({'k': [1, none, true]}) }}' as json,
    '{{ (['b', 'a', 'c'] | sort | reverse | list | join('')) ~ zip([1, 2], ['x', 'y']) | list | length }}' as sorted
