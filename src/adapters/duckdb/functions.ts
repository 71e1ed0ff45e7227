// Functions of users: macros, whose parameters have no types in files of the usual storage version. What comes out has its type.
// https://duckdb.org/docs/stable/sql/statements/create_macro
import { statement } from '../../core/statement.ts';
import type { FunctionDefinition, Functions } from '../functions.ts';
import { query, quote, relationName } from '../sql.ts';

const parameter = ({ name, default_value }: FunctionDefinition['arguments'][number]): string =>
  default_value === null ? quote(name) : `${quote(name)} := ${default_value}`;

export const functions: Functions = {
  types: ['scalar', 'table'],
  haveDefaults: true,
  create({ relation, type, arguments: parameters, returns, body }) {
    const value = type === 'table' ? `table ${query(body)}` : `cast(${query(body)} as ${returns})`;
    return statement(`create or replace macro ${relationName(relation)}(${parameters.map(parameter).join(', ')}) as ${value}`);
  },
};
