{{ config(grants={'select': ['library_reader', 'public']} if target.type == 'postgres' else {}) }}
select member_id, name, joined_on{{ ', is_child' if var('wide') }} from {{ ref('members') }}
