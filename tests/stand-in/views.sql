-- System views. https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_system-tables.html
-- A materialized view is a view to the catalogue.
create view stand_in.pg_class as
select oid, relname, relnamespace, relowner, reltuples, relpages, relnatts, relacl, case relkind when 'm' then 'v'::"char" else relkind end as relkind
from pg_catalog.pg_class where relnamespace <> 'stand_in'::regnamespace;
create view stand_in.pg_views as
select n.nspname as schemaname, c.relname as viewname, stand_in.pg_get_userbyid(c.relowner) as viewowner,
  coalesce(v.definition, pg_get_viewdef(c.oid)) as definition
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace left join stand_in.views as v on v.relid = c.oid
where c.relkind in ('v', 'm') and n.nspname <> 'stand_in';
create view stand_in.pg_user as
select stand_in.role_name(rolname) as usename, oid as usesysid, rolcreatedb as usecreatedb, rolsuper as usesuper
from pg_catalog.pg_roles where rolname like current_database() || '/%' and rolname !~ '/(group|role):';
create view stand_in.pg_group as
select regexp_replace(rolname, '^.*/group:', '')::name as groname, oid as grosysid from pg_catalog.pg_roles where rolname like current_database() || '/group:%';
create view stand_in.pg_database as select oid, current_setting('stand_in.database')::name as datname, datdba from pg_catalog.pg_database where datname = current_database();

create view stand_in.pg_table_def as
select n.nspname as schemaname, c.relname as tablename, a.attname as "column", stand_in.format_type(a.atttypid, a.atttypmod) as type,
  coalesce(s.encoding, 'none') as encoding, coalesce(s.distkey, false) as distkey, coalesce(s.sortkey, 0) as sortkey, a.attnotnull as "notnull"
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join stand_in.columns as s on s.relid = c.oid and s.attnum = a.attnum
where c.relkind = 'r' and n.nspname = any (current_schemas(true)) and n.nspname <> 'stand_in'
order by n.nspname, c.relname, a.attnum;

create function stand_in.rows_of(rel oid) returns bigint language plpgsql stable security definer as $$
declare
  n bigint;
begin
  execute format('select count(*) from %s', rel::regclass) into n;
  return n;
end $$;
-- Empty tables are left out. https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TABLE_INFO.html
create view stand_in.svv_table_info as
select * from (
  select current_setting('stand_in.database') as "database", n.nspname as "schema", c.oid as table_id, c.relname as "table",
    case when exists (select 1 from stand_in.columns as e where e.relid = c.oid and e.encoding <> 'raw') then 'Y' else 'Y, AUTO(ENCODE)' end::text as encoded,
    case when d.attname is null then coalesce(t.diststyle, 'AUTO(ALL)') else 'KEY(' || d.attname || ')' end as diststyle,
    case when s.attname is not null then s.attname when t.sortform = 'auto' or t.sortform is null then 'AUTO(SORTKEY)' end::text as sortkey1,
    65535 as max_varchar, null::text as sortkey1_enc, (select count(*) from stand_in.columns as k where k.relid = c.oid and k.sortkey <> 0)::int as sortkey_num,
    1::bigint as size, 0.0001::numeric(10, 4) as pct_used, 0::bigint as empty, null::numeric(5, 2) as unsorted, 0::numeric(5, 2) as stats_off,
    stand_in.rows_of(c.oid)::numeric(38, 0) as tbl_rows, 1::numeric(19, 2) as skew_sortkey1, 1::numeric(19, 2) as skew_rows, stand_in.rows_of(c.oid)::numeric(38, 0) as estimated_visible_rows
  from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  left join stand_in.tables as t on t.relid = c.oid
  left join (stand_in.columns as dk join pg_catalog.pg_attribute as d on d.attrelid = dk.relid and d.attnum = dk.attnum) on dk.relid = c.oid and dk.distkey
  left join (stand_in.columns as sk join pg_catalog.pg_attribute as s on s.attrelid = sk.relid and s.attnum = sk.attnum) on sk.relid = c.oid and abs(sk.sortkey) = 1
  where c.relkind = 'r' and n.nspname not in ('stand_in', 'pg_catalog', 'information_schema')
) as every where tbl_rows > 0;

