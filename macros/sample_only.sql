{#- `value` while the project runs on its own sample, else none: for what is true of the sample's numbers only. -#}
{% macro sample_only(value) -%}
    {%- set on_sample = var('log_data') == 'sample/log-data'
        and var('log_jsonpath') == 'sample/log_json_path.json'
        and var('song_data') == 'sample/song-data'
        and not flags.EMPTY -%}
    {{ return(value if on_sample else none) }}
{%- endmacro %}
