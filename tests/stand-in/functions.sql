-- What Redshift has and Postgres has not, or has otherwise, in a schema that statements cannot name.
-- https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html
create schema stand_in;
grant usage on schema stand_in to public;

-- The side catalogue: what Redshift keeps of relations and Postgres does not.
create table stand_in.tables (relid oid primary key, diststyle text not null default 'AUTO(ALL)', sortform text, backup boolean, constraints jsonb not null default '[]');
create table stand_in.columns (relid oid, attnum int, encoding text, distkey boolean not null default false, sortkey int not null default 0, primary key (relid, attnum));
create table stand_in.views (relid oid primary key, query text not null, definition text not null, late boolean not null);
create table stand_in.loads (query_id bigint primary key, pid int, relid oid, table_name text, data_source text, status text, loaded_rows bigint, loaded_bytes bigint, source_file_count int, error_count int, start_time timestamp, end_time timestamp, error_message text);
create table stand_in.load_files (query_id bigint, file_name text, bytes_scanned bigint, lines_scanned bigint);
create table stand_in.load_errors (query_id bigint, relid oid, table_name text, file_name text, line_number bigint, start_time timestamp, column_name text, column_type text, column_length text, "position" int, error_code int, error_message text, raw_line text, raw_value text);
-- Not kept for a transaction that is rolled back: good enough.
create table stand_in.writes (relid oid, start_time timestamp);
create sequence stand_in.queries start 1000;
grant all on all tables in schema stand_in to public;
grant all on all sequences in schema stand_in to public;

create function stand_in.remember(rel regclass, facts jsonb) returns void language plpgsql as $$
declare
  one record;
begin
  -- IF NOT EXISTS, and it did.
  if facts ? 'unless_known' and exists (select 1 from stand_in.tables where relid = rel) then return; end if;
  insert into stand_in.tables (relid) values (rel) on conflict do nothing;
  if facts ? 'diststyle' then update stand_in.tables set diststyle = facts->>'diststyle' where relid = rel; end if;
  if facts ? 'backup' then update stand_in.tables set backup = (facts->>'backup')::boolean where relid = rel; end if;
  if facts ? 'constraints' then update stand_in.tables set constraints = constraints || (facts->'constraints') where relid = rel; end if;
  insert into stand_in.columns (relid, attnum) select attrelid, attnum from pg_attribute where attrelid = rel and attnum > 0 on conflict do nothing;
  if facts ? 'diststyle' then update stand_in.columns set distkey = false where relid = rel; end if;
  if facts ? 'distkey' then
    update stand_in.columns set distkey = true where relid = rel and attnum = stand_in.column_number(rel, facts->>'distkey');
  end if;
  if facts ? 'sortform' then
    update stand_in.tables set sortform = facts->>'sortform' where relid = rel;
    update stand_in.columns set sortkey = 0 where relid = rel;
    for one in select value, ordinality from jsonb_array_elements_text(facts->'sortkey') with ordinality loop
      update stand_in.columns set sortkey = case when facts->>'sortform' = 'interleaved' and one.ordinality % 2 = 0 then -one.ordinality else one.ordinality end
      where relid = rel and attnum = stand_in.column_number(rel, one.value);
    end loop;
  end if;
  for one in select key, value from jsonb_each_text(coalesce(facts->'encode', '{}')) loop
    update stand_in.columns set encoding = one.value where relid = rel and attnum = stand_in.column_number(rel, one.key);
  end loop;
end $$;

-- A key column is named, or is a place in the select list.
create function stand_in.column_number(rel regclass, name text) returns int language plpgsql as $$
declare
  found int := (select attnum from pg_attribute where attrelid = rel and attname = name and attnum > 0 and not attisdropped);
begin
  if found is null and name ~ '^[0-9]+$' then return name::int; end if;
  if found is null then raise exception 'column "%" named in key does not exist', name using errcode = '42703'; end if;
  return found;
end $$;

-- Strings have a size in bytes; those whose expression has none get all bytes that there may be.
create function stand_in.size_strings(rel regclass) returns void language plpgsql as $$
declare
  one record;
