// `dwh ls` against what dbt answered to the same: scripts/record-dbt-ls.ts asked it, and kept the answers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { perform } from '../../src/engine/index.ts';
import { dwh, type Outcome } from '../cli/fake-system.ts';
import { type Fixture, project } from '../support/fixture.ts';
import { repoRoot } from '../support/shared.ts';
import { cases } from './cases.ts';
import { harbour, sourcesJson } from './harbour.ts';

const test = suite('selection: dwh ls is dbt ls');

const fixture = (file: string): string => readFileSync(join(repoRoot, 'tests', 'selection', file), 'utf8');

type Answer = { readonly lines: readonly string[] } | { readonly error: string };

/** dbt's, by what was typed. */
const recorded: ReadonlyMap<string, Answer> = (() => {
  const { lines, answers } = JSON.parse(fixture('dbt-ls.json')) as {
    readonly lines: readonly string[];
    readonly answers: readonly (readonly [typed: string, answer: string | readonly number[]])[];
  };
  return new Map(
    answers.map(([typed, answer]) => [
      typed,
      typeof answer === 'string' ? { error: answer } : { lines: answer.map((number) => lines[number] ?? '') },
    ]),
  );
})();

/** Where dwh answers otherwise than dbt, and is right to: docs/from-dbt.md says why. */
const OTHERWISE: Readonly<Record<string, (answer: Outcome) => void>> = {
  '-s --exclude stg_1': ({ status, stderr }) => {
    assert.is(status, 2);
    assert.match(stderr, '-s needs a value');
  },
  '-s path:.': ({ stdout }) => assert.equal(namesOf(stdout), recordedNames('')),
  '-s config.meta.level:3': ({ stdout }) => {
    const found = namesOf(stdout);
    assert.ok(found.includes('harbour.staging.stg_1') && found.includes('harbour.marts.money.fct_1'));
    assert.not.ok(found.includes('harbour.marts.core.dim_1'));
  },
  '--selector nested_less': ({ stdout }) => {
    const found = namesOf(stdout);
    assert.ok(found.includes('harbour.staging.stg_2') && found.includes('harbour.marts.money.fct_1'));
    assert.not.ok(found.includes('harbour.staging.stg_1'));
  },
  '-s exposure:* --output json --output-keys name type maturity url owner label config depends_on': ({ stdout }) => {
    const metas = linesOf(stdout).map((line) => JSON.parse(line).config.meta);
    assert.equal(metas, [{ shown: true }, { level: 3, shown: true }]);
  },
};
const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');
const namesOf = (text: string): readonly string[] => [...linesOf(text)].sort();
function recordedNames(typed: string): readonly string[] {
  const answer = recorded.get(typed);
  return answer && 'lines' in answer ? [...answer.lines].sort() : [];
}

const ls = (dir: string, args: readonly string[]): Promise<Outcome> =>
  dwh(['--quiet', 'ls', ...args], {
    cwd: dir,
    engine: (request, deps, emit) => perform({ ...request, writeJson: false }, deps, emit as never),
  });

/** JSON is equal when its values are. */
const sorted = (line: string): string => (line.startsWith('{') ? canonical(JSON.parse(line)) : line);
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.fromEntries(Object.entries(item).sort()) : item,
  );

async function now(): Promise<Fixture> {
  return project({ ...harbour('now'), 'target/sources.json': sourcesJson('now'), 'before/sources.json': sourcesJson('before') });
}

async function differences(dir: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { typed, args } of cases) {
    const theirs = recorded.get(typed);
    const ours = await ls(dir, args);
    const expected = OTHERWISE[typed];
    if (expected) expected(ours);
    else if (theirs === undefined) found.push(`${typed}: dbt was not asked`);
    else if ('error' in theirs) {
      if (ours.status !== 2) found.push(`${typed}: dbt refuses (${theirs.error}), dwh answers\n${ours.stdout}`);
    } else {
      const [mine, wanted] = [linesOf(ours.stdout).map(sorted), theirs.lines.map(sorted)];
      if (ours.status !== 0) found.push(`${typed}: ${ours.stderr}`);
      else if (mine.join('\n') !== wanted.join('\n')) {
        const more = mine.filter((line) => !wanted.includes(line));
        const less = wanted.filter((line) => !mine.includes(line));
        found.push(`${typed}:\n  only dwh: ${more.join(' ')}\n  only dbt: ${less.join(' ')}`);
      }
    }
  }
  return found;
}

test('with the artifacts of an earlier run of dbt', async () => {
  const there = await now();
  await there.write('before/manifest.json', fixture('dbt-state/manifest.json'));
  await there.write('before/run_results.json', fixture('dbt-state/run_results.json'));
  assert.ok(cases.length >= 350);
  assert.equal(await differences(there.dir), []);
  assert.equal(
    Object.keys(OTHERWISE).filter((typed) => !recorded.has(typed)),
    [],
    'what differs was asked',
  );
});

test('with the manifest of an earlier run of dwh', async () => {
  const before = await project(harbour('before'));
  await before.run('parse');
  const there = await now();
  await there.write('before/manifest.json', await before.read('target/manifest.json'));
  await there.write('before/run_results.json', fixture('dbt-state/run_results.json'));
  assert.equal(await differences(there.dir), []);
});

test('of a project that is as it was nothing is modified, in dwh’s own manifest', async () => {
  const there = await project(harbour('now'));
  await there.run('parse');
  await there.write('same/manifest.json', await there.read('target/manifest.json'));
  const [modified, unmodified, all] = [
    await ls(there.dir, ['-s', 'state:modified', 'state:new', '--state', 'same']),
    await ls(there.dir, ['-s', 'state:unmodified', '--state', 'same']),
    await ls(there.dir, []),
  ];
  assert.is(modified.stdout, '');
  assert.is(unmodified.stdout, all.stdout);
});

test.run();
