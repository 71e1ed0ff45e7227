// When rows came into a table, by what the server writes down of queries: for a week, and of other users' only for those who may
// see it. Two questions, since the catalogue lies on the leader node. https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_DETAIL.html
import { statement } from '../../core/statement.ts';
import type { LastWritten } from '../catalog.ts';
import { literal } from './literal.ts';

export const lastWritten: LastWritten = {
  id: ({ schema, identifier }) =>
    statement(`select c.oid from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = ${literal(schema.toLowerCase())} and c.relname = ${literal(identifier.toLowerCase())}`),
  at: (id) => statement(`select max(start_time) from sys_query_detail where step_name = 'insert' and table_id = ${id}`),
  why: 'the server remembers for about a week when rows came, and only shows what your user may see of it (role sys:monitor)',
};
