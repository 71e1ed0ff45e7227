import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Config, mergeConfig, misspelt } from '../../src/project/config-rules.ts';

const test = suite('project: config rules');

test('tags, hooks and packages add up; a single text is a list of one', () => {
  assert.equal(mergeConfig({ tags: ['a'] }, { tags: 'b' }).tags, ['a', 'b']);
  assert.equal(mergeConfig({ 'pre-hook': ['x'] }, { pre_hook: 'y' })['pre-hook'], ['x', 'y']);
  assert.equal(mergeConfig({}, { post_hook: ['x'] }), { 'post-hook': ['x'] });
});

test('meta and its like merge key by key, the nearer key wins', () => {
  assert.equal(mergeConfig({ meta: { a: 1, b: 2 } }, { meta: { b: 3 } }).meta, { a: 1, b: 3 });
  assert.equal(mergeConfig({ column_types: { a: 'int' } }, { column_types: { b: 'text' } }).column_types, { a: 'int', b: 'text' });
  assert.equal(
    mergeConfig({ persist_docs: { relation: true } }, { persist_docs: { columns: true } }).persist_docs,
    { columns: true },
    'not this one',
  );
});

test('grants replace a privilege, and extend it with a plus sign', () => {
  const farther = { grants: { select: ['a'], insert: 'b' } };
  assert.equal(mergeConfig(farther, { grants: { select: ['c'] } }).grants, { select: ['c'], insert: 'b' });
  assert.equal(mergeConfig(farther, { grants: { '+select': 'c' } }).grants, { select: ['a', 'c'], insert: 'b' });
});

test('everything else replaces', () => {
  assert.equal(mergeConfig({ unique_key: ['a'], materialized: 'view' }, { unique_key: 'b' }), { unique_key: 'b', materialized: 'view' });
});

test('what a template made text of is a truth value or a number again, where the config is one', () => {
  const text = {
    enabled: 'True',
    full_refresh: 'false',
    store_failures: 'maybe',
    limit: '10',
    alias: 'true',
    docs: { show: 'False', node_color: 'red' },
  };
  assert.equal(mergeConfig({}, text), {
    enabled: true,
    full_refresh: false,
    store_failures: 'maybe',
    limit: 10,
    alias: 'true',
    docs: { show: false, node_color: 'red' },
  });
});

const configs = fc.record(
  {
    tags: fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 3 })),
    meta: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer(), { maxKeys: 3 }),
    materialized: fc.constantFrom('view', 'table'),
    'pre-hook': fc.array(fc.string(), { maxLength: 2 }),
    schema: fc.option(fc.string()),
  },
  { requiredKeys: [] },
);

test('merging is associative and never changes its inputs', () => {
  fc.assert(
    fc.property(configs, configs, configs, (a: Config, b: Config, c: Config) => {
      const before = JSON.stringify([a, b, c]);
      const listed = mergeConfig({ tags: [], 'pre-hook': [] }, a);
      assert.equal(mergeConfig(mergeConfig(listed, b), c), mergeConfig(listed, mergeConfig(mergeConfig({}, b), c)));
      assert.is(JSON.stringify([a, b, c]), before);
    }),
    { numRuns: 300 },
  );
});

test('a key within two letters of a known one is probably a slip, any other is the user’s own', () => {
  assert.is(misspelt('models', 'materialised'), 'materialized');
  assert.is(misspelt('models', 'unqiue_key'), 'unique_key');
  assert.is(misspelt('data_tests', 'severty'), 'severity');
  assert.is(misspelt('models', 'my_own_key'), undefined);
  assert.is(misspelt('models', 'materialized'), undefined);
  assert.is(misspelt('models', 'abc'), undefined);
});

test.run();
