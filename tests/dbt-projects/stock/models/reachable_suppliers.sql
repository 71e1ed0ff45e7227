{{ config(materialized='view') }}
select supplier_id, name, phone from {{ ref('supplier_history') }} where valid_to = cast('2999-12-31' as timestamp) and phone is not null
