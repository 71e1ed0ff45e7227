import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sample } from '../../src/cli/event-time.ts';
import { givenOf } from '../../src/cli/given.ts';
import { tempDir } from '../support/temp-dir.ts';
import { dwh, type Fake, requestFor } from './fake-system.ts';

const test = suite('cli: argv to a request');

/** Command line, environment, and the part of the request that it should give. */
const table: readonly (readonly [line: string, expected: Readonly<Record<string, unknown>>, env?: Readonly<Record<string, string>>])[] = [
  ['run', { command: 'run', fullRefresh: false, failFast: false, load: true, partialParse: true, maxConcurrency: 3, vars: {} }],
  ['build', { command: 'build', dryRun: false, empty: false, warnError: false, failOnEmpty: false, writeJson: true }],
  ['list', { command: 'ls' }],
  ['source freshness', { command: 'source freshness' }],
  ['source load', { command: 'load' }],
  ['run --target prod', { target: 'prod' }],
  ['--target prod run', { target: 'prod', command: 'run' }],
  ['-t prod run', { target: 'prod', command: 'run' }],
  ['run -t dev -t prod', { target: 'prod' }],
  ['run --target=prod', { target: 'prod' }],
  ['-x -q --threads 8 run', { failFast: true, threads: 8 }],
  ['run -fx', { fullRefresh: true, failFast: true }],
  ['run --full-refresh --no-full-refresh', { fullRefresh: false }],
  ['run --no-load', { load: false }],
  ['--no-partial-parse run', { partialParse: false }],
  ['run --no-write-json', { writeJson: false }],
  ['build --publish always --dry-run --empty', { publish: 'always', dryRun: true, empty: true }],
  ['build --publish ALWAYS', { publish: 'always' }],
  ['test --store-failures', { storeFailures: true }],
  ['show -s a --limit -1 --output json', { limit: -1, output: 'json' }],
  ['show -s a', { limit: 5 }],
  ['ls --output json --output-keys name config.materialized', { output: 'json', outputKeys: ['name', 'config.materialized'] }],
  ['run --wait -s a', { waitSeconds: Number.POSITIVE_INFINITY }],
  ['load --wait', { waitSeconds: Number.POSITIVE_INFINITY }],
  ['seed --wait 90', { waitSeconds: 90 }],
  ['build --wait=0 --steal', { waitSeconds: 0, steal: true }],
  ['run --state old', { state: 'old' }],
  [
    'build --event-time-start 2024-01-01 --event-time-end 2024-02-01T06:30:00',
    { eventTime: { start: Date.UTC(2024, 0, 1), end: Date.UTC(2024, 1, 1, 6, 30) } },
  ],
  ['run', { eventTime: { start: 0, end: 86_400_000 } }, { DBT_EVENT_TIME_START: '1970-01-01', DBT_EVENT_TIME_END: '1970-01-02' }],
  ['compile --sample {start:\t2024-01-01,end:\t2024-01-02}', { sample: { start: Date.UTC(2024, 0, 1), end: Date.UTC(2024, 0, 2) } }],
  ['debug --connection', { connectionOnly: true }],
  ['show --inline-direct {{x}}', { inline: '{% raw %}{{x}}{% endraw %}', limit: 5 }],
  ['compile --no-introspect', { introspect: false }],
  ['compile', { introspect: true, print: true }],
  ['--no-print run', { print: false }],
  ['run --single-threaded --threads 4', { threads: 1 }],
  ['--state old run', { state: 'old' }],
  ['debug --config-dir', { command: 'debug' }],
  ['build --export-saved-queries --no-include-saved-query', { command: 'build' }],
  ['compile --no-inject-ephemeral-ctes', { command: 'compile' }],
  [
    '--use-experimental-parser --macro-debugging --show-all-deprecations --partial-parse-file-path p --no-use-fast-test-edges run',
    { command: 'run' },
  ],
  ['run --log-path logs --no-send-anonymous-usage-stats --no-version-check --populate-cache', { command: 'run' }],
  ['run', { fullRefresh: true, failFast: true, target: 'prod' }, { DBT_FULL_REFRESH: 'true', DBT_FAIL_FAST: '1', DBT_TARGET: 'prod' }],
  ['run', { target: 'ours' }, { DBT_TARGET: 'theirs', DBT_ENGINE_TARGET: 'newer', DWH_TARGET: 'ours' }],
  ['run', { target: 'newer' }, { DBT_TARGET: 'theirs', DBT_ENGINE_TARGET: 'newer' }],
  ['run -t given', { target: 'given' }, { DWH_TARGET: 'ours' }],
  ['run --no-full-refresh', { fullRefresh: false }, { DBT_FULL_REFRESH: 'yes' }],
  ['run', { fullRefresh: false }, { DWH_FULL_REFRESH: 'off', DBT_FULL_REFRESH: 'true' }],
  ['run', { target: 'theirs' }, { DWH_TARGET: '', DBT_TARGET: 'theirs' }],
  [
    'run',
    { profilesDir: 'p', targetPath: 't', partialParse: false },
    { DBT_PROFILES_DIR: 'p', DBT_TARGET_PATH: 't', DBT_PARTIAL_PARSE: 'False' },
  ],
  ['build', { publish: 'always', load: false }, { DWH_PUBLISH: 'always', DWH_LOAD: 'false' }],
  ['run', { print: false, threads: 1 }, { DBT_PRINT: 'false', DBT_SINGLE_THREADED: '1' }],
  ['run', { load: true }, { DBT_LOAD: 'false' }],
  ['seed', { waitSeconds: 5 }, { DWH_WAIT: '5' }],
  ['run', { maxConcurrency: 15 }, { UV_THREADPOOL_SIZE: '16' }],
  ['run', { maxConcurrency: 1 }, { UV_THREADPOOL_SIZE: '1' }],
  ['run', { maxConcurrency: 3 }, { UV_THREADPOOL_SIZE: 'many' }],
];
for (const [line, expected, env] of table) {
  const setting = env ? ` with ${Object.entries(env).map((pair) => pair.join('='))}` : '';
  test(`dwh ${line}${setting}`, async () => {
    const request = await requestFor(line.split(' '), env ? { env } : {});
    const got = Object.fromEntries(Object.keys(expected).map((key) => [key, request[key as keyof typeof request]]));
    assert.equal(got, expected);
  });
}

