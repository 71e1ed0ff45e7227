// The config `indexes`: what a warehouse that has indexes gives a table. https://docs.getdbt.com/reference/resource-configs/postgres-configs
import { createHash } from 'node:crypto';
import type { ConfigReader } from '../core/config-reader.ts';
import type { Relation } from '../core/relation.ts';

export interface Index {
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly type: string | undefined;
}

/** `typed`: an index may be of one of several types. */
export function readIndexes(config: ConfigReader, { typed }: { readonly typed: boolean }): readonly Index[] {
  return config.mappings('indexes').map((entry) => {
    const columns = entry.strings('columns');
    if (columns.length === 0)
      entry.problem('config-missing', "an index needs 'columns'", "Write it like this: {columns: ['id'], unique: true}", []);
    const found: Index = { columns, unique: entry.boolean('unique') ?? false, type: typed ? entry.string('type') : undefined };
    entry.reportUnread([], 'an index');
    return found;
  });
}

/** One name for one index of one relation: an index of the table before had it, too. */
export function indexName({ schema, identifier }: Relation, { columns, unique, type }: Index): string {
  const hash = createHash('sha256').update(JSON.stringify([schema, identifier, columns, unique, type ?? null]));
  return `dwh_${hash.digest('hex').slice(0, 24)}`;
}
