// On any text at all: an answer and no exception, and trees whose nodes are where they say.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check, children, type Node, type Statement, tokenize } from '../../../src/lint/redshift/index.ts';
import { cases } from './support.ts';

const test = suite('lint redshift: any text');
const statements = [...cases('accepted'), ...cases('refused')].map(({ sql }) => sql);
const pieces = [...new Set(statements.flatMap((sql) => tokenize(sql).map(({ text }) => text)))].filter((text) => text.length < 40);

/** Places are within the text, errors carry what the server says, and `refused` is what the findings are. */
function answers(sql: string): void {
  for (const { start, end, findings, refused, tree } of check(sql)) {
    assert.ok(start >= 0 && start < end && end <= sql.length);
    assert.is(
      refused,
      findings.some(({ severity }) => severity === 'error'),
    );
    assert.ok(tree || refused, 'what is not understood is refused');
    for (const { offset, line, column, message, says, sqlstate } of findings) {
      assert.ok(offset >= start && offset <= end, `${offset} is not in ${start}…${end}`);
      const before = sql.slice(0, offset).split('\n');
      assert.is(line, before.length);
      assert.is(column, (before.at(-1)?.length ?? 0) + 1);
      assert.ok(message && says && sqlstate);
    }
  }
}

test('random text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), answers), { numRuns: 500 });
});

test('random words, numbers, literals and operators of SQL', () => {
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(' '));
  fc.assert(fc.property(text, answers), { numRuns: 1500 });
});

test('statements with tokens dropped, doubled, swapped and replaced', () => {
  const mutation = fc.record({
    at: fc.nat(200),
    how: fc.constantFrom('drop', 'double', 'swap', 'replace', 'cut'),
    with: fc.constantFrom(...pieces),
  });
  fc.assert(
    fc.property(fc.constantFrom(...statements), fc.array(mutation, { minLength: 1, maxLength: 4 }), (sql, mutations) => {
      const texts = tokenize(sql).map(({ text }) => text);
      for (const { at, how, with: other } of mutations) {
        const i = at % Math.max(texts.length, 1);
        const here = texts[i] ?? '';
        if (how === 'drop') texts.splice(i, 1);
        else if (how === 'double') texts.splice(i, 0, here, ' ');
        else if (how === 'swap') texts.splice(i, 2, texts[i + 1] ?? '', here);
        else if (how === 'replace') texts.splice(i, 1, other);
        else texts.splice(i);
      }
      answers(texts.join(''));
    }),
    { numRuns: 3000 },
  );
});

test('nesting of any kind, ten thousand deep, and ten thousand of anything', () => {
  const many = 10_000;
  for (const [open, inner, close] of [
    ['select (', '1', ')'],
    ['select not ', 'a', ''],
    ['select - ', 'a', ''],
    ['select * from (', 't', ')'],
    ['select f(', '1', ')'],
    ['select case when a then ', '1', ' end'],
    ['select 1 where a in (select a from t where ', 'a', ')'],
    ['with a as (', 'select 1', ') select 1'],
    ['explain ', 'select 1', ''],
    ['select 1 group by rollup(', 'a', ')'],
    ['select sum(a) over (order by ', 'a', ')'],
    ['create table t (a array<', 'int', '>)'],
    ['create table t (a national ', 'char', ')'],
  ] as const) {
    const [head = '', ...repeated] = open.split(/(?<= )/);
    const part = repeated.join('') || head;
    answers(`${head}${part.repeat(many)}${inner}${close.repeat(many)}`);
  }
  for (const text of [
    `select 1${' + 1'.repeat(many)}`,
    `select a${'.b'.repeat(many)}`,
    `select a${'[0]'.repeat(many)}`,
    `select 1 ${';'.repeat(many)}`,
  ])
    answers(text);
});

/** Every node begins and ends at a token, within its parent. */
function wellPlaced(sql: string, root: Statement): void {
  const tokens = tokenize(sql);
  const starts = new Set(tokens.map(({ start }) => start));
  const ends = new Set(tokens.map(({ end }) => end));
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const shown = `${node.kind} '${sql.slice(node.start, node.end)}' in ${sql}`;
    assert.ok(starts.has(node.start), `where it begins: ${shown}`);
    assert.ok(ends.has(node.end), `where it ends: ${shown}`);
    for (const child of children(node)) {
      assert.ok(
        child.start >= node.start && child.end <= node.end,
        `${child.kind} '${sql.slice(child.start, child.end)}' is out of ${shown}`,
      );
      stack.push(child);
    }
  }
}

test('nodes begin and end at tokens, within their parents', () => {
  for (const { sql } of cases('accepted'))
    for (const { tree } of check(sql)) {
      assert.ok(tree, sql);
      if (tree) wellPlaced(sql, tree);
    }
});

test.run();
