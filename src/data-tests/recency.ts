// How old the newest row is. The clock is the warehouse's, in the session's time zone.
import type { Dialect } from '../adapters/dialect.ts';
import { flag, integer, otherwise, required, sql, sqlList } from './arguments.ts';
import { dataTest } from './data-test.ts';
import { datepart, grouped, interval, listed, rowCondition, where } from './fragments.ts';

const age = { datepart: required(datepart), interval: required(integer) };

const cutoff = (given: { readonly interval: number; readonly datepart: string }, dialect: Dialect): string =>
  `${dialect.currentTimestamp} - ${interval(given.interval, given.datepart)}`;

const timestamp = (field: string): string => `cast(${field} as timestamp)`;

export const recency = dataTest({
  name: 'recency',
  summary: 'the newest `field` is no older than `interval` dateparts, in each group; an empty table passes (see at_least_one)',
  on: 'model',
  arguments: {
    field: required(sql),
    ...age,
    ignore_time_component: otherwise(false, flag),
    group_by_columns: otherwise<readonly string[]>([], sqlList),
  },
  example: { field: 'loaded_at', datepart: 'day', interval: 1 },
  query: ({ model, given }, dialect) => {
    const day = (value: string): string => (given.ignore_time_component ? `cast(${value} as date)` : value);
    const newest = day(`max(${timestamp(given.field)})`);
    const limit = day(cutoff(given, dialect));
    return `select ${listed(given.group_by_columns)}${newest} as most_recent, ${limit} as threshold\nfrom ${model}${grouped(given.group_by_columns)}\nhaving ${newest} < ${limit}`;
  },
});

export const expectRecentRows = dataTest({
  name: 'expect_row_values_to_have_recent_data',
  summary: 'the newest value that is not in the future is no older than `interval` dateparts; no such value fails',
  arguments: { ...age, ...rowCondition },
  example: { datepart: 'day', interval: 1 },
  query: ({ model, column, given }, dialect) => {
    const newest = `max(${timestamp(column)})`;
    return `select ${newest} as most_recent\nfrom ${model}${where(`${timestamp(column)} <= ${dialect.currentTimestamp}`, given.row_condition)}\nhaving ${newest} is null or ${newest} < ${cutoff(given, dialect)}`;
  },
});

export const expectRecentGroups = dataTest({
  name: 'expect_grouped_row_values_to_have_recent_data',
  summary:
    'in each group the newest `timestamp_column` that is not in the future is no older than `interval` dateparts; no group at all fails',
  on: 'model',
  arguments: { group_by: required(sqlList), timestamp_column: required(sql), ...age, ...rowCondition },
  example: { group_by: ['store'], timestamp_column: 'sold_at', datepart: 'day', interval: 1 },
  query: ({ model, given }, dialect) => {
    const stamp = timestamp(given.timestamp_column);
    const nulls = given.group_by.map(() => 'null, ').join('');
    return `with latest as (
  select ${listed(given.group_by)}max(${stamp}) as most_recent
  from ${model}${where(`${stamp} <= ${dialect.currentTimestamp}`, given.row_condition)}${grouped(given.group_by)}
)
select * from latest where most_recent < ${cutoff(given, dialect)}
union all
select ${nulls}null from (select count(*) as group_count from latest) as counted where group_count = 0`;
  },
});
