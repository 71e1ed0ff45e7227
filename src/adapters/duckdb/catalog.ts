// What stands in schemas, by DuckDB's own table functions. https://duckdb.org/docs/stable/sql/meta/duckdb_table_functions
import { statement } from '../../core/statement.ts';
import type { CatalogQuestions } from '../catalog.ts';

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

type Places = Parameters<CatalogQuestions['relations']>[0];
const within = (places: Places): string =>
  places
    .map(({ database, schema }) => {
      const name = database === undefined ? 'current_database()' : text(database.toLowerCase());
      return `(lower(database_name) = lower(${name}) and lower(schema_name) = ${text(schema.toLowerCase())})`;
    })
    .join(' or ');

export const catalog: CatalogQuestions = {
  relations: (places) =>
    statement(`select database_name, schema_name, name, type, comment, null from (
  select database_name, schema_name, table_name as name, 'BASE TABLE' as type, comment from duckdb_tables()
  union all
  select database_name, schema_name, view_name, 'VIEW', comment from duckdb_views()
) where ${within(places)} order by 1, 2, 3`),
  columns: (places) =>
    statement(`select database_name, schema_name, table_name, column_name, column_index, data_type, comment
from duckdb_columns() where ${within(places)} order by 1, 2, 3, 5`),
};
