{{ config(unique_key='member_id', incremental_strategy='delete+insert', on_schema_change='append_new_columns') }}
select * from {{ ref('stg_members') }}
