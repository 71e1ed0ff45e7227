// What a node's config says of its table beyond the columns: `indexes`, as in dbt-duckdb.
// https://duckdb.org/docs/stable/sql/indexes
import type { ConfigReader } from '../../core/config-reader.ts';
import type { Relation } from '../../core/relation.ts';
import { type Statement, statement } from '../../core/statement.ts';
import { type Index, indexName, readIndexes } from '../indexes.ts';
import { quote, relationName } from '../sql.ts';
import type { TableOptions } from '../table-options.ts';

/** Of dbt-duckdb's merge: what becomes of rows would be another. */
const OTHER_MERGES = [
  'merge_clauses',
  'merge_on_using_columns',
  'merge_update_condition',
  'merge_insert_condition',
  'merge_update_set_expressions',
  'merge_returning_columns',
];

export function tableOptions(config: ConfigReader): TableOptions {
  const strategy = config.string('incremental_strategy');
  for (const key of config.string('materialized') === 'incremental' && strategy === 'merge' ? OTHER_MERGES : []) {
    if (config.has(key))
      config.problem(
        'config-unsupported',
        `'${key}' is not supported: dwh's merge updates the columns of rows that match, and inserts the others`,
        "Say it in the query, or write a strategy of the project's own: a macro get_incremental_…_sql",
        [key],
      );
  }
  return { indexes: readIndexes(config, { typed: false }) };
}

/** A table that has one cannot be renamed, so they are made when it has its name. https://duckdb.org/docs/stable/sql/statements/alter_table */
export const indexStatements = (relation: Relation, options: TableOptions): readonly Statement[] =>
  ((options.indexes ?? []) as readonly Index[]).map((index) => {
    const columns = index.columns.map(quote).join(', ');
    const name = quote(indexName(relation, index));
    return statement(`create ${index.unique ? 'unique ' : ''}index if not exists ${name} on ${relationName(relation)} (${columns})`);
  });
