{{
    config(
        grants={'select': ['library_reader'], 'insert': ['library_reader']} if target.type == 'postgres' else {},
        indexes=[{'columns': ['member_id'], 'unique': true}, {'columns': ['name', 'loans'], 'type': 'btree'}] if target.type == 'postgres' else [],
        pre_hook=["insert into library_log.results values ('hook', 'before reminders', null, 1)", {'sql': "insert into library_log.results values ('hook', 'outside', null, 2)", 'transaction': false}],
        post_hook=after_commit("insert into library_log.results values ('hook', '{{ this.identifier }}', null, 3)"),
    )
}}
with late_members as (select * from {{ ref('late_members') }})
select member_id, name, loans, (select count(*) from {{ ref('late_loans') }}) as of_all
from late_members
