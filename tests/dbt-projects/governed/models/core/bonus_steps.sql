{{ config(materialized='ephemeral') }}
select team, bonus, bonus * 2 as doubled from {{ ref('secret_factors') }}
