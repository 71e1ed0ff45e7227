{# Dates and times under one name on every warehouse. #}

{% macro current_timestamp() %}{{ return(adapter.dispatch('current_timestamp', 'dbt')()) }}{% endmacro %}
{% macro default__current_timestamp() -%}now(){%- endmacro %}
{# `now()` runs on the leader node only. https://docs.aws.amazon.com/redshift/latest/dg/r_GETDATE.html #}
{% macro redshift__current_timestamp() -%}getdate(){%- endmacro %}

{% macro current_timestamp_in_utc() %}{{ return(adapter.dispatch('current_timestamp_in_utc', 'dbt')()) }}{% endmacro %}
{% macro default__current_timestamp_in_utc() -%}(now() at time zone 'utc'){%- endmacro %}
{% macro redshift__current_timestamp_in_utc() -%}getdate(){%- endmacro %}

{% macro date(year, month, day) %}{{ return(adapter.dispatch('date', 'dbt')(year, month, day)) }}{% endmacro %}
{% macro default__date(year, month, day) -%}
  cast('{{ modules.datetime.date(year, month, day).isoformat() }}' as date)
{%- endmacro %}

{% macro dateadd(datepart, interval, from_date_or_timestamp) %}{{ return(adapter.dispatch('dateadd', 'dbt')(datepart, interval, from_date_or_timestamp)) }}{% endmacro %}
{% macro default__dateadd(datepart, interval, from_date_or_timestamp) -%}
  ({{ from_date_or_timestamp }} + ((interval '{{ '3 month' if datepart | lower == 'quarter' else '1 ' ~ datepart }}') * ({{ interval }})))
{%- endmacro %}
{# DuckDB keeps days and months apart: a half of either is no interval, so only whole numbers count. #}
{% macro duckdb__dateadd(datepart, interval, from_date_or_timestamp) -%}
  ({{ from_date_or_timestamp }} + cast({{ interval }} as bigint) * interval 1 {{ datepart }})
{%- endmacro %}
{% macro redshift__dateadd(datepart, interval, from_date_or_timestamp) -%}dateadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }}){%- endmacro %}

