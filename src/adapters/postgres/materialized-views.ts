// Materialized views of Postgres. https://www.postgresql.org/docs/current/sql-creatematerializedview.html
import type { Relation } from '../../core/relation.ts';
import { type Row, type Statement, statement } from '../../core/statement.ts';
import type { MaterializedViews } from '../materialized-views.ts';
import { query, quote, relationName } from '../sql.ts';
import type { TableOptions } from '../table-options.ts';
import { literal } from './literal.ts';
import { hasUniqueIndex, indexNames } from './table-options.ts';

/**
 * The server compares: a view of the query is made and dropped again, and both definitions are put into words by it. So blanks
 * and comments make no difference, and a star that means another column now does. All of it is one transaction; its answer
 * goes around the end of the view in a setting.
 */
function ask({ schema, identifier }: Relation, sql: string): Statement {
  const standing = `to_regclass(${literal(`${quote(schema)}.${quote(identifier)}`)})`;
  return statement(`create temporary view "dwh_asked" as ${query(sql)};
select pg_catalog.set_config('dwh.asked', json_build_object(
  'same', pg_catalog.pg_get_viewdef(${standing}) = pg_catalog.pg_get_viewdef('pg_temp.dwh_asked'::regclass),
  'filled', (select c.relispopulated from pg_catalog.pg_class as c where c.oid = ${standing}),
  'indexes', (select coalesce(json_agg(i.relname order by i.relname collate "C"), '[]') from pg_catalog.pg_index as x
    join pg_catalog.pg_class as i on i.oid = x.indexrelid where x.indrelid = ${standing} and i.relname like 'dwh\\_%')
)::text, true);
drop view pg_temp."dwh_asked";
select pg_catalog.current_setting('dwh.asked')`);
}

interface Standing {
  readonly same: boolean | null;
  readonly filled: boolean | null;
  /** dwh's own, in order: a name says what it is an index of. */
  readonly indexes: readonly string[];
}

function changes([answer]: Row, relation: Relation, _sql: string, options: TableOptions): readonly string[] {
  const { same, filled, indexes } = JSON.parse(String(answer)) as Standing;
  return [
    ...(same ? [] : ['query']),
    ...(JSON.stringify(indexes) === JSON.stringify(indexNames(relation, options)) ? [] : ['list of indexes']),
    ...(filled === false ? ['state, without rows'] : []),
  ];
}

export const materializedViews: MaterializedViews = {
  renames: true,
  create: (relation, sql) => [statement(`create materialized view ${relationName(relation)} as ${query(sql)}`)],
  // Readers wait for a refresh, but for one that can tell rows apart.
  // https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html
  refresh: (relation, options) => [
    statement(`refresh materialized view ${hasUniqueIndex(options) ? 'concurrently ' : ''}${relationName(relation)}`),
  ],
  ask,
  changes,
};
