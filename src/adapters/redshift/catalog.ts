// What stands in schemas, by the catalogue of Redshift's leader node; columns of late-binding views stand apart.
// https://docs.aws.amazon.com/redshift/latest/dg/c_intro_catalog_views.html
import { type Row, statement } from '../../core/statement.ts';
import type { CatalogQuestions, TableStat } from '../catalog.ts';
import { literal } from './literal.ts';

const schemasOf = (places: readonly { readonly schema: string }[]): string =>
  [...new Set(places.map(({ schema }) => literal(schema.toLowerCase())))].join(', ');

/**
 * [id, label, description, column], in the order in which they are asked for.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TABLE_INFO.html
 */
const STATS = [
  ['encoded', 'Encoded', 'Whether a column is compressed', 'encoded'],
  ['diststyle', 'Dist Style', 'How rows are spread over the nodes', 'diststyle'],
  ['sortkey1', 'Sort Key 1', 'The first column of the sort key', 'sortkey1'],
  ['max_varchar', 'Max Varchar', 'The width of the widest column of characters, in bytes', 'max_varchar'],
  ['sortkey1_enc', 'Sort Key 1 Encoding', 'How the first column of the sort key is compressed', 'sortkey1_enc'],
  ['sortkey_num', '# Sort Keys', 'How many columns the sort key has', 'sortkey_num'],
  ['size', 'Approximate Size', 'Of the table, in bytes', 'size * 1000000'],
  ['pct_used', 'Disk Utilization', 'Percent of the storage that the table takes', 'pct_used'],
  ['unsorted', 'Unsorted %', 'Percent of the rows that are not sorted', 'unsorted'],
  ['stats_off', 'Stats Off', 'How old the statistics of the planner are: 0 is fresh, 100 out of date', 'stats_off'],
  ['rows', 'Approximate Row Count', 'Rows, those among them that are deleted and not yet gone', 'tbl_rows'],
  ['skew_sortkey1', 'Sort Key Skew', 'The largest column that is no sort key, measured by the first one of it', 'skew_sortkey1'],
  ['skew_rows', 'Skew Rows', 'The fullest slice, measured by the emptiest', 'skew_rows'],
] as const;

const figureOf = (value: Row[number]): TableStat['value'] | undefined => {
  if (value === null || value === undefined) return undefined;
  const text = String(value).trim();
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
};

export const catalog: CatalogQuestions = {
  relations: (places) =>
    statement(`select current_database(), n.nspname, c.relname,
  case when c.relkind <> 'v' then 'BASE TABLE' when v.definition ilike '%create materialized view%' then 'MATERIALIZED VIEW'
    when v.definition ilike '%with no schema binding%' then 'LATE BINDING VIEW' else 'VIEW' end,
  d.description, pg_catalog.pg_get_userbyid(c.relowner)
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_views as v on v.schemaname = n.nspname and v.viewname = c.relname
left join pg_catalog.pg_description as d on d.objoid = c.oid and d.objsubid = 0
where n.nspname in (${schemasOf(places)}) and c.relkind in ('r', 'v') order by 2, 3`),
  columns: (places) =>
    statement(`select current_database(), schema_name, relation, name, place, type, comment from (
  select n.nspname as schema_name, c.relname as relation, a.attname as name, a.attnum::int as place,
    pg_catalog.format_type(a.atttypid, a.atttypmod) as type, d.description as comment
  from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_catalog.pg_description as d on d.objoid = c.oid and d.objsubid = a.attnum
  where n.nspname in (${schemasOf(places)}) and c.relkind in ('r', 'v')
  union all
  select view_schema, view_name, col_name, col_num, col_type, null
  from pg_catalog.pg_get_late_binding_view_cols() as cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)
  where view_schema in (${schemasOf(places)})
) as columns order by 2, 3, 5`),
  stats: {
    ask: (places) =>
      statement(
        `select "schema", "table", ${STATS.map(([, , , column]) => column).join(', ')} from svv_table_info where "schema" in (${schemasOf(places)})`,
      ),
    of: ([, , ...values]) =>
      STATS.flatMap(([id, label, description], index): TableStat[] => {
        const value = figureOf(values[index] ?? null);
        return value === undefined ? [] : [{ id, label, value, description }];
      }),
  },
};