begin
  for one in select attname, attnum, atttypid, atttypmod from pg_attribute where attrelid = rel and attnum > 0 and not attisdropped and atttypid in (25, 1043, 1042, 19) loop
    if one.atttypid <> 1042 and one.atttypmod < 0 then
      execute format('alter table %s alter column %I type varchar(65535)', rel, one.attname);
      one.atttypmod := 65539;
    end if;
    perform stand_in.limit_bytes(rel, one.attname, one.atttypmod - 4);
  end loop;
end $$;

create function stand_in.limit_bytes(rel regclass, name text, bytes int) returns void language plpgsql as $$
declare
  called text := format('stand_in bytes %s %s', (select attnum from pg_attribute where attrelid = rel and attname = name), bytes);
begin
  if bytes <= 0 then return; end if;
  execute format('alter table %s add constraint %I check (octet_length(%I) <= %s)', rel, called, name, bytes);
end $$;

-- Only VARCHAR, and only wider. https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
create function stand_in.widen(rel regclass, name text, bytes int) returns void language plpgsql as $$
declare
  old record;
  one record;
begin
  select atttypid, atttypmod - 4 as size into old from pg_attribute where attrelid = rel and attname = name and attnum > 0;
  if old is null then raise exception 'column "%" of relation "%" does not exist', name, rel using errcode = '42703'; end if;
  if old.atttypid <> 1043 then
    raise exception 'target data type "character varying" is not supported, or the column "%" is no VARCHAR', name using errcode = '0A000';
  end if;
  for one in select conname from pg_constraint join pg_attribute on attrelid = conrelid and attname = name
    where conrelid = rel and conname like format('stand\_in bytes %s %%', attnum) loop
    execute format('alter table %s drop constraint %I', rel, one.conname);
  end loop;
  execute format('alter table %s alter column %I type varchar(%s)', rel, name, bytes);
  perform stand_in.limit_bytes(rel, name, bytes);
exception when check_violation then
  raise exception 'target column size should be larger or equal to current maximum column size' using errcode = '0A000';
end $$;

create function stand_in.remember_view(rel regclass, query text, definition text, late boolean) returns void language sql as $$
  insert into stand_in.views values ($1, $2, $3, $4)
  on conflict (relid) do update set query = excluded.query, definition = excluded.definition, late = excluded.late
$$;

-- OR REPLACE wants the very columns. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
create function stand_in.view_columns(name text) returns text[] language sql as $$
  select array_agg(attname || ' ' || format_type(atttypid, atttypmod) order by attnum) from pg_attribute where attrelid = to_regclass($1) and attnum > 0
$$;
create function stand_in.replaced_view(before text[], rel regclass) returns void language plpgsql as $$
begin
  if before is not null and before is distinct from stand_in.view_columns(rel::text) then
    raise exception 'cannot change number of columns in view' using errcode = '42P16';
  end if;
end $$;

create function stand_in.late_binding_view_cols(views text, out view_schema name, out view_name name, out col_name name, out col_type varchar, out col_num int) returns setof record language plpgsql as $$
declare
  one record;
begin
  for one in select value->>0 as sch, value->>1 as nam, value->>2 as query from jsonb_array_elements(views::jsonb) loop
    begin
      execute format('create temp view "stand_in late" as %s', one.query);
      return query select one.sch::name, one.nam::name, attname, stand_in.format_type(atttypid, atttypmod)::varchar, attnum::int
        from pg_attribute where attrelid = 'pg_temp."stand_in late"'::regclass and attnum > 0 order by attnum;
      drop view pg_temp."stand_in late";
    exception when others then
      null;
    end;
  end loop;
end $$;

create function stand_in.format_type(oid, int) returns text language sql stable as $$
  select case when $1 = 3802 then 'super' when $1 = 17 then 'binary varying' when $1 = 25 then 'character varying(65535)' else pg_catalog.format_type($1, $2) end
