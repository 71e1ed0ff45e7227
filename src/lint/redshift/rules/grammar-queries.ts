// What queries and expressions of PostgreSQL and others have and Redshift's grammar has not.
import { type Rule, refusal, syntax } from './rule.ts';

const select = 'r_SELECT_synopsis';
const from = 'r_FROM_clause30';
const absent = 'c_unsupported-postgresql-features';
const window = 'r_Window_function_synopsis';
const functions = 'c_unsupported-postgresql-functions';

export const queryGrammar = {
  unrecognised: syntax('c_SQL_commands', 'This is no SQL that the grammar of Redshift knows.'),
  'reserved-word': syntax('r_pg_keywords', 'This word is reserved and cannot be a name as it stands.', 'Put the name in double quotes.'),
  unterminated: syntax('r_Literals', 'A literal, a quoted name or a comment has no end, or is of a kind that Redshift does not have.'),
  'too-deep': refusal('54001', 'stack depth limit exceeded', select, 'Expressions or subqueries are nested too deep.'),

  'distinct-on': refusal(
    '0A000',
    'SELECT DISTINCT ON is not supported',
    select,
    'There is no DISTINCT ON.',
    'Number the rows: qualify row_number() over (partition by … order by …) = 1.',
  ),
  'filter-clause': {
    ...syntax('c_Aggregate_Functions', 'Aggregates have no FILTER clause.', 'Put the condition inside: sum(case when … then … end).'),
    says: 'syntax error at or near "("',
  },
  lateral: syntax(from, 'There is no LATERAL.', 'Join a subquery that groups by the key, or a window function.'),
  'values-list': syntax(absent, 'A list of VALUES is no table.', 'Select the rows with union all.'),
  'is-distinct-from': syntax(
    functions,
    'There is no IS DISTINCT FROM.',
    'Write (a = b or (a is null and b is null)), or the negation of it.',
  ),
  'window-clause': syntax(window, 'There is no WINDOW clause, and no window by name.', 'Write each window in its OVER ( ).'),
  'frame-mode': syntax(window, 'Frames are counted in ROWS; there is no RANGE and no GROUPS.', 'Write the frame with ROWS.'),
  'frame-exclude': syntax(window, 'A frame has no EXCLUDE.'),
  tablesample: syntax(from, 'There is no TABLESAMPLE.', 'Filter by random() < 0.1.'),
  'fetch-first': syntax('r_ORDER_BY_clause', 'There is no FETCH FIRST.', 'Write limit n.'),
  'limit-comma': refusal(
    '42601',
    'LIMIT #,# syntax is not supported',
    'r_ORDER_BY_clause',
    'LIMIT takes one number.',
    'Write limit … offset ….',
  ),
  'for-update': syntax(select, 'A query locks no rows.', 'Lock the table first, in the same transaction.'),
  only: syntax(from, 'There is no inheritance, so there is no ONLY.', 'Leave out ONLY.'),
  'with-ordinality': syntax(from, 'There is no WITH ORDINALITY.', 'Number the rows by row_number().'),
  'cte-materialized': syntax('r_WITH_clause', 'A WITH query says nothing of MATERIALIZED.', 'Leave the words out.'),
  'cte-search': syntax('r_WITH_clause', 'A recursive query has no SEARCH and no CYCLE clause.'),
  'modifying-cte': syntax(
    'r_WITH_clause',
    'A WITH query is a SELECT; it changes nothing.',
    'Run the statements one after the other, in one transaction.',
  ),
  'intersect-all': refusal('0A000', 'INTERSECT/EXCEPT ALL is not supported', 'r_UNION', 'INTERSECT, EXCEPT and MINUS take no ALL.'),
  'set-distinct': syntax(
    'r_UNION',
    'UNION without ALL gives distinct rows already; the word DISTINCT is not known here.',
    'Leave out DISTINCT.',
  ),
  'order-using': syntax('r_ORDER_BY_clause', 'ORDER BY has no USING.', 'Write asc or desc.'),
  'group-distinct': syntax('r_GROUP_BY_clause', 'GROUP BY has no DISTINCT.'),

  'array-constructor': syntax(absent, 'There are no arrays.', 'For a SUPER array write array(1, 2), with parentheses.'),
  'row-constructor': syntax(absent, 'There is no ROW( ).', 'Compare the columns one by one, or write (a, b) in (select …).'),
  'any-array': syntax(functions, 'ANY and ALL take a subquery, no array and no list.', 'Write in ( … ).'),
  'like-any': syntax(
    'r_patternmatching_condition_like',
    'LIKE takes one pattern.',
    'Write like … or like …, or a regular expression with ~.',
  ),
  placeholder: syntax('c_SQL_commands', 'A parameter is written $1.'),
  'collate-expression': syntax('r_COLLATE', 'In an expression COLLATE is a function.', "Write collate(text, 'case_insensitive')."),
  'named-argument': syntax('r_CALL_procedure', 'Arguments have no names.', 'Give them in their order.'),
  'variadic-argument': syntax('r_CREATE_FUNCTION', 'There are no VARIADIC arguments.'),
  'aggregate-order': syntax(
    'c_Aggregate_Functions',
    'An aggregate has no ORDER BY between its parentheses.',
    'Write listagg(…) within group (order by …).',
  ),
  'between-symmetric': syntax('r_range_condition', 'BETWEEN has no SYMMETRIC.', 'Write between least(a, b) and greatest(a, b).'),
  overlay: syntax(functions, 'There is no OVERLAY.', 'Join the parts: substring(…) || … || substring(…).'),
  'is-json': syntax('r_null_condition', 'There is no IS JSON.', 'Write is_valid_json(text).'),
  'is-document': syntax('r_null_condition', 'This is no test that IS knows.', 'IS takes null, true, false and unknown.'),
} as const satisfies Readonly<Record<string, Rule>>;
