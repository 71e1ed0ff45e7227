{% test same_rows(model, compare_to, columns) %}
{% set listed = toolbox.column_list(columns) %}
with a as (select {{ listed.text }} from {{ model }}), b as (select {{ listed.text }} from {{ compare_to }})
select * from (
    (select * from a {{ except() }} select * from b)
    union all
    (select * from b {{ except() }} select * from a)
) as different
{% endtest %}

{% test one_column(model, column_name, value) %}
{{ config(tags=['generated'], fail_calc='sum(bad)', error_if='>1', warn_if='>0') }}
select case when {{ column_name }} = {{ value }} then 0 else 1 end as bad from {{ model }}
{% endtest %}
