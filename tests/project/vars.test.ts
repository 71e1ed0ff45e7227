import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { varsOf } from '../../src/project/vars.ts';

const test = suite('project: vars');

const vars = varsOf(
  { given: 'cli', a: 'cli' },
  new Map<string, Readonly<Record<string, unknown>>>([
    ['shop', { a: 'global', b: 'global', c: 'global', shop: { b: 'scoped' }, tools: { c: 'for tools' } }],
    ['tools', { c: 'own', d: 'own', tools: { d: 'own scoped' } }],
  ]),
);

test('--vars come first, then the root project’s for the package, its global ones, the package’s own', () => {
  assert.is(vars.find('a', 'shop'), 'cli');
  assert.is(vars.find('b', 'shop'), 'scoped');
  assert.is(vars.find('b', 'tools'), 'global');
  assert.is(vars.find('c', 'tools'), 'for tools');
  assert.is(vars.find('c', 'shop'), 'global');
  assert.is(vars.find('d', 'tools'), 'own scoped');
  assert.is(vars.find('d', 'shop'), undefined);
  assert.is(vars.find('toString', 'shop'), undefined);
});

test('names for "did you mean" leave out the packages’ own mappings', () => {
  assert.equal([...vars.names('shop')].sort(), ['a', 'b', 'c', 'given']);
});

test.run();
