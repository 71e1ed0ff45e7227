{#- All that the log says of an event: two events that agree in these are one. -#}
{% macro logged_columns() -%}
    {{ return([
        'artist', 'auth', 'first_name', 'gender', 'item_in_session', 'last_name', {'double': 'length'}, 'level', 'location',
        'method', 'page', {'double': 'registration'}, 'session_id', 'song', 'status', 'ts', 'user_agent', 'user_id',
    ]) }}
{%- endmacro %}
