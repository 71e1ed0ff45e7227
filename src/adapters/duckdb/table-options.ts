// What a node's config says of its table beyond the columns: `indexes`, as in dbt-duckdb.
// https://duckdb.org/docs/stable/sql/indexes
import type { ConfigReader } from '../../core/config-reader.ts';
import type { Relation } from '../../core/relation.ts';
import { type Statement, statement } from '../../core/statement.ts';
import { type Index, indexName, readIndexes } from '../indexes.ts';
import { quote, relationName } from '../sql.ts';
import type { TableOptions } from '../table-options.ts';

export const tableOptions = (config: ConfigReader): TableOptions => ({ indexes: readIndexes(config, { typed: false }) });

/** A table that has one cannot be renamed, so they are made when it has its name. https://duckdb.org/docs/stable/sql/statements/alter_table */
export const indexStatements = (relation: Relation, options: TableOptions): readonly Statement[] =>
  ((options.indexes ?? []) as readonly Index[]).map((index) => {
    const columns = index.columns.map(quote).join(', ');
    const name = quote(indexName(relation, index));
    return statement(`create ${index.unique ? 'unique ' : ''}index if not exists ${name} on ${relationName(relation)} (${columns})`);
  });
