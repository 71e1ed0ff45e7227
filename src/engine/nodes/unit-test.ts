// A unit test: the rows that its model's query makes of the given ones, and those that it should make. Both are asked of the
// warehouse, so that their values are spelt alike, and nothing is made in it. https://docs.getdbt.com/docs/build/unit-tests

import { differenceLines, PLAIN_DIFFERENCE } from '../../core/difference-text.ts';
import type { RowDifference } from '../../core/event.ts';
import type { UnitTestNode } from '../../core/node.ts';
import { type Result, statement, type Value } from '../../core/statement.ts';
import { valueText } from '../../core/table-text.ts';
import type { Compiled } from '../compile.ts';
import type { Run } from '../run.ts';
import { compileUnitTest, expectedQuery, testedModel, unended } from '../unit-tests/compile.ts';
import { type Cells, differenceOf } from '../unit-tests/difference.ts';
import type { Outcome, Runner } from './runner.ts';

export function unitTestRunner(run: Run, node: UnitTestNode): Runner {
  let compiled: Awaited<ReturnType<typeof compileUnitTest>> | undefined;
  return {
    compiled: (): Compiled | undefined => compiled,
    async stage(session) {
      compiled = await compileUnitTest(run, node, session);
      run.files.writeCompiled(node, compiled.sql);
      return undefined;
    },
    async publish(session): Promise<Outcome> {
      const sql = unended(compiled?.sql ?? '');
      const header = testedModel(run, node).config.sql_header;
      if (typeof header === 'string') await session.run(statement(header));
      const actual = await session.run(statement(sql));
      const warnings = compiled?.warnings ?? [];
      // --dry-run: there are none to compare.
      if (session.prints) return { status: 'pass', failures: 0, adapterResponse: {}, warnings };
      const { columns, sql: wanted } = await expectedQuery(run, node, actual.columns, session);
      const expected = await session.run(statement(wanted));
      const places = columns.map(({ name }) => actual.columns.findIndex((column) => column.name === name));
      const cells = ({ rows }: Result, places: readonly number[]): readonly Cells[] =>
        rows.map((row) => columns.map(({ type }, index) => cellText(row[places[index] ?? -1] ?? null, type)));
      const difference = differenceOf(
        columns.map(({ name }) => name),
        cells(
          expected,
          columns.map((_, index) => index),
        ),
        cells(actual, places),
      );
      const adapterResponse = run.dialect.selected(actual.rows.length + expected.rows.length);
      if (!difference) return { status: 'pass', failures: 0, adapterResponse, warnings };
      const words = ['actual differs from expected:', '', ...differenceLines(difference, PLAIN_DIFFERENCE)];
      return {
        status: 'fail',
        failures: 1,
        message: `\n\n${words.join('\n')}\n`,
        adapterResponse,
        warnings,
        difference,
        problem: { code: 'unit-test-failed', message: summary(difference), at: node.at },
      };
    },
    async discard() {},
  };
}

function summary({ rows }: RowDifference): string {
  const count = (kind: string, one: string, many: string): readonly string[] => {
    const found = rows.filter((row) => row.kind === kind).length;
    return found === 0 ? [] : [`${found} ${found === 1 ? one : many}`];
  };
  const parts = [
    ...count('changed', 'row has other values', 'rows have other values'),
    ...count('missing', 'expected row is missing', 'expected rows are missing'),
    ...count('unexpected', 'row is not expected', 'rows are not expected'),
  ];
  return `actual differs from expected: ${parts.join(', ')}`;
}

/** Documents are equal when what they say is, however it is spaced and in whatever order; decimals, when their values are. */
function cellText(value: Value, type: string): string | null {
  if (value === null) return null;
  if (/^(json|jsonb|super)$/i.test(type) && typeof value === 'string') {
    try {
      return JSON.stringify(JSON.parse(value), (_, item: unknown) => inOrder(item));
    } catch {
      return value;
    }
  }
  const shown = valueText(value);
  return /^(numeric|decimal)/i.test(type) && shown.includes('.') ? shown.replace(/\.?0+$/, '') : shown;
}

const inOrder = (item: unknown): unknown =>
  typeof item === 'object' && item !== null && !Array.isArray(item)
    ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
    : item;