test('--sample of a length ends when the command began', async () => {
  const spans: readonly (readonly [written: string, end: string, start: string])[] = [
    ['3 days', '2024-03-01T10:00:00Z', '2024-02-27T10:00:00Z'],
    ['1 DAY', '2024-03-01T10:00:00Z', '2024-02-29T10:00:00Z'],
    ['36 hours', '2024-03-01T10:00:00Z', '2024-02-28T22:00:00Z'],
    ['1 month', '2024-03-31T10:00:00Z', '2024-02-29T10:00:00Z'],
    ['2 years', '2024-02-29T10:00:00Z', '2022-02-28T10:00:00Z'],
  ];
  for (const [written, end, start] of spans) {
    const given = givenOf({ sample: written }, [], new Set());
    assert.equal(await sample(given, Date.parse(end)), { start: Date.parse(start), end: Date.parse(end) }, written);
  }
});

const selections: readonly (readonly [argv: readonly string[], expected: Readonly<Record<string, unknown>>])[] = [
  [['run', '-s', 'a', 'b+', '@c', '2+d', '--exclude', 'e', 'f'], { select: ['a', 'b+', '@c', '2+d'], exclude: ['e', 'f'] }],
  [['run', '--exclude', 'e', '-s', 'a'], { select: ['a'], exclude: ['e'] }],
  [['run', '-s', 'a', '-s', 'b'], { select: ['a', 'b'] }],
  [['run', '-s', 'a b', 'c'], { select: ['a', 'b', 'c'] }],
  [['run', '--select=a'], { select: ['a'] }],
  [['run', '-m', 'a'], { select: ['a'] }],
  [['run', '--models', 'a', '--model', 'b'], { select: ['a', 'b'] }],
  [['run', '-s', '+a,tag:x', '-t', 'dev'], { select: ['+a,tag:x'] }],
  [['run', '-s', '123', '0x1f', '1e3'], { select: ['123', '0x1f', '1e3'] }],
  [['run', '-s', 'config.materialized:table', 'models/a.sql'], { select: ['config.materialized:table', 'models/a.sql'] }],
  [['run', '--selector', 'nightly', '--indirect-selection', 'Cautious'], { selector: 'nightly', indirect: 'cautious', select: [] }],
  [
    ['build', '--resource-type', 'model', 'test', '--exclude-resource-types', 'seed'],
    { resourceTypes: ['model', 'test'], excludeResourceTypes: ['seed'] },
  ],
  [['ls', '-m', 'a', 'b'], { select: ['a', 'b'], resourceTypes: ['model'] }],
  [['--indirect-selection', 'empty', 'test', '-s', 'a'], { select: ['a'], indirect: 'empty' }],
  [['ls', '-s', 'a'], { select: ['a'], resourceTypes: [] }],
];
for (const [argv, expected] of selections) {
  test(`selection: dwh ${argv.join(' ')}`, async () => {
    const { selection } = await requestFor(argv);
    assert.equal(Object.fromEntries(Object.keys(expected).map((key) => [key, selection[key as keyof typeof selection]])), expected);
  });
}

