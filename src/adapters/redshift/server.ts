// Redshift as a server of Postgres' protocol. What is read of its catalogue runs on the leader node alone.
// https://docs.aws.amazon.com/redshift/latest/dg/c_intro_catalog_views.html

import { type Login, postgresServer, type Server } from '../postgres/server.ts';
import { quote, unended } from '../sql.ts';
import type { RedshiftSettings } from './credentials.ts';
import { redshiftDialect } from './dialect.ts';
import { databaseError } from './errors.ts';
import { literal } from './literal.ts';
import { rightOf, rightsSql } from './rights.ts';
import { rowsInto } from './rows-in.ts';
import { typeName } from './types.ts';

const RECURSIVE = /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*with\s+recursive\b/i;
/** https://docs.aws.amazon.com/redshift/latest/dg/r_names.html: quoted or not, names are kept in lower case. */
const stored = (name: string): string => literal(name.toLowerCase());

export const redshiftServer = (settings: RedshiftSettings, login: () => Promise<Login>): Server => ({
  ...postgresServer,
  dialect: redshiftDialect,
  login,
  setup: ({ role, schema, searchPath }) =>
    [
      `set datestyle to 'ISO'`,
      `set timezone to 'UTC'`,
      `set search_path to ${searchPath ?? `${quote(schema)}, '$user', public`}`,
      ...(role === undefined ? [] : [`set role ${quote(role)}`]),
      ...(settings.queryGroup === undefined ? [] : [`set query_group to ${literal(settings.queryGroup)}`]),
    ].join('; '),
  // A materialized view is a view to pg_class. https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-overview.html
  listSql: (schemas) => `select n.nspname, c.relname,
  case when c.relkind = 'v' and v.definition ilike '%create materialized view%' then 'm' else c.relkind::varchar end
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_views as v on v.schemaname = n.nspname and v.viewname = c.relname
where n.nspname in (${schemas.map(stored).join(', ')}) and c.relkind in ('r', 'v')`,
  // Views without schema binding have their columns elsewhere.
  // https://docs.aws.amazon.com/redshift/latest/dg/PG_GET_LATE_BINDING_VIEW_COLS.html
  columnsSql: ({ schema, identifier }) => `select name, type from (
  select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnum::int as place
  from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = ${stored(schema)} and c.relname = ${stored(identifier)} and c.relkind in ('r', 'v')
  union all
  select col_name, col_type, col_num from pg_catalog.pg_get_late_binding_view_cols() as cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)
  where view_schema = ${stored(schema)} and view_name = ${stored(identifier)}
) as columns order by place`,
  // dwh's own views are not bound; others that are make the drop of a table fail, and the error names them.
  dependents: undefined,
  // None is checked.
  uncheckedKey: '',
  // The rule that makes a relation a view is a part of it, and depends on what the view reads.
  // https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_TABLE.html
  boundViewsSql: ({ schema, identifier }) => `select distinct n.nspname, v.relname
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as s on s.oid = c.relnamespace
join pg_catalog.pg_depend as reads on reads.refobjid = c.oid join pg_catalog.pg_depend as makes on makes.objid = reads.objid
join pg_catalog.pg_class as v on v.oid = makes.refobjid join pg_catalog.pg_namespace as n on n.oid = v.relnamespace
where s.nspname = ${stored(schema)} and c.relname = ${stored(identifier)} and makes.deptype = 'i' and v.relkind = 'v' and v.oid <> c.oid
order by n.nspname, v.relname`,
  rights: { sql: rightsSql, of: rightOf },
  // A recursive query cannot stand in another.
  describe: (sql) => (RECURSIVE.test(sql) ? { text: `${unended(sql)}\nlimit 0`, before: 0 } : postgresServer.describe(sql)),
  typeName,
  // The function is the leader node's, and takes the catalogue's columns.
  // https://docs.aws.amazon.com/redshift/latest/dg/c_sql-functions-leader-node.html
  typeNamesSql: (types) =>
    `select ${types
      .map((one) => one.split(', '))
      .map(([oid, modifier]) => `max(case when t.oid = ${oid} then pg_catalog.format_type(t.oid, ${modifier}) end)`)
      .join(', ')} from pg_catalog.pg_type as t`,
  outcome: undefined,
  // Both are for every user, about the user's own sessions.
  // https://docs.aws.amazon.com/redshift/latest/dg/PG_TERMINATE_BACKEND.html, .../r_SVV_TRANSACTIONS.html
  ending: {
    end: (pid) => `select pg_catalog.pg_terminate_backend(${pid})`,
    open: (pid) => `select count(*) from svv_transactions where pid = ${pid}`,
  },
  rowsIn: { from: 'statements', send: rowsInto(settings.work) },
  databaseError,
});
