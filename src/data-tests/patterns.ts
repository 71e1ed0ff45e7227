// Texts and the patterns they match: SQL's like, and regular expressions in the warehouse's own dialect.
import type { Dialect } from '../adapters/dialect.ts';
import { choice, flag, otherwise, required, text, textList } from './arguments.ts';
import { type DataTest, dataTest } from './data-test.ts';
import { among, rowCondition } from './fragments.ts';

/** `is_raw` is dbt_expectations' way to escape a pattern for warehouses that need it; here a pattern always arrives as written. */
const regexOptions = { is_raw: otherwise(false, flag), flags: otherwise('', choice('', 'i')), ...rowCondition };
const matchOn = { match_on: otherwise('any', choice('any', 'all')) };

type Match = (column: string, pattern: string, flags: '' | 'i', dialect: Dialect) => string;
const like: Match = (column, pattern, _, dialect) => `${column} like ${dialect.literal(pattern)}`;
const notLike: Match = (column, pattern, _, dialect) => `${column} not like ${dialect.literal(pattern)}`;
const regex: Match = (column, pattern, flags, dialect) => dialect.regexMatches(column, dialect.literal(pattern), flags);
const notRegex: Match = (column, pattern, flags, dialect) => `not (${regex(column, pattern, flags, dialect)})`;

const onePattern = (name: string, summary: string, match: Match): DataTest =>
  dataTest({
    name,
    summary,
    arguments: { like_pattern: required(text), ...rowCondition },
    example: { like_pattern: '%@%' },
    badRows: ({ column, given }, dialect) => among(given.row_condition, `not (${match(column, given.like_pattern, '', dialect)})`),
  });

const oneRegex = (name: string, summary: string, match: Match): DataTest =>
  dataTest({
    name,
    summary,
    arguments: { regex: required(text), ...regexOptions },
    example: { regex: '^[A-Z]{2}$', flags: 'i' },
    badRows: ({ column, given }, dialect) => among(given.row_condition, `not (${match(column, given.regex, given.flags, dialect)})`),
  });

const joined = (conditions: readonly string[], on: 'any' | 'all'): string =>
  conditions.map((one) => `(${one})`).join(on === 'all' ? ' and ' : ' or ');

const patternList = (name: string, summary: string, match: Match): DataTest =>
  dataTest({
    name,
    summary,
    arguments: { like_pattern_list: required(textList), ...matchOn, ...rowCondition },
    example: { like_pattern_list: ['%@%', '%&%'] },
    badRows: ({ column, given }, dialect) => {
      const matches = given.like_pattern_list.map((pattern) => match(column, pattern, '', dialect));
      return among(given.row_condition, `not (${joined(matches, given.match_on)})`);
    },
  });

const regexList = (name: string, summary: string, match: Match): DataTest =>
  dataTest({
    name,
    summary,
    arguments: { regex_list: required(textList), ...matchOn, ...regexOptions },
    example: { regex_list: ['^A', '^B'] },
    badRows: ({ column, given }, dialect) => {
      const matches = given.regex_list.map((pattern) => match(column, pattern, given.flags, dialect));
      return among(given.row_condition, `not (${joined(matches, given.match_on)})`);
    },
  });

const matchesAny = 'any of the patterns (all of them with `match_on: all`)';
const matchesNot = 'at least one of the patterns (with `match_on: all`: each of them)';

export const patterns: readonly DataTest[] = [
  onePattern('expect_column_values_to_match_like_pattern', 'every text is like the pattern; NULLs pass', like),
  onePattern('expect_column_values_to_not_match_like_pattern', 'no text is like the pattern', notLike),
  patternList('expect_column_values_to_match_like_pattern_list', `every text is like ${matchesAny}; NULLs pass`, like),
  patternList('expect_column_values_to_not_match_like_pattern_list', `every text is unlike ${matchesNot}; NULLs pass`, notLike),
  oneRegex(
    'expect_column_values_to_match_regex',
    'every text has a match of the regular expression somewhere; NULLs pass. `flags: i` ignores case',
    regex,
  ),
  oneRegex('expect_column_values_to_not_match_regex', 'no text has a match of the regular expression', notRegex),
  regexList('expect_column_values_to_match_regex_list', `every text matches ${matchesAny}; NULLs pass`, regex),
  regexList('expect_column_values_to_not_match_regex_list', `every text fails to match ${matchesNot}; NULLs pass`, notRegex),
];
