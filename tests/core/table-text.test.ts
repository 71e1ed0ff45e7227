import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cutText, oneLine, rowsAsObjects, tableText, textWidth } from '../../src/core/table-text.ts';

const test = suite('core: rows as text');

test('columns are aligned, numbers to the right', () => {
  assert.equal(
    tableText(
      ['id', 'name'],
      [
        [1, 'Ada'],
        [200n, 'Ğ'],
        [null, null],
      ],
    ),
    [' id | name', '----+-----', '  1 | Ada', '200 | Ğ', '    |'],
  );
});

test('no rows: the header alone', () => assert.equal(tableText(['a', 'bc'], []), ['a | bc', '--+---']));

test('values of every kind', () => {
  const cells = [true, 1.5, 12n, 'x', new Uint8Array([1, 255]), [1n, 'a', null], { a: [2n], b: { c: false } }];
  assert.is(
    tableText(
      cells.map((_, index) => String(index)),
      [cells],
    )[2],
    'true | 1.5 | 12 | x | \\x01ff | [1,"a",null] | {"a":[2],"b":{"c":false}}',
  );
});

test('wide characters take two cells, combining ones none', () => {
  assert.is(textWidth('abc'), 3);
  assert.is(textWidth('日本'), 4);
  assert.is(textWidth('e\u0301'), 1);
  assert.is(textWidth('🎵'), 2);
});

test('JSON holds every integer', () => {
  assert.equal(rowsAsObjects(['a', 'b', 'c'], [[1n, 9007199254740993n, null]]), [{ a: 1, b: '9007199254740993', c: null }]);
});

test('cut text is never wider than asked for, and short text is left alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, width) => {
      const cut = cutText(text, width);
      assert.ok(textWidth(cut) <= width);
      if (textWidth(text) <= width) assert.is(cut, text);
    }),
    { numRuns: 500 },
  );
});

test('every line of a table is as wide as its rule or narrower, and free of control characters', () => {
  const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(null), fc.bigInt());
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), (rows) => {
      const lines = tableText(['a', 'b'], rows);
      for (const line of lines) {
        assert.ok(textWidth(line) <= textWidth(lines[1] ?? ''));
        assert.not.match(line, /\p{Cc}/u);
      }
    }),
    { numRuns: 300 },
  );
});

test('one line shows control characters as what they are', () => assert.is(oneLine('a\n\tb\x1b[31m'), 'a\\n\\tb\\x1b[31m'));

test.run();