$$;
create function stand_in.role_name(text) returns name language sql immutable as $$ select regexp_replace($1, '^[^/]*/', '')::name $$;
create function stand_in.pg_get_userbyid(oid) returns name language sql stable as $$ select stand_in.role_name(pg_catalog.pg_get_userbyid($1)) $$;
create function stand_in.version() returns text language sql immutable as $$ select 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.117891'::text $$;

-- Casts to VARCHAR cut at a whole character. https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
create function stand_in.to_varchar(text, int) returns text language plpgsql immutable strict parallel safe as $$
declare
  cut text := $1;
begin
  if octet_length($1) <= $2 then return $1; end if;
  cut := left(cut, $2);
  while octet_length(cut) > $2 loop cut := left(cut, length(cut) - greatest(1, (octet_length(cut) - $2) / 4)); end loop;
  return cut;
end $$;
create function stand_in.to_varchar(anynonarray, int) returns text language sql immutable strict as $$ select stand_in.to_varchar($1::text, $2) $$;
create function stand_in.to_varchar("char", int) returns text language sql immutable strict as $$ select $1::text $$;
create function stand_in.to_varchar(name, int) returns text language sql immutable strict as $$ select $1::text $$;
create function stand_in.to_varchar(boolean, int) returns text language plpgsql immutable as $$
begin
  raise exception 'cannot cast type boolean to character varying' using errcode = '42846';
end $$;
-- Fifteen digits, as Postgres 8 wrote them.
create function stand_in.to_varchar(double precision, int) returns text language sql stable strict set extra_float_digits = 0 as $$ select stand_in.to_varchar($1::text, $2) $$;
create function stand_in.to_varchar(real, int) returns text language sql stable strict set extra_float_digits = 0 as $$ select stand_in.to_varchar($1::text, $2) $$;
create function stand_in.to_varchar(jsonb, int) returns text language sql immutable strict as $$ select stand_in.to_varchar($1 #>> '{}', $2) $$;
create function stand_in.to_super(jsonb) returns jsonb language sql immutable strict as $$ select $1 $$;
create function stand_in.to_super(text) returns jsonb language sql immutable strict as $$ select to_jsonb($1) $$;
create function stand_in.to_super(anynonarray) returns jsonb language sql immutable strict as $$ select to_jsonb($1) $$;

create function stand_in.getdate() returns timestamp language sql stable as $$ select date_trunc('second', statement_timestamp() at time zone current_setting('timezone')) $$;
create function stand_in.len(text) returns int language sql immutable strict as $$ select length($1) $$;
create function stand_in.textlen(text) returns int language sql immutable strict as $$ select length($1) $$;
create function stand_in.charindex(text, text) returns int language sql immutable strict as $$ select strpos($2, $1) $$;
create function stand_in.trunc(numeric) returns numeric language sql immutable strict as $$ select pg_catalog.trunc($1) $$;
create function stand_in.trunc(numeric, int) returns numeric language sql immutable strict as $$ select pg_catalog.trunc($1, $2) $$;
create function stand_in.trunc(double precision) returns double precision language sql immutable strict as $$ select pg_catalog.trunc($1) $$;
create function stand_in.trunc(double precision, int) returns double precision language sql immutable strict as $$ select pg_catalog.trunc($1::numeric, $2)::double precision $$;
create function stand_in.trunc(timestamp) returns date language sql immutable strict as $$ select $1::date $$;
create function stand_in.round(numeric) returns numeric language sql immutable strict as $$ select pg_catalog.round($1) $$;
create function stand_in.round(numeric, int) returns numeric language sql immutable strict as $$ select pg_catalog.round($1, $2) $$;
create function stand_in.round(double precision) returns double precision language sql immutable strict as $$ select case when $1 >= 0 then floor($1 + 0.5) else ceil($1 - 0.5) end $$;
create function stand_in.round(double precision, int) returns double precision language sql immutable strict as $$ select pg_catalog.round($1::numeric, $2)::double precision $$;
create function stand_in.to_hex(bigint) returns text language sql immutable strict as $$ select pg_catalog.to_hex($1) $$;
create function stand_in.strtol(text, int) returns bigint language plpgsql immutable strict as $$
declare
  digits text := lower(regexp_replace(btrim($1), '^([-+]?)0x', '\1'));
  minus boolean := digits like '-%';
  value numeric := 0;
  digit int;
begin
  digits := ltrim(digits, '+-');
  for i in 1 .. length(digits) loop
    digit := strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(digits, i, 1)) - 1;
    if digit < 0 or digit >= $2 then
      raise exception 'The input % is not valid to be converted to base %', $1, $2 using errcode = 'XX000';
    end if;
    value := value * $2 + digit;
  end loop;
  return case when minus then -value else value end;
