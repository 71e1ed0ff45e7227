// What the grammar takes and Redshift refuses all the same: in queries, functions, and what runs where.
import { type Rule, refusal } from './rule.ts';

const functions = 'c_SQL_functions';
const correlated = 'r_correlated_subqueries';
const correlatedText = 'This type of correlated subquery pattern is not supported due to internal error';
const withClause = 'r_WITH_clause';
const window = 'r_Window_function_synopsis';
const notOnTables = 'Specified types or functions (one per INFO message) not supported on Redshift tables.';

export const queryRules = {
  'unknown-function': refusal('42883', 'function {call} does not exist', functions, 'Redshift has no function {name}.'),
  'function-arguments': refusal('42883', 'function {call} does not exist', functions, '{name} takes {takes}.'),
  'argument-type': refusal(
    '42883',
    'function {call} does not exist',
    functions,
    '{name} does not take {family} there.',
    'Cast the argument.',
  ),
  'date-part': refusal(
    '22023',
    'timestamp units "{name}" not recognized',
    'r_Dateparts_for_datetime_functions',
    '“{name}” is no part of a date that Redshift knows.',
  ),
  'window-needs-over': refusal(
    '42809',
    '{name} requires an OVER clause',
    'c_Window_functions',
    '{name} is a window function: it needs OVER ( ).',
  ),
  'over-not-window': refusal('42809', '{name} is not a window function', 'c_Window_functions', '{name} cannot be used with OVER ( ).'),
  'window-needs-frame': refusal(
    '42601',
    'Aggregate window functions with an ORDER BY clause require a frame clause',
    window,
    '{name} over an ORDER BY needs its frame spelt out.',
    'Add rows between unbounded preceding and current row (or the frame you mean).',
  ),
  'window-no-frame': refusal(
    '42601',
    '{name} does not take a frame clause',
    window,
    '{name} ranks or looks at single rows: it takes no frame.',
  ),
  'window-needs-order': refusal('42601', '{name} requires an ORDER BY clause', 'r_WF_LAG', '{name} needs ORDER BY in its window.'),
  'window-distinct': refusal(
    '0A000',
    'DISTINCT is not supported for window functions',
    window,
    '{name} with DISTINCT is no window function.',
    'Count in a subquery that groups, and join it.',
  ),
  'window-constant': refusal(
    '0A000',
    'constant expressions are not supported in partition by clauses and in order by clauses of window functions',
    window,
    'A window is partitioned and ordered by columns, not by constants.',
  ),
  'window-frame-order': refusal('42P20', 'frame starting from {from} cannot end with {to}', window, 'The frame ends before it starts.'),
  'window-place': refusal(
    '42P20',
    'window functions not allowed in {clause} clause',
    'c_Window_functions',
    'Window functions stand in the select list, in ORDER BY and in QUALIFY.',
    'Use QUALIFY, or compute it in a subquery.',
  ),
  'within-group-needed': refusal('42809', '{name} requires WITHIN GROUP', 'r_PERCENTILE_CONT', '{name} needs WITHIN GROUP (ORDER BY …).'),
  'within-group-order': refusal(
    '0A000',
    'within group ORDER BY clauses for aggregate functions must be the same',
    'r_LISTAGG',
    'Aggregates that sort must sort alike within one SELECT.',
    'Compute them in subqueries of their own and join those.',
  ),
  'within-group-unknown': refusal(
    '42809',
    '{name} is not an ordered-set aggregate function',
    'c_Aggregate_Functions',
    '{name} takes no WITHIN GROUP.',
  ),

  'leader-function': refusal(
    '0A000',
    notOnTables,
    'c_SQL_functions_leader_node_only',
    '{name} runs on the leader node only, so not together with tables.',
  ),
  'catalog-function': refusal(
    '42883',
    'function {call} does not exist',
    'c_sql-functions-leader-node',
    '{name} works on the catalogs’ own columns only.',
  ),
  'leader-catalog': refusal(
    '0A000',
    notOnTables,
    'c_sql-functions-leader-node',
    '{name} lies on the leader node only and is not joined with tables, nor written to one.',
    'Read the catalog in a query of its own.',
  ),
  'compute-function': refusal(
    '0A000',
    'One or more of the used functions must be applied on at least one user created table.',
    'c_SQL_functions_compute_node_only',
    '{name} runs on the compute nodes only: it needs a table of yours.',
  ),

  'correlated-limit': refusal(
    'XX000',
    correlatedText,
    correlated,
    'A subquery that looks at the outer query has no LIMIT.',
    'Number the rows in a joined subquery and take the first.',
  ),
  'correlated-window': refusal(
    'XX000',
    correlatedText,
    correlated,
    'A subquery that looks at the outer query has no window function.',
    'Compute it in a joined subquery.',
  ),
  'correlated-skip': refusal(
    'XX000',
    correlatedText,
    correlated,
    'A subquery looks at the query around it, not over that one’s head.',
    'Join instead.',
  ),
  'correlated-on': refusal(
    'XX000',
    correlatedText,
    correlated,
    'A subquery in the condition of an outer join does not look at the outer query.',
    'Join a subquery that groups.',
  ),
  'correlated-or': refusal(
    'XX000',
    correlatedText,
    correlated,
    'A subquery that looks at the outer query does not stand under OR.',
    'Join, or write two queries and union them.',
  ),
  'correlated-group': refusal(
    'XX000',
    correlatedText,
    correlated,
    'Nothing is grouped by the result of a subquery that looks at the outer query.',
    'Compute it in a subquery and group that.',
  ),

  'recursive-columns': refusal(
    '42601',
    'recursive query "{name}" must have a column list',
    withClause,
    'A recursive WITH query needs its list of columns.',
    'Write {name}(a, b) as ( … ).',
  ),
  'recursive-union': refusal(
    '42601',
    'recursive query "{name}" must be a UNION ALL of two parts',
    withClause,
    'A recursive WITH query is one SELECT, UNION ALL, and one SELECT that reads it.',
  ),
  'recursive-tail': refusal(
    '0A000',
    'ORDER BY and LIMIT are not supported in a recursive query',
    withClause,
    'The recursive part has no ORDER BY and no LIMIT.',
    'Order and limit the outer query.',
  ),
  'recursive-subquery': refusal(
    '0A000',
    'WITH RECURSIVE is not supported in a subquery',
    withClause,
    'WITH RECURSIVE stands at the beginning of the statement only.',
  ),
  'nested-with': {
    ...refusal(
      '0A000',
      'WITH clause inside a WITH clause subquery is not supported',
      withClause,
      'A WITH query has no WITH of its own.',
      'Put its queries before it, in the one WITH.',
    ),
    doubtful: true,
  },
  'set-limit': refusal(
    '0A000',
    'LIMIT may not be used within input to set operations.',
    'r_UNION',
    'A query that is joined by UNION, INTERSECT or EXCEPT has no LIMIT.',
    'Wrap it: select * from (select … limit n).',
  ),
  'top-and-limit': refusal('42601', 'multiple LIMIT clauses not allowed', 'r_SELECT_list', 'TOP and LIMIT do not go together.'),
  'qualify-window': refusal(
    '42601',
    'QUALIFY requires at least one window function',
    'r_QUALIFY_clause',
    'QUALIFY filters by a window function, in itself or in the select list.',
    'Use WHERE or HAVING.',
  ),
  'select-into-place': refusal(
    '42601',
    'SELECT INTO is not allowed here',
    'r_SELECT_INTO',
    'SELECT INTO stands at the top of a statement only.',
  ),
  'outer-mark': refusal(
    '42601',
    'the (+) operator cannot be used with ANSI joins',
    'r_WHERE_oracle_outer',
    '(+) does not go together with JOIN in one query.',
    'Write left join … on.',
  ),
  'outer-mark-or': refusal(
    '0A000',
    'Outer join operator (+) not allowed in operand of OR or IN.',
    'r_WHERE_oracle_outer',
    '(+) does not stand under OR and IN.',
    'Write left join … on.',
  ),
  'outer-mark-twice': refusal(
    '0A000',
    'A table may be outer joined to at most one other table.',
    'r_WHERE_oracle_outer',
    'The (+) of {name} stands in joins with two other tables.',
    'Write left join … on.',
  ),
  'connect-by-prior': refusal(
    '42601',
    'CONNECT BY requires a condition with PRIOR',
    'r_CONNECT_BY_clause',
    'CONNECT BY needs at least one condition with PRIOR.',
  ),
  'no-operator': refusal(
    '42883',
    'operator does not exist: {call}',
    'r_OPERATOR_SYMBOLS',
    'This operator is none of Redshift’s.',
    'For JSON: json_extract_path_text, or a SUPER value and its dots and brackets.',
  ),
  'no-row-operator': refusal(
    '0A000',
    'row comparison is not supported',
    'r_comparison_condition',
    'A row ( … , … ) is compared by = and <> and by IN, and is no value else.',
  ),
  'duplicate-cte': refusal(
    '42712',
    'WITH query name "{name}" specified more than once',
    withClause,
    'Two WITH queries have the name {name}.',
  ),
  'duplicate-alias': refusal(
    '42712',
    'table name "{name}" specified more than once',
    'r_FROM_clause30',
    'Two relations in FROM have the name {name}.',
    'Give one of them another alias.',
  ),
} as const satisfies Readonly<Record<string, Rule>>;
