// Everything of situations.ts, each in a project of its own: what is said has the code, the place, the names, and what to do next.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DwhError, type Problem } from '../../src/core/problem.ts';
import { project, type RequestOptions, results } from '../support/fixture.ts';
import { type Situation, situations, WELL } from './situations.ts';

const test = suite('errors: situations');

/** dbt's, and no others. */
const STATUSES = ['success', 'error', 'skipped', 'pass', 'fail', 'warn', 'runtime error', 'partial success', 'no-op'];

interface Said {
  readonly problems: readonly Problem[];
  readonly statuses: readonly string[];
}

async function said({ files, command = 'parse', options }: Pick<Situation, 'files' | 'command' | 'options'>): Promise<Said> {
  const all = Object.entries({ ...WELL, ...files }).flatMap(([file, text]) => (text === undefined ? [] : [[file, text] as const]));
  const shop = await project(Object.fromEntries(all));
  try {
    const events = await shop.run(command, options as RequestOptions | undefined);
    const nodes = [...results(events).values()];
    return {
      problems: [
        ...events.flatMap((event) => (event.type === 'problems' ? event.problems : [])),
        ...nodes.flatMap(({ problem, warnings }) => [...(problem ? [problem] : []), ...warnings]),
      ],
      statuses: nodes.map(({ status }) => status),
    };
  } catch (error) {
    if (error instanceof DwhError) return { problems: error.problems, statuses: [] };
    throw error;
  }
}

const shown = ({ code, at, message, hint }: Problem): string => `${at?.file}:${at?.line} [${code}] ${message} | ${hint}`;

test('the project that they are made in is well', async () => {
  const { problems, statuses } = await said({ files: {}, command: 'build' });
  assert.equal(problems.map(shown), []);
  assert.equal([...new Set(statuses)].sort(), ['pass', 'success']);
});

for (const situation of situations) {
  const { title, code, at, says, hint, severity = 'error', status } = situation;
  test(title, async () => {
    const { problems, statuses } = await said(situation);
    const all = problems.map(shown).join('\n');
    const found = problems.find(
      (one) =>
        one.code === code &&
        (one.severity ?? 'error') === severity &&
        (at === undefined || `${one.at?.file}:${one.at?.line}` === at) &&
        says.every((word) => one.message.includes(word)),
    );
    assert.ok(found, `${code} ${at} ${says.join(', ')} is not among\n${all}`);
    if (hint !== undefined) assert.ok(found.hint?.includes(hint), `the next step is missing\n${all}`);
    assert.not.match(found.message, /undefined\b(?! in)(?<!is undefined)|\[object|NaN/);
    for (const one of statuses) assert.ok(STATUSES.includes(one), one);
    if (status !== undefined) assert.ok(statuses.includes(status), statuses.join());
  });
}

test('there are as many as were promised, and no title is there twice', () => {
  assert.ok(situations.length >= 60, String(situations.length));
  assert.is(new Set(situations.map(({ title }) => title)).size, situations.length);
});

test('several mistakes are told at once', async () => {
  const { problems } = await said({
    files: {
      'models/a.sql': "select * from {{ ref('nobody') }}",
      'models/b.sql': '{% if true %}',
      'models/c.yml': 'models:\n  - name: orders\n    config: {enabled: maybe}\n',
    },
  });
  const codes = problems.map(({ code }) => code);
  for (const code of ['template-syntax', 'described-twice', 'config-kind']) assert.ok(codes.includes(code), codes.join());
});

test('run_results.json has the words of dbt', async () => {
  const shop = await project({
    ...WELL,
    'models/broken.sql': 'select nope',
    'models/behind.sql': "select * from {{ ref('broken') }}",
    'models/schema.yml': `models:
  - name: orders
    columns:
      - name: id
        data_tests: [not_null, {accepted_values: {arguments: {values: [7]}}}, {accepted_values: {name: warned, arguments: {values: [8]}, config: {severity: warn}}}]
`,
  });
  const { code, stdout } = await shop.cli(['build', '--publish', 'always']);
  assert.is(code, 1, stdout);
  const { results: of } = JSON.parse(await shop.read('target/run_results.json')) as {
    readonly results: readonly { readonly unique_id: string; readonly status: string }[];
  };
  const statuses = Object.fromEntries(of.map(({ unique_id, status }) => [unique_id.split('.').slice(0, 3).join('.'), status]));
  assert.equal(statuses, {
    'seed.shop.raw_orders': 'success',
    'model.shop.broken': 'error',
    'model.shop.behind': 'skipped',
    'model.shop.stg_orders': 'success',
    'model.shop.orders': 'success',
    'test.shop.not_null_orders_id': 'pass',
    'test.shop.accepted_values_orders_id__7': 'fail',
    'test.shop.warned': 'warn',
  });
});

test.run();
