// What stands in schemas, by Postgres' own catalogue. https://www.postgresql.org/docs/current/catalogs.html
import { statement } from '../../core/statement.ts';
import type { CatalogQuestions } from '../catalog.ts';
import { literal } from './literal.ts';

const schemasOf = (places: readonly { readonly schema: string }[]): string =>
  [...new Set(places.map(({ schema }) => literal(schema)))].join(', ');

export const catalog: CatalogQuestions = {
  relations: (places) =>
    statement(`select current_database()::text, n.nspname::text, c.relname::text,
  case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'BASE TABLE' end,
  pg_catalog.obj_description(c.oid, 'pg_class'), pg_catalog.pg_get_userbyid(c.relowner)::text
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname in (${schemasOf(places)}) and c.relkind in ('r', 'v', 'f', 'p', 'm') order by 2, 3`),
  columns: (places) =>
    statement(`select current_database()::text, n.nspname::text, c.relname::text, a.attname::text, a.attnum::int,
  pg_catalog.format_type(a.atttypid, a.atttypmod), pg_catalog.col_description(c.oid, a.attnum)
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname in (${schemasOf(places)}) and c.relkind in ('r', 'v', 'f', 'p', 'm') order by 2, 3, 5`),
};
