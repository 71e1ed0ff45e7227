// Materialized views of Redshift. They are neither renamed nor altered: a changed one is dropped and made again.
// https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html, .../r_ALTER_MATERIALIZED_VIEW.html
import type { Relation } from '../../core/relation.ts';
import { type Statement, statement } from '../../core/statement.ts';
import { isTrivia, tokenize } from '../../lint/redshift/tokens.ts';
import type { MaterializedViews } from '../materialized-views.ts';
import { query, relationName } from '../sql.ts';
import type { TableOptions } from '../table-options.ts';
import { literal } from './literal.ts';
import { attributes, autoRefresh } from './table-options.ts';

const createText = (relation: Relation, sql: string, options: TableOptions): string =>
  `create materialized view ${relationName(relation)}${attributes(options)}${autoRefresh(options)} as ${query(sql)}`;

/** The words of a text, without blanks, comments and the semicolon at its end. */
const wordsOf = (sql: string): readonly string[] =>
  tokenize(sql)
    .filter((token) => !isTrivia(token))
    .map(({ kind, text, value }) => (kind === 'word' ? value : text))
    .filter((text, index, all) => text !== ';' || index < all.length - 1);

/** The catalogue keeps the statement. https://docs.aws.amazon.com/redshift/latest/dg/r_PG_VIEWS.html */
const ask = ({ schema, identifier }: Relation): Statement =>
  statement(
    `select definition from pg_catalog.pg_views where schemaname = ${literal(schema.toLowerCase())} and viewname = ${literal(identifier.toLowerCase())}`,
  );

export const materializedViews: MaterializedViews = {
  renames: false,
  create: (relation, sql, options) => [statement(createText(relation, sql, options))],
  refresh: (relation) => [statement(`refresh materialized view ${relationName(relation)}`)],
  ask,
  changes([definition], relation, sql, options) {
    const [before, now] = [wordsOf(String(definition)), wordsOf(createText(relation, sql, options))];
    return before.length === now.length && before.every((word, index) => word === now[index]) ? [] : ['query or configuration'];
  },
};
