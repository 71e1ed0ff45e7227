-- How many rows has each table?
{{ config(expect=sample_only('row_counts.csv')) }}

{% set tables = {
    'staging_events': source('sparkify', 'staging_events'),
    'staging_songs': source('sparkify', 'staging_songs'),
    'fact_songplays': ref('fact_songplays'),
    'dim_users': ref('dim_users'),
    'dim_songs': ref('dim_songs'),
    'dim_artists': ref('dim_artists'),
    'dim_time': ref('dim_time'),
} -%}

{% for name, table in tables.items() -%}
select cast('{{ name }}' as varchar(32)) as table_name, count(*) as row_count from {{ table }}
{% if not loop.last %}union all{% endif %}
{% endfor -%}
order by table_name
