// quoting: a name that is not to be quoted is the one that the warehouse makes of it. dwh writes all names in quotes, so
// that is the name which a node has from the start. https://docs.getdbt.com/reference/project-configs/quoting
import type { Dialect } from '../adapters/dialect.ts';
import { isMapping } from '../core/config-reader.ts';
import type { Relation } from '../core/relation.ts';

/** What each level says, the nearest last: quoting of the project file, of a source, of a table. As in dbt, a node's config says nothing. */
export function placed(relation: Relation, levels: readonly unknown[], { unquoted }: Pick<Dialect, 'unquoted'>): Relation {
  const name = (part: keyof Relation, written: string): string => {
    const said = levels.flatMap((level) => (isMapping(level) && typeof level[part] === 'boolean' ? [level[part]] : []));
    return said.at(-1) === false ? unquoted(written) : written;
  };
  const { database, schema, identifier } = relation;
  return {
    ...(database !== undefined && { database: name('database', database) }),
    schema: name('schema', schema),
    identifier: name('identifier', identifier),
  };
}
