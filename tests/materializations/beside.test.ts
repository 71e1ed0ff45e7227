import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Dialect } from '../../src/adapters/dialect.ts';
import { duckdbDialect } from '../../src/adapters/duckdb/dialect.ts';
import { besideName, besideNames } from '../../src/materializations/index.ts';

const test = suite('materializations: the names of what stands beside');

/** As Postgres has it. */
const short: Dialect = { ...duckdbDialect, maxIdentifierBytes: 63 };
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 70 });

test('a short name stays readable, in its own schema', () => {
  assert.equal(besideName({ database: 'dwh', schema: 'marts', identifier: 'orders' }, 'next', short), {
    database: 'dwh',
    schema: 'marts',
    identifier: 'orders__dwh_next',
  });
});

test('whatever the name, they fit the warehouse, and are whole characters', () => {
  fc.assert(
    fc.property(name, (identifier) => {
      for (const beside of besideNames({ schema: 'main', identifier }, short)) {
        assert.ok(Buffer.byteLength(beside.identifier) <= 63, beside.identifier);
        assert.is(Buffer.from(beside.identifier).toString(), beside.identifier);
        assert.match(beside.identifier, /__dwh_(next|stage|candidate|mark)$/);
      }
    }),
    { numRuns: 300 },
  );
});

test('two relations never share one, long or short', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 50, maxLength: 60 }), name, name, (start, one, other) => {
      fc.pre(one !== other);
      const names = [`${start}${one}`, `${start}${other}`, one, other];
      const beside = new Set(
        [...new Set(names)].flatMap((identifier) => besideNames({ schema: 'main', identifier }, short).map((place) => place.identifier)),
      );
      assert.is(beside.size, 4 * new Set(names).size);
    }),
    { numRuns: 300 },
  );
});

test.run();