end $$;
create function stand_in.sha2(text, int) returns text language sql immutable strict as $$
  select encode(case $2 when 224 then sha224(convert_to($1, 'UTF8')) when 384 then sha384(convert_to($1, 'UTF8')) when 512 then sha512(convert_to($1, 'UTF8')) else sha256(convert_to($1, 'UTF8')) end, 'hex')
$$;

-- Averages of integers are integers. https://docs.aws.amazon.com/redshift/latest/dg/r_AVG.html
create function stand_in.avg_add(numeric[], bigint) returns numeric[] language sql immutable as $$ select case when $2 is null then $1 else array[$1[1] + $2, $1[2] + 1] end $$;
create function stand_in.avg_of(numeric[]) returns bigint language sql immutable as $$ select case when $1[2] > 0 then pg_catalog.trunc($1[1] / $1[2])::bigint end $$;
create aggregate stand_in.avg(bigint) (sfunc = stand_in.avg_add, stype = numeric[], initcond = '{0,0}', finalfunc = stand_in.avg_of);
create function stand_in.avg_int(numeric[], int) returns numeric[] language sql immutable as $$ select case when $2 is null then $1 else array[$1[1] + $2, $1[2] + 1] end $$;
create aggregate stand_in.avg(int) (sfunc = stand_in.avg_int, stype = numeric[], initcond = '{0,0}', finalfunc = stand_in.avg_of);
create aggregate stand_in.avg(numeric) (sfunc = numeric_avg_accum, stype = internal, finalfunc = numeric_avg);
create aggregate stand_in.avg(double precision) (sfunc = float8_accum, stype = double precision[], initcond = '{0,0,0}', finalfunc = float8_avg);
create function stand_in.first_of(anyelement, anyelement) returns anyelement language sql immutable strict as $$ select $1 $$;
create aggregate stand_in.any_value(anyelement) (sfunc = stand_in.first_of, stype = anyelement);

-- Dates. https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
create function stand_in.part(text) returns text language plpgsql immutable strict as $$
begin
  return case
    when $1 in ('millennium', 'millennia', 'mil', 'mils') then 'millennium'
    when $1 in ('century', 'centuries', 'c', 'cent', 'cents') then 'century'
    when $1 in ('decade', 'decades', 'dec', 'decs') then 'decade'
    when $1 in ('year', 'years', 'y', 'yr', 'yrs') then 'year'
    when $1 in ('quarter', 'quarters', 'qtr', 'qtrs') then 'quarter'
    when $1 in ('month', 'months', 'mon', 'mons') then 'month'
    when $1 in ('week', 'weeks', 'w') then 'week'
    when $1 in ('day', 'days', 'd') then 'day'
    when $1 in ('hour', 'hours', 'h', 'hr', 'hrs') then 'hour'
    when $1 in ('minute', 'minutes', 'm', 'min', 'mins') then 'minute'
    when $1 in ('second', 'seconds', 's', 'sec', 'secs') then 'second'
    when $1 in ('millisecond', 'milliseconds', 'ms', 'msec', 'msecs', 'msecond', 'mseconds', 'millisec', 'millisecs', 'millisecon') then 'millisecond'
    when $1 in ('microsecond', 'microseconds', 'microsec', 'microsecs', 'microsecond', 'usecond', 'useconds', 'us', 'usec', 'usecs') then 'microsecond'
    when $1 in ('dow', 'dayofweek', 'dw', 'weekday') then 'dow'
    when $1 in ('doy', 'dayofyear', 'dy', 'yearday') then 'doy'
    when $1 in ('epoch') then 'epoch'
    when $1 in ('timezone', 'timezone_hour', 'timezone_minute') then $1
    else null end;
