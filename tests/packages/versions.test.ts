// Versions, ranges, and the hash of a lock file, which dbt must take for its own.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { boundOf, canMeet, compareVersions, highest, type Version, versionOf } from '../../src/core/version-ranges.ts';
import { sha1Of } from '../../src/packages/lock-file.ts';
import { readPackages } from '../../src/packages/spec.ts';
import { fileScope } from '../../src/project/load.ts';
import { project, request } from '../support/fixture.ts';

const test = suite('packages: versions');

const small = fc.integer({ min: 0, max: 3 });
const version = fc
  .tuple(small, small, small, fc.constantFrom('', '-rc.1', '-rc.2', '-alpha'))
  .map(([a, b, c, pre]) => `${a}.${b}.${c}${pre}`);
function parsed(text: string): Version {
  const found = versionOf(text);
  if (!found) throw new Error(`${text} is no version`);
  return found;
}
const order = (a: string, b: string): number => Math.sign(compareVersions(parsed(a), parsed(b)));

test('the order of versions is one', () => {
  const sorted = ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '1.0.9', '1.0.10', '2.0.0'];
  for (const [i, a] of sorted.entries()) for (const [j, b] of sorted.entries()) assert.is(order(a, b), Math.sign(i - j), `${a} ${b}`);
});

test('property: what is chosen is allowed by all bounds, and nothing higher is', () => {
  const sign = fc.constantFrom('>=', '<=', '>', '<', '=', '');
  const ranges = fc.array(
    fc.tuple(sign, version).map(([one, text]) => `${one}${text}`),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(fc.array(version, { maxLength: 8 }), ranges, (versions, texts) => {
      const bounds = texts.flatMap((text) => boundOf(text) ?? []);
      const allowed = versions.filter((one) => bounds.every((bound) => bound.allows(parsed(one))));
      const chosen = highest(versions, bounds, true);
      assert.is(chosen === undefined, allowed.length === 0);
      if (chosen !== undefined) {
        assert.ok(allowed.includes(chosen));
        assert.ok(allowed.every((one) => order(one, chosen) <= 0));
        assert.ok(canMeet(bounds), texts.join(' '));
      }
    }),
    { numRuns: 500 },
  );
});

test('bounds that exclude one another', () => {
  const meets = (...texts: string[]): boolean => canMeet(texts.flatMap((text) => boundOf(text) ?? []));
  assert.equal([meets('>=1.0.0', '<1.0.0'), meets('1.0.0', '2.0.0'), meets('>2.0.0', '<=2.0.0')], [false, false, false]);
  assert.equal([meets('>=1.0.0', '<=1.0.0'), meets('>1.0.0', '<2.0.0'), meets('<0.1.0')], [true, true, true]);
});

/** packages.yml, and the hash that dbt 1.11 writes for it. */
const HASHES: readonly [string, string][] = [
  ['- local: ../x', '2eb88687c82ae2cd966a476e338919651d83079e'],
  ['- git: https://x/y.git\n  revision: "1.0"', 'd7ebf41a9457ed1e5d9806fb49eeac9c0762d38e'],
  ['- git: https://x/y.git\n  revision: 1.0\n  warn-unpinned: false\n  subdirectory: s', '3c8d8e4c2019e36326703b8ec81310e2993e6366'],
  [
    "- package: dbt-labs/dbt_utils\n  version: ['>=1.0.0', '<2.0.0']\n- package: a/b\n  version: 1.1",
    'eb18c9a30972151dd5fa3ef225863971d4be93d6',
  ],
  ['- tarball: http://t/x.tgz\n  name: t', 'cb90b99adcb56f24654e04d3396f4e79f1b81325'],
  ['- package: dbt-labs/dbt_utils\n  version: 1.1.1\n  install_prerelease: true', '20055d03ea161564c7b83beb3bc74d03f8f5cf36'],
  ['- git: g\n  revision: 2\n  name: n', '9be3cc88ed43fc0650a830ec95c4fafbb9240e97'],
  ['- local: é\n  name: x', '20840118c89ebe3ace434660b85332e3558e84cc'],
];

test("the hash is dbt's", async () => {
  for (const [entries, hash] of HASHES) {
    const shop = await project({ 'packages.yml': `packages:\n${entries}\n` });
    assert.is(sha1Of(readPackages(shop.dir, fileScope(request('deps', shop.dir), 'shop', {}))), hash, entries);
  }
});

test.run();
