// Functions of users, in SQL: their arguments have types and no names, and the body calls them $1, $2, … How volatile one is has
// to be said. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_FUNCTION.html
import { statement } from '../../core/statement.ts';
import type { Functions } from '../functions.ts';
import { dollarQuoted } from '../postgres/functions.ts';
import { relationName } from '../sql.ts';

export const functions: Functions = {
  types: ['scalar'],
  haveDefaults: false,
  create: ({ relation, arguments: parameters, returns, volatility, body }) =>
    statement(
      [
        `create or replace function ${relationName(relation)}(${parameters.map(({ data_type }) => data_type).join(', ')})`,
        `returns ${returns}`,
        volatility ?? 'volatile',
        `as ${dollarQuoted(body)} language sql`,
      ].join('\n'),
    ),
};
