{{ config(materialized='view', alias='orders_of_note', enabled=var('with_big_orders', true)) }}
select * from {{ ref('orders') }} where is_big
