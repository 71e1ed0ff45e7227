{{ config(alias='Channel Costs', schema='money') }}
-- depends_on: {{ ref('channels') }}
{% set query %}
    select channel, sum(cost_cents) as cents from {{ ref('clicks') }} group by channel order by channel
{% endset %}
{% set totals = run_query(query) if execute else [] %}
{% for row in totals %}
select '{{ row['channel'] }}' as channel, {{ row.cents }} as cents, {{ loop.index }} as "Rank Of"
{{ 'union all' if not loop.last }}
{% else %}
select 'none' as channel, 0 as cents, 0 as "Rank Of"
{% endfor %}