{# How many boundaries of the part lie between two moments, as Redshift counts. On Postgres the types are dbt's: a double but for days and weeks, so that a half of it stays one. https://docs.aws.amazon.com/redshift/latest/dg/r_DATEDIFF_function.html #}
{% macro datediff(first_date, second_date, datepart) %}{{ return(adapter.dispatch('datediff', 'dbt')(first_date, second_date, datepart)) }}{% endmacro %}
{% macro default__datediff(first_date, second_date, datepart) -%}
  {%- set part = datepart | lower -%}
  {%- if part == 'year' -%}
    (date_part('year', ({{ second_date }})::date) - date_part('year', ({{ first_date }})::date))
  {%- elif part == 'quarter' -%}
    ({{ datediff(first_date, second_date, 'year') }} * 4 + date_part('quarter', ({{ second_date }})::date) - date_part('quarter', ({{ first_date }})::date))
  {%- elif part == 'month' -%}
    ({{ datediff(first_date, second_date, 'year') }} * 12 + date_part('month', ({{ second_date }})::date) - date_part('month', ({{ first_date }})::date))
  {%- elif part == 'week' -%}
    {{ weeks_between(first_date, second_date) }}
  {%- elif part == 'day' -%}
    (({{ second_date }})::date - ({{ first_date }})::date)
  {%- elif part in ('hour', 'minute', 'second', 'millisecond', 'microsecond') -%}
    {%- set seconds = {'hour': '3600', 'minute': '60', 'second': '1', 'millisecond': '0.001', 'microsecond': '0.000001'}[part] -%}
    cast((extract(epoch from date_trunc('{{ part }}', ({{ second_date }})::timestamp)) - extract(epoch from date_trunc('{{ part }}', ({{ first_date }})::timestamp))) / {{ seconds }} as double precision)
  {%- else -%}
    {{ exceptions.raise_compiler_error("datediff: '" ~ datepart ~ "' is not a part of a date that can be counted") }}
  {%- endif -%}
{%- endmacro %}
{# DuckDB's own counts weeks of seven days. #}
{% macro duckdb__datediff(first_date, second_date, datepart) -%}
  {%- if datepart | lower == 'week' -%}
    {{ weeks_between(first_date, second_date) }}
  {%- else -%}
    date_diff('{{ datepart }}', ({{ first_date }})::timestamp, ({{ second_date }})::timestamp)
  {%- endif -%}
{%- endmacro %}
{# Sundays on the way: the days from the Sunday before the one to the Sunday before the other, in weeks. #}
{% macro weeks_between(first_date, second_date) -%}
  cast((({{ second_date }})::date - ({{ first_date }})::date + extract(dow from ({{ first_date }})::date) - extract(dow from ({{ second_date }})::date)) / 7 as integer)
{%- endmacro %}
{% macro redshift__datediff(first_date, second_date, datepart) -%}datediff({{ datepart }}, {{ first_date }}, {{ second_date }}){%- endmacro %}

{% macro date_trunc(datepart, date) %}{{ return(adapter.dispatch('date_trunc', 'dbt')(datepart, date)) }}{% endmacro %}
{% macro default__date_trunc(datepart, date) -%}date_trunc('{{ datepart }}', {{ date }}){%- endmacro %}

{% macro last_day(date, datepart) %}{{ return(adapter.dispatch('last_day', 'dbt')(date, datepart)) }}{% endmacro %}
{% macro default__last_day(date, datepart) -%}
  cast({{ dateadd('day', '-1', dateadd(datepart, '1', date_trunc(datepart, date))) }} as date)
{%- endmacro %}

{# One row per step from start (included) to end (not included), as column date_<part>. #}
{% macro date_spine(datepart, start_date, end_date) %}{{ return(adapter.dispatch('date_spine', 'dbt')(datepart, start_date, end_date)) }}{% endmacro %}
{% macro default__date_spine(datepart, start_date, end_date) -%}
  select * from (
    select {{ dateadd(datepart, '(generated_number - 1)', start_date) }} as date_{{ datepart }}
    from (
      {{ generate_series(get_intervals_between(start_date, end_date, datepart)) }}
    ) as numbers
  ) as steps where date_{{ datepart }} <= {{ end_date }}
{%- endmacro %}

{% macro get_intervals_between(start_date, end_date, datepart) %}{{ return(adapter.dispatch('get_intervals_between', 'dbt')(start_date, end_date, datepart)) }}{% endmacro %}
{% macro default__get_intervals_between(start_date, end_date, datepart) -%}
  {%- if not execute -%}{{ return(1) }}{%- endif -%}
  {%- set found = run_query('select ' ~ datediff(start_date, end_date, datepart) ~ ' as n') -%}
  {{ return([(found.columns[0].values()[0] or 0) | int, 1] | max) }}
{%- endmacro %}

{# 1 … upper_bound as column generated_number. Without a WITH: it may stand in one, where Redshift takes no other.
   https://docs.aws.amazon.com/redshift/latest/dg/r_WITH_clause.html #}
{% macro generate_series(upper_bound) %}{{ return(adapter.dispatch('generate_series', 'dbt')(upper_bound)) }}{% endmacro %}
{% macro default__generate_series(upper_bound) -%}
  {%- set powers = get_powers_of_two(upper_bound) -%}
  select generated_number from (
    select 1{% for n in range(powers) %} + p{{ n }}.b * {{ 2 ** n }}{% endfor %} as generated_number
    from {% for n in range(powers) %}(select 0 as b union all select 1) as p{{ n }}{{ ' cross join ' if not loop.last }}{% endfor %}
  ) as counted where generated_number <= {{ upper_bound }} order by generated_number
{%- endmacro %}

{% macro get_powers_of_two(upper_bound) %}{{ return(adapter.dispatch('get_powers_of_two', 'dbt')(upper_bound)) }}{% endmacro %}
{% macro default__get_powers_of_two(upper_bound) -%}
  {%- if upper_bound <= 0 -%}{{ exceptions.raise_compiler_error('the upper bound must be positive') }}{%- endif -%}
  {%- for n in range(1, 100) -%}
    {%- if upper_bound <= 2 ** n -%}{{ return(n) }}{%- endif -%}
  {%- endfor -%}
{%- endmacro %}
