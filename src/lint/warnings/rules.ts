// What Redshift takes and one should know of: the same text has another answer elsewhere, or costs more than it need.
import { page } from '../redshift/rules/rule.ts';

export interface WarningRule {
  /** 'answer': another one on another engine, so said for all three; 'cost': on Redshift. */
  readonly about: 'answer' | 'cost';
  readonly reason: string;
  readonly rewrite: string;
  readonly url: string;
}

export const warningRules = {
  'integer-division': {
    about: 'answer',
    reason: 'Integers are divided: 7 / 2 is 3 on Redshift and Postgres, and 3.5 on DuckDB.',
    rewrite: 'Cast one side to decimal; or write floor(a / b) or trunc(a / b) where whole numbers are meant.',
    url: page('r_OPERATOR_SYMBOLS'),
  },
  'integer-average': {
    about: 'answer',
    reason: 'AVG of integers is an integer on Redshift, its fraction cut off; on Postgres and DuckDB it is not.',
    rewrite: 'Cast to decimal inside: avg(cast(x as decimal(18, 4))).',
    url: page('r_AVG'),
  },
  'concat-null': {
    about: 'answer',
    reason: 'CONCAT of a NULL is NULL on Redshift; Postgres and DuckDB pass over NULLs.',
    rewrite: "Write a || b, which is NULL everywhere, or coalesce(a, '') || coalesce(b, '').",
    url: page('r_CONCAT'),
  },
  'byte-length': {
    about: 'answer',
    reason: 'A cast to {type} cuts behind {length} bytes on Redshift, behind {length} characters on Postgres, and not at all on DuckDB.',
    rewrite: 'Cut what you mean with left(x, n), and cast to a type that is wide enough: up to 4 bytes a character.',
    url: page('r_Character_types'),
  },
  'trailing-blanks': {
    about: 'answer',
    reason: 'Blanks at the end count for nothing in this comparison on Redshift; on Postgres and DuckDB they do, but for CHAR on Postgres.',
    rewrite: 'Compare rtrim(x) with a text that has none.',
    url: page('r_Character_types'),
  },
  'unknown-literal': {
    about: 'answer',
    reason:
      'A bare text that becomes a column of a WITH query or subquery keeps the type “unknown” on Redshift, which cannot be compared or joined.',
    rewrite: 'Cast it: {text}::varchar.',
    url: page('c_Supported_data_types'),
  },
  'null-order': {
    about: 'answer',
    reason: 'Descending, NULLs come first on Redshift and Postgres, and last on DuckDB.',
    rewrite: 'Say which: desc nulls last, or desc nulls first.',
    url: page('r_ORDER_BY_clause'),
  },
  'wide-varchar': {
    about: 'cost',
    reason: '{type} is wide: queries set aside memory for the declared width, not for what is in it.',
    rewrite: 'Declare what the values need.',
    url: page('c_best-practices-smallest-column-size'),
  },
  'interleaved-key': {
    about: 'cost',
    reason: 'An interleaved sort key {why}.',
    rewrite: 'Use a compound sort key, or SORTKEY AUTO.',
    url: page('t_Sorting_data'),
  },
  'cross-join': {
    about: 'cost',
    reason: 'Nothing joins {one} and {other}: every row of one meets every row of the other, in a nested loop.',
    rewrite: 'Join on a condition of both; write cross join where this is meant.',
    url: page('c_best-practices-identifying-queries-that-are-top-candidates-for-tuning'),
  },
  'join-distribution': {
    about: 'cost',
    reason: '{one} is distributed by {how}, {other} by {otherwise}: this join has to send rows between the nodes.',
    rewrite: 'Give both a distribution key on the columns that join them, or the small one DISTSTYLE ALL.',
    url: page('c_best-practices-best-dist-key'),
  },
} as const satisfies Readonly<Record<string, WarningRule>>;

export type WarningId = keyof typeof warningRules;
