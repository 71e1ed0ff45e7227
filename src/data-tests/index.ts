// All generic data tests that need no package, by name.
import { aggregates } from './aggregates.ts';
import { acceptedValues, notNull, relationships, unique } from './built-in.ts';
import { cardinalityEquality, equality, expectAggregationEqualOther } from './comparisons.ts';
import type { DataTest } from './data-test.ts';
import {
  atLeastOne,
  expectCompoundUnique,
  expectNotNull,
  expectNull,
  expectUnique,
  expectUniqueWithinRecord,
  notConstant,
  notNullProportion,
  uniqueCombination,
} from './nulls-and-keys.ts';
import { patterns } from './patterns.ts';
import { expectRecentGroups, expectRecentRows, recency } from './recency.ts';
import { relationshipsWhere } from './relationships-where.ts';
import {
  equalRowcount,
  expectRowCountBetween,
  expectRowCountEqual,
  expectRowCountEqualOther,
  expectRowCountEqualOtherTimes,
  fewerRowsThan,
  rowCountAtLeast,
  rowCountBetween,
  rowCountEquals,
} from './row-counts.ts';
import {
  acceptedRange,
  expectBetween,
  expectConsistentCasing,
  expectLengthBetween,
  expectLengthEqual,
  expectPairEqual,
  expectPairGreater,
  expressionIsTrue,
  notEmptyString,
} from './row-expressions.ts';
import { monotoneTests, mutuallyExclusiveRanges, sequentialValues } from './sequences.ts';
import {
  expectDistinctContainSet,
  expectDistinctEqualSet,
  expectDistinctInSet,
  expectInSet,
  expectMostCommonInSet,
  expectNotInSet,
  expectPairInSet,
  notAcceptedValues,
} from './sets.ts';
import { tableShape } from './table-shape.ts';

export { checkArguments, type DataTest, type DataTestTask } from './data-test.ts';

export interface Family {
  readonly title: string;
  readonly tests: readonly DataTest[];
}

export const families: readonly Family[] = [
  { title: "dbt's own", tests: [unique, notNull, acceptedValues, relationships] },
  { title: 'Row counts', tests: [rowCountEquals, rowCountAtLeast, rowCountBetween] },
  {
    title: 'As in dbt_utils',
    tests: [
      acceptedRange,
      atLeastOne,
      cardinalityEquality,
      equalRowcount,
      equality,
      expressionIsTrue,
      fewerRowsThan,
      mutuallyExclusiveRanges,
      notAcceptedValues,
      notConstant,
      notEmptyString,
      notNullProportion,
      recency,
      relationshipsWhere,
      sequentialValues,
      uniqueCombination,
    ],
  },
  {
    title: 'As in dbt_expectations: tables',
    tests: [
      expectRowCountEqual,
      expectRowCountBetween,
      expectRowCountEqualOther,
      expectRowCountEqualOtherTimes,
      expectAggregationEqualOther,
      expectRecentRows,
      expectRecentGroups,
      ...tableShape,
    ],
  },
  {
    title: 'As in dbt_expectations: values of a column',
    tests: [
      expectNotNull,
      expectNull,
      expectUnique,
      expectInSet,
      expectNotInSet,
      expectBetween,
      expectLengthBetween,
      expectLengthEqual,
      expectConsistentCasing,
      ...monotoneTests,
      ...patterns,
    ],
  },
  {
    title: 'As in dbt_expectations: aggregates and sets',
    tests: [...aggregates, expectDistinctInSet, expectDistinctContainSet, expectDistinctEqualSet, expectMostCommonInSet],
  },
  {
    title: 'As in dbt_expectations: several columns',
    tests: [expectPairEqual, expectPairGreater, expectPairInSet, expectCompoundUnique, expectUniqueWithinRecord],
  },
];

export const dataTests: ReadonlyMap<string, DataTest> = new Map(families.flatMap(({ tests }) => tests).map((test) => [test.name, test]));
