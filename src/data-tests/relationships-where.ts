// relationships with a condition on either side.
import { optional, relation, required, sql } from './arguments.ts';
import { orphans } from './built-in.ts';
import { dataTest } from './data-test.ts';

export const relationshipsWhere = dataTest({
  name: 'relationships_where',
  summary:
    'every value of the rows that meet `from_condition` is there in the column `field` of the rows of `to` that meet `to_condition`; NULLs are not compared',
  arguments: { to: required(relation), field: required(sql), from_condition: optional(sql), to_condition: optional(sql) },
  example: { to: "ref('customers')", field: 'id', from_condition: "status <> 'test'" },
  query: ({ model, column, given }) =>
    orphans(
      { model, column, ...(given.from_condition !== undefined && { condition: given.from_condition }) },
      { model: given.to, column: given.field, ...(given.to_condition !== undefined && { condition: given.to_condition }) },
    ),
});
