// Aggregates and window functions.
import { page } from '../../rules/rule.ts';
import { type Signature, signatures } from './signature.ts';

export const aggregateFunctions: readonly Signature[] = [
  ...signatures(
    'aggregate',
    page('c_Aggregate_Functions'),
    `
    any_value(any) same
    avg(number) number
    bit_and(any) same
    bit_or(any) same
    bool_and(boolean) boolean
    bool_or(boolean) boolean
    count(any) integer
    grouping(any) integer
    grouping_id(any…) integer
    max(any) same
    min(any) same
    stddev(number) number
    stddev_pop(number) number
    stddev_samp(number) number
    sum(number) number
    var_pop(number) number
    var_samp(number) number
    variance(number) number
    `,
  ),
  ...signatures(
    'sorted',
    page('c_SQL_functions_compute_node_only'),
    `
    listagg(any, text?) text
    median(any) number
    percentile_cont(number) number
    percentile_disc(number) number
    `,
  ),
  ...signatures(
    'aggregate',
    page('hyperloglog-functions'),
    `
    hll(any) integer
    hll_combine(sketch) sketch
    hll_create_sketch(any) sketch
    `,
  ),
  ...signatures(
    'scalar',
    page('hyperloglog-functions'),
    `
    hll_cardinality(sketch) integer
    hll_combine_sketches(sketch, sketch) sketch
    `,
  ),
  ...signatures(
    'window',
    page('c_Window_functions'),
    `
    cume_dist() number
    dense_rank() integer
    first_value(any) same
    lag(any, integer?) same
    last_value(any) same
    lead(any, integer?) same
    nth_value(any, integer) same
    ntile(integer) integer
    percent_rank() number
    rank() integer
    ratio_to_report(number) number
    row_number() integer
    `,
  ),
];
