import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { textWidth } from '../../src/core/table-text.ts';
import { excerpt } from '../../src/engine/problems.ts';
import { project } from '../support/fixture.ts';

const test = suite('engine: the line of a problem');

const shown = async (line: string, column: number): Promise<readonly string[]> => {
  const shop = await project({ 'a.sql': `first\n${line}\nlast` });
  return excerpt({ file: 'a.sql', line: 2, column }, shop.dir);
};

test('has a caret below the column', async () => {
  assert.equal(await shown('select peices', 8), ['2 | select peices', '           ^']);
  assert.equal(await shown('', 1), ['2 | ', '    ^']);
  assert.equal(await shown('short', 7), ['2 | short ', '          ^']);
});

test('in wide characters the caret stands where a terminal shows the column', async () => {
  assert.equal(await shown("select '日本', x", 14), ["2 | select '日本', x", '                   ^']);
});

test('of a long line only the surroundings are shown', async () => {
  const line = `${'a, '.repeat(200)}WRONG${', b'.repeat(200)}`;
  for (const at of [0, 1, 59, 60, 61, line.indexOf('WRONG'), line.length - 61, line.length - 1]) {
    const [text = '', caret = ''] = await shown(line, at + 1);
    assert.ok(textWidth(text) <= 4 + 122, text);
    assert.is(text[caret.indexOf('^')], line[at]);
  }
  const [text, caret] = await shown(line, line.indexOf('WRONG') + 1);
  assert.match(text ?? '', /^2 \| ….*a, WRONG, b.*…$/);
  assert.is((text ?? '').indexOf('WRONG'), caret?.indexOf('^'));
});

test('a line that is not there, or longer than anyone reads, is left out', async () => {
  assert.equal(await shown('x'.repeat(3000), 5), []);
  const shop = await project({ 'a.sql': 'one' });
  assert.equal(excerpt({ file: 'a.sql', line: 7, column: 1 }, shop.dir), []);
  assert.equal(excerpt({ file: 'b.sql', line: 1, column: 1 }, shop.dir), []);
});

test.run();
