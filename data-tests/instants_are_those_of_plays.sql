-- dim_time has each instant of the fact once.
with songplays as (

    select * from {{ ref('fact_songplays') }}

),

instants as (

    select * from {{ ref('dim_time') }}

),

counted as (

    select
        (select count(distinct start_time) from songplays) as played,
        (select count(*) from instants) as instants

)

select *
from counted
where played <> instants
