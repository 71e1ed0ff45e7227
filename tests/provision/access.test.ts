import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  accessDocument,
  distinctPlaces,
  type Place,
  placeOf,
  principalsOf,
  sameDocument,
  trustDocument,
  untrusted,
} from '../../src/provision/access.ts';

const test = suite('clusters: what the role may read');

interface Statement {
  readonly Action: string;
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly StringLike: { readonly 's3:prefix': readonly string[] } };
}
const statements = (places: readonly Place[]): readonly Statement[] =>
  (JSON.parse(accessDocument(places, 'aws') ?? '{"Statement":[]}') as { Statement: Statement[] }).Statement;

/** As IAM compares: a star is anything. */
const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  ).test(text);
const mayGet = (places: readonly Place[], bucket: string, key: string): boolean =>
  statements(places).some(
    ({ Action, Resource }) => Action === 's3:GetObject' && [Resource].flat().some((one) => matches(one, `arn:aws:s3:::${bucket}/${key}`)),
  );
const mayList = (places: readonly Place[], bucket: string, prefix: string): boolean =>
  statements(places).some(
    ({ Action, Resource, Condition }) =>
      Action === 's3:ListBucket' &&
      Resource === `arn:aws:s3:::${bucket}` &&
      (!Condition || Condition.StringLike['s3:prefix'].some((one) => matches(one, prefix))),
  );

const word = fc.constantFrom('a', 'b', 'ab', 'log-data', 'song-data');
const place = fc.record(
  { bucket: fc.constantFrom('one', 'two'), key: fc.array(word, { maxLength: 3 }).map((parts) => parts.join('/')) },
  { noNullPrototype: true },
);

test('a folder means what is below it, and not its neighbours of the same beginning', () => {
  const places = ['s3://shop/log-data/', 's3://shop/paths.json'].flatMap((text) => placeOf(text) ?? []);
  assert.ok(mayGet(places, 'shop', 'log-data/2018/11/a.json'));
  assert.ok(mayGet(places, 'shop', 'paths.json'));
  assert.ok(mayList(places, 'shop', 'log-data/'));
  assert.not(mayGet(places, 'shop', 'log-data-71/a.json'));
  assert.not(mayGet(places, 'shop', 'salaries.csv'));
  assert.not(mayList(places, 'shop', ''));
  assert.not(mayList(places, 'other', 'log-data/'));
  assert.equal([...new Set(statements(places).map(({ Action }) => Action))], ['s3:GetObject', 's3:GetBucketLocation', 's3:ListBucket']);
});

test('what may be read is what the places name, no more and no less, however they are listed', () => {
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 5 }), place, (places, asked) => {
      const chosen = distinctPlaces(places);
      const key = `${asked.key === '' ? '' : `${asked.key}/`}x.json`;
      const named = places.some((one) => one.bucket === asked.bucket && (one.key === '' || `${key}`.startsWith(`${one.key}/`)));
      assert.is(mayGet(chosen, asked.bucket, key), named);
      assert.equal(distinctPlaces([...places].reverse()), chosen);
      for (const one of places) assert.ok(mayList(chosen, one.bucket, one.key === '' ? '' : `${one.key}/`));
    }),
    { numRuns: 300 },
  );
});

test('nothing named is nothing allowed', () => {
  assert.is(accessDocument([], 'aws'), undefined);
  assert.match(accessDocument([{ bucket: 'b', key: '' }], 'aws-cn') ?? '', /arn:aws-cn:s3:::b\/\*/);
});

test('documents are the same in whatever order their members stand', () => {
  const document = accessDocument([{ bucket: 'b', key: 'k' }], 'aws') ?? '';
  const turned = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(document) as object).reverse()), undefined, 2);
  assert.ok(sameDocument(document, turned));
  assert.not(sameDocument(document, accessDocument([{ bucket: 'b', key: 'other' }], 'aws')));
  assert.not(sameDocument(document, undefined));
});

test('who may take the role on is read from its trust policy', () => {
  const both = principalsOf({ type: 'serverless' });
  assert.equal(untrusted(trustDocument(both), both), []);
  assert.equal(untrusted(trustDocument(principalsOf({ type: 'provisioned' })), both), ['redshift-serverless.amazonaws.com']);
  const denied = JSON.stringify({
    Statement: { Effect: 'Deny', Principal: { Service: 'redshift.amazonaws.com' }, Action: 'sts:AssumeRole' },
  });
  assert.equal(untrusted(denied, ['redshift.amazonaws.com']), ['redshift.amazonaws.com']);
  assert.equal(untrusted(JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }] }), ['x']), ['x']);
});

test.run();
