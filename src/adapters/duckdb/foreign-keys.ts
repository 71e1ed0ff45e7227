// Tables that refer to another: a foreign key cannot be dropped alone, so the table goes, with its rows put aside, and comes
// back as it was. https://duckdb.org/docs/stable/sql/meta/duckdb_table_functions#duckdb_constraints
import type { Relation } from '../../core/relation.ts';
import { type Row, type Statement, statement } from '../../core/statement.ts';
import type { ForeignKey } from '../dependents.ts';
import { quote, relationName } from '../sql.ts';

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** [schema, name, its DDL], each behind those that it refers to. A foreign key is within one schema here. */
export const foreignKeysSql = ({ database, schema, identifier }: Relation): Statement => {
  const place = `database_name = ${database === undefined ? 'current_database()' : text(database)} and schema_name = ${text(schema)}`;
  return statement(`with recursive keys as (
  select table_name, referenced_table from duckdb_constraints() where constraint_type = 'FOREIGN KEY' and ${place} and lower(table_name) <> lower(referenced_table)
), bound as (
  select table_name, 1 as depth from keys where lower(referenced_table) = lower(${text(identifier)})
  union
  select keys.table_name, bound.depth + 1 from keys join bound on lower(keys.referenced_table) = lower(bound.table_name) where bound.depth < 100
)
select t.schema_name, t.table_name, t.sql from (select table_name, max(depth) as depth from bound group by 1) as b
join duckdb_tables() as t on t.table_name = b.table_name and t.${place.replace(' and schema_name', ' and t.schema_name')} order by b.depth, t.table_name`);
};

export function foreignKeyOf([schema, name, ddl]: Row, database: string | undefined): ForeignKey {
  const table: Relation = { ...(database !== undefined && { database }), schema: String(schema), identifier: String(name) };
  const kept: Relation = { ...table, identifier: `${table.identifier}__dwh_kept` };
  const [own, aside] = [relationName(table), relationName(kept)];
  return {
    table,
    release: [statement(`create table ${aside} as select * from ${own}`), statement(`drop table ${own}`)],
    restore: [
      statement(placed(String(ddl), own)),
      statement(`insert into ${own} select * from ${aside}`),
      statement(`drop table ${aside}`),
    ],
    restoreUnchecked: [statement(`alter table ${aside} rename to ${quote(table.identifier)}`)],
  };
}

/** The DDL names the table as briefly as it can. */
const placed = (ddl: string, name: string): string =>
  ddl.replace(/^(create\s+table\s+)(?:(?:"(?:[^"]|"")*"|[^\s("]+)+)/i, (_, create: string) => `${create}${name}`).replace(/;\s*$/, '');