test('--vars is YAML or JSON, one dictionary', async () => {
  const vars = async (text: string): Promise<unknown> => (await requestFor(['run', '--vars', text])).vars;
  assert.equal(await vars('{"a": 1, "b": [true, null]}'), { a: 1, b: [true, null] });
  assert.match(
    (await dwh(['run', '--vars', '{on: 1}'])).stderr,
    'error[usage] --vars has a key that is true, and should be text\n  Put the name in quotes',
  );
  assert.equal(await vars('{a: 1, b: yes, c: "x: y"}'), { a: 1, b: true, c: 'x: y' });
  assert.equal(await vars('a: 1\nb: 2'), { a: 1, b: 2 });
  assert.equal(await vars(''), {});
  assert.equal(await vars('{"a b": null, "c": "x\\/y \\ud83d\\ude00", "d": 1e3}'), { 'a b': null, c: 'x/y 😀', d: 1000 });
  assert.equal(await vars("{'a b': , c: 1}"), { 'a b': null, c: 1 });
  assert.equal(await vars('{"id": 12345678901234567890}'), { id: '12345678901234567890' });
  assert.equal(await vars("{log_data: 's3://bucket/log-data/', since: 2018-11-01}"), {
    log_data: 's3://bucket/log-data/',
    since: '2018-11-01',
  });
});

test('any JSON dictionary arrives in --vars as it is', async () => {
  const json = fc.dictionary(fc.stringMatching(/^[a-z]\w{0,8}$/), fc.jsonValue(), { maxKeys: 4 });
  await fc.assert(
    fc.asyncProperty(json, async (value) => {
      const text = JSON.stringify(value);
      // Numbers that a double cannot hold exactly are read as YAML, where they may stay text.
      fc.pre(!/\d{16}/.test(text));
      assert.equal((await requestFor(['run', '--vars', text])).vars, JSON.parse(text));
    }),
    { numRuns: 200 },
  );
});

test('global options mean the same before and after the command, in any order', async () => {
  const parts = [
    ['-t', 'prod'],
    ['--threads', '2'],
    ['-x'],
    ['--profile', 'p'],
    ['--no-partial-parse'],
    ['--vars', '{a: 1}'],
    ['--warn-error'],
  ];
  const { args: _, ...expected } = await requestFor(['run', ...parts.flat()]);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(parts, { minLength: parts.length }), fc.nat(parts.length), async (order, before) => {
      const { args: __, ...request } = await requestFor([...order.slice(0, before).flat(), 'run', ...order.slice(before).flat()]);
      assert.equal(request, expected);
    }),
    { numRuns: 200 },
  );
});

test('the project is the nearest folder with a project file, from here upwards', async () => {
  const root = tempDir();
  mkdirSync(join(root, 'shop/models/staging'), { recursive: true });
  writeFileSync(join(root, 'shop/dbt_project.yml'), 'name: shop\n');
  const dir = async (argv: readonly string[], fake: Fake): Promise<string> => (await requestFor(argv, fake)).projectDir;
  assert.is(await dir(['run'], { cwd: join(root, 'shop/models/staging') }), join(root, 'shop'));
  assert.is(await dir(['run', '--project-dir', 'shop'], { cwd: root }), join(root, 'shop'));
  assert.is(await dir(['run'], { cwd: root, env: { DBT_PROJECT_DIR: 'shop' } }), join(root, 'shop'));
  assert.is(await dir(['run'], { cwd: root }), root);
});

test('the options as given are kept for the artifacts, under dbt’s names', async () => {
  const { args } = await requestFor(['ls', '-s', 'a', '--no-partial-parse', '--vars', '{a: 1}'], { env: { DBT_TARGET: 'prod' } });
  assert.equal(args, {
    which: 'list',
    invocation_command: 'dwh ls -s a --no-partial-parse --vars {a: 1}',
    select: ['a'],
    partial_parse: false,
    vars: { a: 1 },
    target: 'prod',
  });
});

test('show needs to know what to show', async () => {
  const { status, stderr, request } = await dwh(['show']);
  assert.is(status, 2);
  assert.is(request, undefined);
  assert.match(stderr, 'error[usage] show needs a node or a query');
});

test.run();
