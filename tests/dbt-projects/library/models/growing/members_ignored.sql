{{ config(unique_key='member_id', incremental_strategy='delete+insert', on_schema_change='ignore') }}
select * from {{ ref('stg_members') }}
