{% snapshot shelf_history %}
    {{
        config(
            unique_key=['shelf', 'item'],
            strategy='timestamp',
            updated_at='counted_at',
        )
    }}
    select * from {{ ref('shelves') }}
{% endsnapshot %}

{% snapshot shelf_history_closed %}
    {{
        config(
            unique_key="shelf || '/' || item",
            strategy='timestamp',
            updated_at='counted_at',
            invalidate_hard_deletes=true,
            tags=['closed'],
        )
    }}
    select shelf, item, pieces, counted_at from {{ ref('shelves') }}
{% endsnapshot %}
