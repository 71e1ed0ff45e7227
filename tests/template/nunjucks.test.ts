// What the template language uses of nunjucks' insides is there, as it expects it; the version is pinned.
import { readFileSync } from 'node:fs';
import lexer from 'nunjucks/src/lexer.js';
import nodes from 'nunjucks/src/nodes.js';
import nunjucks from 'nunjucks/src/parser.js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('template: the contract with nunjucks');

test('the version is pinned exactly', () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  assert.is(dependencies.nunjucks, '3.2.4');
});

test('a tokenizer keeps its text, its length and its index', () => {
  const tokens = lexer.lex('a {{ b }}');
  assert.equal([tokens.str, tokens.len, tokens.index], ['a {{ b }}', 9, 0]);
  assert.equal(tokens.nextToken(), { type: lexer.TOKEN_DATA, value: 'a ', lineno: 0, colno: 0 });
  assert.type(tokens.constructor, 'function');
});

test('the parser reads one token ahead through `peeked`, and finds the methods that are overridden', () => {
  const parser = new nunjucks.Parser(lexer.lex('{{ a or b }}'));
  assert.is(parser.peeked, null);
  assert.is(parser.peekToken(), parser.peeked);
  assert.is(parser.breakOnBlocks, null);
  for (const method of [
    'nextToken',
    'fail',
    'skipSymbol',
    'parseOr',
    'parseAnd',
    'parseNot',
    'parseIn',
    'parseExpression',
    'parseInlineIf',
    'parseNodes',
    'parseStatement',
  ]) {
    assert.type(Reflect.get(parser, method), 'function', method);
  }
});

test('or, and, not: a node takes its place and its fields in order, and knows its name', () => {
  const made = ['And', 'Or', 'Not'].map((name) => {
    const Made = nodes[name];
    const node = Made ? (new Made(3, 0, 'left', 'right') as object) : {};
    return [Reflect.get(node, 'typename'), Object.entries(node)];
  });
  const place = [
    ['lineno', 3],
    ['colno', 0],
  ];
  const both = [...place, ['left', 'left'], ['right', 'right']];
  assert.equal(made, [
    ['And', both],
    ['Or', both],
    ['Not', [...place, ['target', 'left']]],
  ]);
});

test.run();
