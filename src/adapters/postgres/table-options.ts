// What a node's config says of its table beyond the columns: `unlogged` and `indexes`, as in dbt.
// https://docs.getdbt.com/reference/resource-configs/postgres-configs
import { createHash } from 'node:crypto';
import type { ConfigReader } from '../../core/config-reader.ts';
import type { Relation } from '../../core/relation.ts';
import { type Statement, statement } from '../../core/statement.ts';
import type { TableOptions } from '../adapter.ts';

interface Index {
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly type: string | undefined;
}

interface PostgresTableOptions {
  readonly unlogged: boolean;
  readonly indexes: readonly Index[];
}

const own = (options: TableOptions | undefined): PostgresTableOptions => {
  const { unlogged = false, indexes = [] } = (options ?? {}) as Partial<PostgresTableOptions>;
  return { unlogged, indexes };
};

export function tableOptions(config: ConfigReader): TableOptions {
  const indexes = config.mappings('indexes').map((entry) => {
    const columns = entry.strings('columns');
    if (columns.length === 0)
      entry.problem('config-missing', "an index needs 'columns'", "Write it like this: {columns: ['id'], unique: true}", []);
    const found: Index = { columns, unique: entry.boolean('unique') ?? false, type: entry.string('type') };
    entry.reportUnread([], 'an index');
    return found;
  });
  const options: PostgresTableOptions = { unlogged: config.boolean('unlogged') ?? false, indexes };
  return { ...options };
}

export const isUnlogged = (options: TableOptions | undefined): boolean => own(options).unlogged;

/** One name for one index of one relation: an index that was built beside takes it when the table before is gone. */
function indexName({ schema, identifier }: Relation, { columns, unique, type }: Index): string {
  const hash = createHash('sha256').update(JSON.stringify([schema, identifier, columns, unique, type ?? null]));
  return `dwh_${hash.digest('hex').slice(0, 24)}`;
}

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
