// What the warehouses answer when they are asked for comments.
import type { Shop } from './shop.ts';

const one = async (shop: Shop, sql: string): Promise<string | null> => (await shop.rows(sql))[0]?.[0] ?? null;

export const relationComment =
  (warehouse: string) =>
  (shop: Shop, relation: string): Promise<string | null> =>
    one(
      shop,
      warehouse === 'duckdb'
        ? `select comment from (select table_name as name, comment from duckdb_tables() union all select view_name, comment from duckdb_views()) where name = '${relation}'`
        : `select d.description from pg_description as d join pg_class as c on c.oid = d.objoid join pg_namespace as n on n.oid = c.relnamespace where n.nspname = 'analytics' and c.relname = '${relation}' and d.objsubid = 0`,
    );

/** Of those columns that have one. */
export const columnComments =
  (warehouse: string) =>
  async (shop: Shop, relation: string): Promise<Readonly<Record<string, string | null>>> =>
    Object.fromEntries(
      (
        await shop.rows(
          warehouse === 'duckdb'
            ? `select column_name, comment from duckdb_columns() where table_name = '${relation}' and comment is not null`
            : `select a.attname, d.description from pg_description as d join pg_class as c on c.oid = d.objoid join pg_namespace as n on n.oid = c.relnamespace join pg_attribute as a on a.attrelid = c.oid and a.attnum = d.objsubid where n.nspname = 'analytics' and c.relname = '${relation}'`,
        )
      ).map(([name, comment]) => [String(name), comment ?? null]),
    );