end $$;
create function stand_in.known_part(text) returns text language plpgsql immutable strict as $$
begin
  if stand_in.part($1) is null then raise exception 'timestamp units "%" not recognized', $1 using errcode = '22023'; end if;
  return stand_in.part($1);
end $$;
create function stand_in.date_part(text, timestamp) returns double precision language sql immutable strict as $$
  select case stand_in.known_part($1)
    when 'second' then floor(pg_catalog.date_part('second', $2))
    when 'millisecond' then floor(pg_catalog.date_part('milliseconds', $2))::bigint % 1000
    when 'microsecond' then pg_catalog.date_part('microseconds', $2)::bigint % 1000000
    else pg_catalog.date_part(stand_in.part($1), $2) end
$$;
create function stand_in.date_part(text, timestamptz) returns double precision language sql stable strict as $$ select stand_in.date_part($1, $2 at time zone current_setting('timezone')) $$;
create function stand_in.date_part(text, date) returns double precision language sql immutable strict as $$ select stand_in.date_part($1, $2::timestamp) $$;
create function stand_in.date_part(text, time) returns double precision language sql immutable strict as $$ select stand_in.date_part($1, date '2000-01-01' + $2) $$;
create function stand_in.date_part(text, interval) returns double precision language sql immutable strict as $$ select floor(pg_catalog.date_part(stand_in.known_part($1), $2)) $$;
create function stand_in.date_trunc(text, timestamp) returns timestamp language sql immutable strict as $$ select pg_catalog.date_trunc(stand_in.known_part($1), $2) $$;
create function stand_in.date_trunc(text, timestamptz) returns timestamptz language sql stable strict as $$ select pg_catalog.date_trunc(stand_in.known_part($1), $2) $$;
create function stand_in.date_trunc(text, date) returns timestamp language sql immutable strict as $$ select pg_catalog.date_trunc(stand_in.known_part($1), $2::timestamp) $$;
create function stand_in.dateadd(text, bigint, timestamp) returns timestamp language sql immutable strict as $$
  select $3 + $2 * case stand_in.known_part($1)
    when 'quarter' then interval '3 months' when 'decade' then interval '10 years' when 'century' then interval '100 years' when 'millennium' then interval '1000 years'
    else ('1 ' || stand_in.part($1))::interval end
$$;
create function stand_in.dateadd(text, bigint, date) returns timestamp language sql immutable strict as $$ select stand_in.dateadd($1, $2, $3::timestamp) $$;
create function stand_in.dateadd(text, bigint, timestamptz) returns timestamptz language sql stable strict as $$ select stand_in.dateadd($1, $2, $3 at time zone 'UTC') at time zone 'UTC' $$;
-- Boundaries between the two, not whole units. https://docs.aws.amazon.com/redshift/latest/dg/r_DATEDIFF_function.html
create function stand_in.datediff(text, timestamp, timestamp) returns bigint language plpgsql immutable strict as $$
declare
  unit text := stand_in.known_part($1);
  years bigint := pg_catalog.date_part('year', $3) - pg_catalog.date_part('year', $2);
