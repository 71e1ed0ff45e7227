// Packing gives back what it was given: the parse cache stands on it.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packer, unpacker } from '../../src/project/pack.ts';

const test = suite('project: pack');

/** What came back, value by value. */
function through(values: readonly unknown[]): readonly unknown[] {
  const [target, source] = [packer(), unpacker()];
  return values.map((value) => {
    const packed = target.add(value);
    assert.ok(packed, 'it is plain data');
    return source.add(packed);
  });
}

/** Few keys and texts, so that parts are equal, and values change at one key of a shape. */
const key = fc.constantFrom('a', 'b', 'name', '__proto__', 'constructor', '0', 'with "quotes"', '');
const leaf = fc.oneof(
  fc.constantFrom('x', 'y', '', 'é', '\u2028', null, true, false, undefined),
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
  fc.string(),
);
const plain = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), tie('record')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  // Object.fromEntries would take __proto__ for what it says, too.
  record: fc.uniqueArray(fc.tuple(key, tie('value')), { selector: ([name]) => name, maxLength: 5 }).map((entries) => {
    const record: Record<string, unknown> = {};
    for (const [name, value] of entries)
      Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
    return record;
  }),
})).value;

/** Like JSON, but for undefined and the order of keys, which count. */
const told = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => {
    if (one === undefined) return { undefined: true };
    return typeof one === 'object' && one !== null && !Array.isArray(one) ? { entries: Object.entries(one) } : one;
  });

test('property: what is packed comes back, one value after another', () => {
  fc.assert(
    fc.property(fc.array(plain, { minLength: 1, maxLength: 4 }), (values) => {
      assert.is(told(through(values)), told(values));
    }),
    { numRuns: 500 },
  );
});

test('equal parts come back as one', () => {
  const [first, second] = through([{ a: { tags: ['x'], of: [] } }, { a: { tags: ['x'], of: [] } }]) as { a: { tags: unknown } }[];
  assert.is(first?.a, second?.a);
  assert.is(first?.a.tags, second?.a.tags);
});

test('what is not plain data is refused, also behind plain data of the same shape', () => {
  for (const value of [-0, Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, Symbol('x'), new Date(0), new Map()])
    assert.is(packer().add([{ a: 0 }, { a: value }]), undefined, String(value));
});

test.run();
