// Objects that a warehouse reads by itself: the prefixes that name them where there is no manifest, and what is grouped.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ListedFile } from '../../src/core/copy.ts';
import { inBinaryOrder } from '../../src/loading/list.ts';
import { groupObjects, manifestOf, prefixesOf } from '../../src/loading/object-groups.ts';

const test = suite('loading: object groups');

const FOLDER = 's3://b/in/';
const fileOf = (key: string): ListedFile => ({ key, location: key, size: 1, mark: '' });
const filesOf = (keys: Iterable<string>): readonly ListedFile[] => inBinaryOrder([...new Set(keys)].map(fileOf));

/** Few letters, so that keys begin alike; one of two UTF-16 units, its first unit's neighbour, and one that sorts between them in bytes only. */
const letter = fc.constantFrom('a', 'b', '/', '\u{1f600}', '\u{1f601}', '\uffff', ' ', '%');
const keys = fc.array(
  fc.array(letter, { maxLength: 6 }).map((letters) => `${FOLDER}${letters.join('')}`),
  { minLength: 1, maxLength: 14 },
);

test('prefixes begin all that is wanted, each once, and no other; there are none only where a place goes on behind another', () => {
  fc.assert(
    fc.property(keys, fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }), (all, chosen) => {
      const listed = filesOf(all);
      const wanted = listed.filter((_, index) => chosen[index]);
      const found = prefixesOf(wanted, listed, FOLDER);
      const others = listed.filter((file) => !wanted.includes(file));
      if (!found) {
        assert.ok(wanted.some(({ key }) => others.some((other) => other.key.startsWith(key))));
        return;
      }
      assert.equal(
        found.flatMap(({ files }) => files),
        wanted,
      );
      for (const { prefix, files } of found) {
        assert.equal(
          listed.filter(({ key }) => key.startsWith(prefix)),
          files,
        );
        assert.ok(prefix.startsWith(FOLDER));
        // Cut within a character, it would name another one.
        assert.is(Buffer.from(prefix).toString(), prefix);
      }
    }),
    { numRuns: 3000 },
  );
});

test('an object that is named itself is named whole: what lies beside it was not listed', () => {
  const listed = filesOf(['s3://b/in']);
  assert.equal(
    prefixesOf(listed, listed, FOLDER)?.map(({ prefix }) => prefix),
    ['s3://b/in'],
  );
  const both = filesOf(['s3://b/in', 's3://b/in/a', 's3://b/in/b']);
  assert.equal(
    prefixesOf(both.slice(1), both, FOLDER)?.map(({ prefix }) => prefix),
    [FOLDER],
  );
  assert.is(prefixesOf(both, both, FOLDER), undefined);
});

test('each object is in one group, with those that are packed alike and fill the same columns; a manifest names each by its key', () => {
  const packing = (key: string): string | undefined => (key.endsWith('b') ? 'gzip' : undefined);
  fc.assert(
    fc.property(keys, (all) => {
      const files = filesOf(all);
      const groups = groupObjects(files, packing, ({ key }) => [{ name: key.includes('%') ? 'x' : 'y', type: 'text' }]);
      assert.equal(groups.flatMap((group) => group.files).toSorted(byKey), [...files].toSorted(byKey));
      for (const { files: some, packed, columns } of groups)
        assert.ok(some.every(({ key }) => packing(key) === packed && (columns[0]?.name === 'x') === key.includes('%')));
      assert.is(new Set(groups.map(({ packed, columns }) => `${packed} ${columns[0]?.name}`)).size, groups.length);
      const { entries } = JSON.parse(manifestOf(files)) as { readonly entries: readonly { readonly url: string }[] };
      assert.equal(
        entries.map(({ url }) => url),
        files.map(({ key }) => key),
      );
    }),
    { numRuns: 300 },
  );
});

const byKey = (a: ListedFile, b: ListedFile): number => (a.key < b.key ? -1 : 1);

test.run();
