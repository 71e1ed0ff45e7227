{{ config(unique_key='member_id', incremental_strategy='delete+insert', on_schema_change='fail') }}
select * from {{ ref('stg_members') }}