create view stand_in.svv_relation_privileges as
select n.nspname::text as namespace_name, c.relname::text as relation_name, lower(p.privilege_type) as privilege_type, g.identity_name, g.identity_type, p.is_grantable as admin_option
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
cross join lateral aclexplode(c.relacl) as p
left join pg_catalog.pg_roles as r on r.oid = p.grantee
cross join lateral (select case when p.grantee = 0 then 'public' else regexp_replace(r.rolname, '^[^/]*/(group:|role:)?', '') end as identity_name,
  case when p.grantee = 0 then 'public' when r.rolname ~ '/group:' then 'group' when r.rolname ~ '/role:' then 'role' else 'user' end as identity_type) as g
where n.nspname <> 'stand_in' and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema' and p.privilege_type not in ('TRUNCATE', 'MAINTAIN');

create view stand_in.svv_columns as
select current_setting('stand_in.database') as table_catalog, n.nspname::text as table_schema, c.relname::text as table_name, a.attname::text as column_name, a.attnum::int as ordinal_position,
  case when a.attnotnull then 'NO' else 'YES' end::text as is_nullable, stand_in.format_type(a.atttypid, null) as data_type,
  case when a.atttypid in (1042, 1043) and a.atttypmod > 0 then a.atttypmod - 4 end as character_maximum_length, null::text as remarks
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind in ('r', 'v', 'm') and n.nspname not in ('stand_in', 'pg_catalog', 'information_schema');
create view stand_in.svv_all_columns as select table_catalog as database_name, table_schema as schema_name, table_name, column_name, ordinal_position, data_type, character_maximum_length, is_nullable from stand_in.svv_columns;
create view stand_in.svv_tables as
select current_setting('stand_in.database') as table_catalog, n.nspname::text as table_schema, c.relname::text as table_name,
  case c.relkind when 'r' then 'BASE TABLE' else 'VIEW' end::text as table_type, null::text as remarks
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace where c.relkind in ('r', 'v', 'm') and n.nspname <> 'stand_in';

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TRANSACTIONS.html
create view stand_in.svv_transactions as
select stand_in.pg_get_userbyid(a.usesysid)::text as txn_owner, current_setting('stand_in.database') as txn_db, l.virtualtransaction as xid, l.pid,
  a.xact_start::timestamp as txn_start, l.mode as lock_mode, case l.locktype when 'relation' then 'relation' else 'transactionid' end::text as lockable_object_type,
  l.relation::int as relation, l.granted
from pg_catalog.pg_locks as l join pg_catalog.pg_stat_activity as a on a.pid = l.pid
where a.datname = current_database() and a.usename = current_user and l.locktype in ('relation', 'virtualxid');

-- https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_HISTORY.html and its neighbours
create view stand_in.sys_load_history as
select 100 as user_id, query_id, null::bigint as transaction_id, pid as session_id, current_setting('stand_in.database') as database_name, status, table_name, start_time, end_time,
  0::bigint as duration, data_source, loaded_rows, loaded_bytes, source_file_count, source_file_count as file_count_scanned, loaded_bytes as file_bytes_scanned, error_count
from stand_in.loads;
create view stand_in.sys_load_detail as
select 100 as user_id, f.query_id, f.file_name, f.bytes_scanned, f.lines_scanned, l.start_time as record_time, 0 as splits_scanned, l.start_time, l.end_time from stand_in.load_files as f join stand_in.loads as l using (query_id);
create view stand_in.sys_load_error_detail as
select 100 as user_id, e.query_id, null::bigint as transaction_id, l.pid as session_id, current_setting('stand_in.database') as database_name, e.relid::int as table_id, e.start_time,
  e."position", 0 as line_number_in_scan_range, e.file_name, e.line_number, e.column_name, e.column_type, e.column_length, e.error_code, e.error_message
from stand_in.load_errors as e join stand_in.loads as l using (query_id);
create view stand_in.stl_load_errors as
select 100 as userid, 0 as slice, e.relid::int as tbl, e.start_time as starttime, l.pid as session, e.query_id as query, e.file_name as filename, e.line_number, e.column_name as colname, e.column_type as type,
  e.column_length as col_length, e."position", e.raw_line, e.raw_value as raw_field_value, e.error_code as err_code, e.error_message as err_reason
from stand_in.load_errors as e join stand_in.loads as l using (query_id);
-- Of its steps, those that tables are filled by. https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_DETAIL.html
create view stand_in.sys_query_detail as
select 100 as user_id, null::bigint as query_id, 'insert'::text as step_name, relid::int as table_id, start_time, start_time as end_time from stand_in.writes;
grant select on all tables in schema stand_in to public;