begin
  return case unit
    when 'millennium' then pg_catalog.date_part('millennium', $3) - pg_catalog.date_part('millennium', $2)
    when 'century' then pg_catalog.date_part('century', $3) - pg_catalog.date_part('century', $2)
    when 'decade' then pg_catalog.date_part('decade', $3) - pg_catalog.date_part('decade', $2)
    when 'year' then years
    when 'quarter' then years * 4 + pg_catalog.date_part('quarter', $3) - pg_catalog.date_part('quarter', $2)
    when 'month' then years * 12 + pg_catalog.date_part('month', $3) - pg_catalog.date_part('month', $2)
    -- Weeks begin on Sunday here.
    when 'week' then (($3::date - date '2000-01-02') - mod(mod($3::date - date '2000-01-02', 7) + 7, 7) - (($2::date - date '2000-01-02') - mod(mod($2::date - date '2000-01-02', 7) + 7, 7))) / 7
    when 'day' then $3::date - $2::date
    when 'hour' then pg_catalog.round(extract(epoch from pg_catalog.date_trunc('hour', $3) - pg_catalog.date_trunc('hour', $2)) / 3600)
    when 'minute' then pg_catalog.round(extract(epoch from pg_catalog.date_trunc('minute', $3) - pg_catalog.date_trunc('minute', $2)) / 60)
    when 'second' then extract(epoch from pg_catalog.date_trunc('second', $3) - pg_catalog.date_trunc('second', $2))
    when 'millisecond' then extract(epoch from pg_catalog.date_trunc('milliseconds', $3) - pg_catalog.date_trunc('milliseconds', $2)) * 1000
    when 'microsecond' then extract(epoch from $3 - $2) * 1000000
  end;
end $$;
create function stand_in.datediff(text, timestamptz, timestamptz) returns bigint language sql stable strict as $$ select stand_in.datediff($1, $2 at time zone 'UTC', $3 at time zone 'UTC') $$;
create function stand_in.datediff(text, date, date) returns bigint language sql immutable strict as $$ select stand_in.datediff($1, $2::timestamp, $3::timestamp) $$;
create function stand_in.last_day(timestamp) returns date language sql immutable strict as $$ select (pg_catalog.date_trunc('month', $1) + interval '1 month - 1 day')::date $$;
-- The last day of a month stays one. https://docs.aws.amazon.com/redshift/latest/dg/r_ADD_MONTHS.html
create function stand_in.add_months(timestamp, int) returns timestamp language sql immutable strict as $$
  select case when $1::date = stand_in.last_day($1) then stand_in.last_day($1 + $2 * interval '1 month') + $1::time else $1 + $2 * interval '1 month' end
$$;
create function stand_in.convert_timezone(text, text, timestamp) returns timestamp language sql stable strict as $$ select ($3 at time zone $1) at time zone $2 $$;
create function stand_in.convert_timezone(text, timestamp) returns timestamp language sql stable strict as $$ select ($2 at time zone 'UTC') at time zone $1 $$;
create function stand_in.date_cmp(date, date) returns int language sql immutable strict as $$ select case when $1 < $2 then -1 when $1 > $2 then 1 else 0 end $$;
create function stand_in.months_between(timestamp, timestamp) returns double precision language sql immutable strict as $$
  select stand_in.datediff('month', $2, $1) + case when pg_catalog.date_part('day', $1) = pg_catalog.date_part('day', $2) or ($1::date = stand_in.last_day($1) and $2::date = stand_in.last_day($2)) then 0
    else (pg_catalog.date_part('day', $1) - pg_catalog.date_part('day', $2)) / 31.0 end
$$;
create function stand_in.next_day(timestamp, text) returns date language sql immutable strict as $$
  select d::date from generate_series($1 + interval '1 day', $1 + interval '7 days', interval '1 day') as d where lower(to_char(d, 'day')) like lower($2) || '%'
$$;

-- Patterns. https://docs.aws.amazon.com/redshift/latest/dg/String_functions_header.html
create function stand_in.flags(text) returns text language plpgsql immutable as $$
begin
  if $1 ~ '[^cie]' then raise exception 'the stand-in does not translate the parameters "%" of patterns', $1 using errcode = '0A000'; end if;
  return replace($1, 'e', '');
end $$;
create function stand_in.regexp_replace(text, text, text default '', int default 1, text default '') returns text language sql immutable strict as $$
  select left($1, $4 - 1) || pg_catalog.regexp_replace(substr($1, $4), $2, pg_catalog.regexp_replace($3, '\$(\d)', '\\\1', 'g'), 'g' || stand_in.flags($5))
