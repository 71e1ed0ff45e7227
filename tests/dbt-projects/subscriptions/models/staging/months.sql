{{ config(materialized='ephemeral') }}
{{ month_spine(var('first_month'), var('months')) }}
