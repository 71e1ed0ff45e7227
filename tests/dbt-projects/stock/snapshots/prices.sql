{% snapshot price_history %}
    {{ config(unique_key='item', strategy='check', check_cols=['cents'], target_schema=target.schema ~ '_prices') }}
    select item, cents, label from {{ ref('prices') }}
{% endsnapshot %}

{% snapshot price_history_all %}
    {{ config(unique_key='item', strategy='check', check_cols='all', hard_deletes='new_record', alias='prices_over_time') }}
    select * from {{ ref('prices') }}
{% endsnapshot %}