$$;
create function stand_in.regexp_count(text, text, int default 1, text default '') returns int language sql immutable strict as $$ select pg_catalog.regexp_count($1, $2, $3, stand_in.flags($4)) $$;
create function stand_in.regexp_instr(text, text, int default 1, int default 1, int default 0, text default '') returns int language sql immutable strict as $$ select pg_catalog.regexp_instr($1, $2, $3, $4, $5, stand_in.flags($6)) $$;
create function stand_in.regexp_substr(text, text, int default 1, int default 1, text default '') returns text language sql immutable strict as $$ select coalesce(pg_catalog.regexp_substr($1, $2, $3, $4, stand_in.flags($5)), '') $$;

-- JSON. https://docs.aws.amazon.com/redshift/latest/dg/json-functions.html
create function stand_in.parsed(text) returns jsonb language plpgsql immutable strict as $$
begin
  return $1::jsonb;
exception when others then
  return null;
end $$;
create function stand_in.json_parse(text) returns jsonb language plpgsql immutable strict as $$
begin
  return $1::jsonb;
exception when others then
  raise exception 'The input is not a valid JSON: %', left($1, 100) using errcode = 'XX000';
end $$;
create function stand_in.is_valid_json(text) returns boolean language sql immutable strict as $$ select coalesce(jsonb_typeof(stand_in.parsed($1)) = 'object', false) $$;
create function stand_in.is_valid_json_array(text) returns boolean language sql immutable strict as $$ select coalesce(jsonb_typeof(stand_in.parsed($1)) = 'array', false) $$;
create function stand_in.json_serialize(jsonb) returns text language sql immutable strict as $$
  select case jsonb_typeof($1)
    when 'object' then '{' || coalesce((select string_agg(to_jsonb(key)::text || ':' || stand_in.json_serialize(value), ',') from jsonb_each($1)), '') || '}'
    when 'array' then '[' || coalesce((select string_agg(stand_in.json_serialize(value), ',' order by ordinality) from jsonb_array_elements($1) with ordinality), '') || ']'
    else $1::text end
$$;
create function stand_in.json_extract_path_text(text, variadic text[]) returns text language plpgsql immutable as $$
begin
  if $1 is null then return null; end if;
  return case when jsonb_typeof($1::jsonb #> $2) in ('object', 'array') then stand_in.json_serialize($1::jsonb #> $2) else $1::jsonb #>> $2 end;
exception when invalid_text_representation then
  raise exception 'JSON parsing error' using errcode = 'XX000';
end $$;
create function stand_in.json_extract_array_element_text(text, int) returns text language sql immutable strict as $$
  select case when jsonb_typeof(stand_in.json_parse($1) -> $2) in ('object', 'array') then stand_in.json_serialize(stand_in.json_parse($1) -> $2) else stand_in.json_parse($1) ->> $2 end
$$;
create function stand_in.json_array_length(text) returns int language sql immutable strict as $$ select jsonb_array_length(stand_in.json_parse($1)) $$;
create function stand_in.json_typeof(jsonb) returns text language sql immutable strict as $$ select jsonb_typeof($1) $$;
create function stand_in.get_array_length(jsonb) returns int language sql immutable strict as $$ select case jsonb_typeof($1) when 'array' then jsonb_array_length($1) end $$;
create function stand_in.is_array(jsonb) returns boolean language sql immutable strict as $$ select jsonb_typeof($1) = 'array' $$;
create function stand_in.is_object(jsonb) returns boolean language sql immutable strict as $$ select jsonb_typeof($1) = 'object' $$;
create function stand_in.array_concat(jsonb, jsonb) returns jsonb language sql immutable strict as $$ select $1 || $2 $$;

-- COPY asks it of each value when the whole did not go in.
create function stand_in.problem_of(val text, typ regtype, modifier int) returns text language plpgsql stable as $$
begin
  execute format('select %L::%s', val, pg_catalog.format_type(typ, modifier));
  return null;
exception when others then
  return sqlerrm;
end $$;

-- What is read where the query of a late-binding view should stand: the name meant something else a moment ago.
create function stand_in.moved() returns boolean language plpgsql as $$
begin
  raise exception 'could not open relation with OID 100100' using errcode = 'XX000';
end $$;
