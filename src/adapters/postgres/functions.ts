// Functions of users, in SQL. https://www.postgresql.org/docs/current/sql-createfunction.html
import { statement } from '../../core/statement.ts';
import type { FunctionDefinition, Functions } from '../functions.ts';
import { quote, relationName, unended } from '../sql.ts';
import { unquoted } from './unquoted.ts';

/** Between marks that do not stand in it. */
export function dollarQuoted(body: string): string {
  let mark = '$$';
  for (let n = 1; body.includes(mark); n++) mark = `$body${n}$`;
  return `${mark}\n${unended(body)}\n${mark}`;
}

/** The name as the body has it, without quotes. */
const parameter = ({ name, data_type, default_value }: FunctionDefinition['arguments'][number]): string =>
  `${quote(unquoted(name))} ${data_type}${default_value === null ? '' : ` default ${default_value}`}`;

export const functions: Functions = {
  // What a table function returns is written as Postgres has it: table (id integer), or setof integer.
  types: ['scalar', 'table'],
  haveDefaults: true,
  create: ({ relation, arguments: parameters, returns, volatility, body }) =>
    statement(
      [
        `create or replace function ${relationName(relation)}(${parameters.map(parameter).join(', ')})`,
        `returns ${returns}`,
        ...(volatility ? [volatility] : []),
        `language sql as ${dollarQuoted(body)}`,
      ].join('\n'),
    ),
};
