import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { differenceLines, PLAIN_DIFFERENCE } from '../../../src/core/difference-text.ts';
import { type Cells, differenceOf } from '../../../src/engine/unit-tests/difference.ts';

const test = suite('engine: differences of a unit test');

const lines = (columns: readonly string[], expected: readonly Cells[], actual: readonly Cells[]): readonly string[] => {
  const difference = differenceOf(columns, expected, actual);
  return difference ? differenceLines(difference, PLAIN_DIFFERENCE) : [];
};

test('rows are a bag: the order says nothing, and how often a row is there does', () => {
  const [a, b] = [
    ['1', 'a'],
    ['2', null],
  ] as const;
  assert.equal(lines(['id', 'name'], [a, b, a], [b, a, a]), []);
  assert.equal(lines(['id', 'name'], [a, a], [a]), ['@@ ,id,name', '   ,1 ,a', '---,1 ,a']);
  // A text that is empty is not NULL.
  assert.equal(lines(['id', 'name'], [b], [['2', '']]), ['@@ ,id,name', '→  ,2 ,NULL→']);
});

test('a row is paired with the one that has most in common with it, and first what stands first', () => {
  assert.equal(
    lines(
      ['id', 'kind', 'amount'],
      [
        ['1', 'x', '10'],
        ['2', 'x', '20'],
        ['10', 'y', '30'],
        ['11', 'z', '40'],
      ],
      [
        ['2', 'x', '10'],
        ['10', 'q', '31'],
        ['1', 'x', '11'],
        ['7', 'w', '5'],
      ],
    ),
    ['@@ ,id,kind,amount', '→  ,1 ,x   ,10→11', '→  ,2 ,x   ,20→10', '+++,7 ,w   ,5', '→  ,10,y→q ,30→31', '---,11,z   ,40'],
  );
});

test('of rows that are the same only the neighbours of others are shown', () => {
  const rows = (count: number): string[][] => Array.from({ length: count }, (_, index) => [String(index), 'v']);
  const changed = rows(9).map((row) => (row[0] === '4' ? ['4', 'w'] : row));
  assert.equal(lines(['id', 'v'], rows(9), changed), ['@@ ,id ,v', '...,...,...', '   ,3  ,v', '→  ,4  ,v→w', '   ,5  ,v', '...,...,...']);
});

test('a wide table shows the columns in which something differs, and its first; values never break a line', () => {
  const columns = ['id', 'a', 'b', 'c'];
  const difference = differenceOf(columns, [['1', 'long long', 'x\ny', 'same']], [['1', 'long long', 'z', 'same']]);
  if (!difference) throw new Error('they differ');
  const look = {
    ...PLAIN_DIFFERENCE,
    separator: ' | ',
    width: 20,
    expected: (text: string) => `<${text}>`,
    actual: (text: string) => `{${text}}`,
  };
  assert.equal(differenceLines(difference, look), ['@@  | id | b', '→   | 1  | <x\\ny>→{z}', 'nothing differs in: a, c']);
  assert.equal(differenceLines(difference, { ...look, width: 80, maxCell: 4 }), [
    '@@  | id | a    | b      | c',
    '→   | 1  | lon… | <x\\ny>→{z} | same',
  ]);
});

const cell = fc.option(fc.constantFrom('a', 'b', '1', '10', ''), { nil: null });
const table = fc.array(fc.tuple(cell, cell, cell), { maxLength: 8 });

test('property: nothing is said of equal bags, and else each row that is too many or too few on exactly one line', () => {
  fc.assert(
    fc.property(table, table, fc.infiniteStream(fc.nat()), (expected, actual, order) => {
      const shuffled = [...expected].map((row) => ({ row, key: order.next().value ?? 0 })).sort((a, b) => a.key - b.key);
      assert.is(
        differenceOf(
          ['a', 'b', 'c'],
          expected,
          shuffled.map(({ row }) => row),
        ),
        undefined,
      );
      const difference = differenceOf(['a', 'b', 'c'], expected, actual);
      const count = (rows: readonly Cells[]): Map<string, number> => {
        const counts = new Map<string, number>();
        for (const row of rows) counts.set(JSON.stringify(row), (counts.get(JSON.stringify(row)) ?? 0) + 1);
        return counts;
      };
      const [wanted, found] = [count(expected), count(actual)];
      const left = (one: Map<string, number>, other: Map<string, number>): string[] =>
        [...one].flatMap(([key, many]) => Array<string>(Math.max(0, many - (other.get(key) ?? 0))).fill(key)).sort();
      const shown = (difference?.rows ?? []).filter(({ kind }) => kind !== 'same' && kind !== 'gap');
      const side = (which: 'expected' | 'actual'): string[] =>
        shown.flatMap((row) => (row[which] ? [JSON.stringify(row[which])] : [])).sort();
      assert.equal(side('expected'), left(wanted, found));
      assert.equal(side('actual'), left(found, wanted));
    }),
    { numRuns: 300 },
  );
});

test.run();
