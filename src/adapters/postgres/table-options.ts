// What a node's config says of its table beyond the columns: `unlogged` and `indexes`, as in dbt.
// https://docs.getdbt.com/reference/resource-configs/postgres-configs
import type { ConfigReader } from '../../core/config-reader.ts';
import type { Relation } from '../../core/relation.ts';
import { type Statement, statement } from '../../core/statement.ts';
import { type Index, indexName, readIndexes } from '../indexes.ts';
import type { TableOptions } from '../table-options.ts';

interface PostgresTableOptions {
  readonly unlogged: boolean;
  readonly indexes: readonly Index[];
}

const own = (options: TableOptions | undefined): PostgresTableOptions => {
  const { unlogged = false, indexes = [] } = (options ?? {}) as Partial<PostgresTableOptions>;
  return { unlogged, indexes };
};

export function tableOptions(config: ConfigReader): TableOptions {
  const options: PostgresTableOptions = { unlogged: config.boolean('unlogged') ?? false, indexes: readIndexes(config, { typed: true }) };
  return { ...options };
}

export const isUnlogged = (options: TableOptions | undefined): boolean => own(options).unlogged;

/** One that identifies rows: rows can be exchanged while others read. */
export const hasUniqueIndex = (options: TableOptions): boolean => own(options).indexes.some(({ unique }) => unique);

/** In order. */
export const indexNames = (relation: Relation, options: TableOptions): readonly string[] =>
  [...new Set(own(options).indexes.map((index) => indexName(relation, index)))].sort();

/** The indexes of a table that is made as `made` and will be called `relation`: built beside, named in the publication. */
export function indexStatements(
  made: Relation,
  relation: Relation,
  options: TableOptions | undefined,
  names: { quote(name: string): string; relationName(relation: Relation): string },
): { readonly stage: readonly Statement[]; readonly publish: readonly Statement[] } {
  const { quote, relationName } = names;
  const stage: Statement[] = [];
  const publish: Statement[] = [];
  for (const index of own(options).indexes) {
    const name = indexName(relation, index);
    const beside = `${name}_next`;
    const columns = index.columns.map(quote).join(', ');
    const using = index.type === undefined ? '' : ` using ${quote(index.type)}`;
    stage.push(statement(`create ${index.unique ? 'unique ' : ''}index ${quote(beside)} on ${relationName(made)}${using} (${columns})`));
    publish.push(statement(`alter index ${relationName({ ...relation, identifier: beside })} rename to ${quote(name)}`));
  }
  return { stage, publish };
}
