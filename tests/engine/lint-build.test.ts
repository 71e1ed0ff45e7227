// A build on Redshift looks before it runs: what would be refused stops its node, in its own file and line, and is never sent.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventBody } from '../../src/core/event.ts';
import type { Problem } from '../../src/core/problem.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { type Fixture, projectOn, results, statuses } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';

const test = suite<{ standIn: StandIn }>('lint: builds on Redshift');

test.before(async (context) => {
  context.standIn = await StandIn.start();
});
test.after(async ({ standIn }) => standIn.close());

const files = {
  'project.yml': 'name: shop\nprofile: shop\n',
  'models/raw.sql': 'select 1 as id, 2 as n',
  'models/listed.sql': "select id,\n  string_agg(n, ',') as all_n\nfrom {{ ref('raw') }}\ngroup by id",
  'models/below.sql': "select id from {{ ref('listed') }}",
};
const shopWith = (standIn: StandIn, schema: string, more: Readonly<Record<string, unknown>>, changes = {}): Promise<Fixture> =>
  projectOn({ ...standIn.target(schema), ...more }, { ...files, ...changes });
/** Whether the server has heard of it since it had heard so much. */
const sent = ({ transcript }: StandIn, text: string, since: number): boolean =>
  transcript.slice(since).some(({ sql }) => sql.includes(text));
const warnings = (events: readonly EventBody[]): readonly Problem[] =>
  events.flatMap((event) => (event.type === 'problems' ? event.problems : []));
const problem = (events: readonly EventBody[], node: string): Problem | undefined => results(events).get(node as never)?.problem;

test('what is known to be refused stops its node before it is sent, and what is downstream of it', async ({ standIn }) => {
  const since = standIn.transcript.length;
  const shop = await shopWith(standIn, 'known', {});
  const events = await shop.build();
  assert.equal(statuses(events), { 'model.shop.below': 'skipped', 'model.shop.listed': 'error', 'model.shop.raw': 'success' });
  const said = problem(events, 'model.shop.listed');
  assert.equal([said?.code, said?.at], ['lint-refused', { file: 'models/listed.sql', line: 2, column: 3 }]);
  assert.is(said?.message, 'Redshift would refuse this (unknown-function): Redshift has no function STRING_AGG.');
  assert.match(said?.hint ?? '', 'listagg');
  assert.is(sent(standIn, 'string_agg', since), false);
  assert.equal(warnings(events), []);
});

test('off: the server says it', async ({ standIn }) => {
  const since = standIn.transcript.length;
  const shop = await shopWith(standIn, 'unasked', { lint: 'off' });
  const events = await shop.build();
  assert.is(problem(events, 'model.shop.listed')?.code, 'database-error');
  assert.is(sent(standIn, 'string_agg', since), true);
});

test('what is not recognised is warned of and sent; strict: it stops', async ({ standIn }) => {
  const changes = {
    'models/listed.sql': "select id\nfrom {{ ref('raw') }}\nteleport by id",
    'models/below.sql': 'select my_own(1) as one',
  };
  const since = standIn.transcript.length;
  const shop = await shopWith(standIn, 'unknown', { lint: 'warn' }, changes);
  const events = await shop.build();
  assert.equal(
    warnings(events)
      .map(({ code, severity, at }) => [code, severity, at?.file, at?.line])
      .sort(),
    [
      ['lint-unrecognised', 'warning', 'models/below.sql', 1],
      ['lint-unrecognised', 'warning', 'models/listed.sql', 3],
    ],
  );
  assert.equal([sent(standIn, 'teleport', since), sent(standIn, 'my_own', since)], [true, true]);
  const later = standIn.transcript.length;
  const strict = await (await shopWith(standIn, 'strictly', { lint: 'strict' }, changes)).build();
  assert.equal([sent(standIn, 'teleport', later), sent(standIn, 'my_own', later)], [false, false]);
  assert.equal(
    ['listed', 'below'].map((name) => problem(strict, `model.shop.${name}`)?.code),
    ['lint-unrecognised', 'lint-unrecognised'],
  );
});

test('a WITH in a WITH, which ephemeral models bring, is warned of: servers may take it', async ({ standIn }) => {
  const since = standIn.transcript.length;
  const shop = await shopWith(
    standIn,
    'nested',
    {},
    {
      'models/listed.sql':
        "{{ config(materialized='ephemeral') }}\nwith counted as (select id from {{ ref('raw') }}) select id from counted",
    },
  );
  const [said, ...others] = warnings(await shop.build());
  assert.equal([said?.code, said?.severity, said?.at?.file], ['lint-unrecognised', 'warning', 'models/listed.sql']);
  assert.equal(others, []);
  assert.is(sent(standIn, 'with counted', since), true);
});

test('what a model becomes counts, and the state that a hook runs in', async ({ standIn }) => {
  const shop = await shopWith(
    standIn,
    'become',
    {},
    {
      'models/listed.sql': "{{ config(materialized='table') }}\nselect current_schema() as s",
      'models/below.sql': "{{ config(materialized='view') }}\nselect 1 as one",
      'models/hooked.sql': "{{ config(materialized='table', post_hook='vacuum') }}\nselect 1 as one",
      'models/after.sql': "{{ config(materialized='table', post_hook={'sql': 'vacuum', 'transaction': false}) }}\nselect 1 as one",
    },
  );
  const events = await shop.build();
  assert.equal(statuses(events), {
    'model.shop.after': 'success',
    'model.shop.below': 'success',
    'model.shop.hooked': 'error',
    'model.shop.listed': 'error',
    'model.shop.raw': 'success',
  });
  assert.match(problem(events, 'model.shop.hooked')?.message ?? '', /in-transaction\): in the hook “vacuum” at 1:1: VACUUM runs outside/);
  assert.match(problem(events, 'model.shop.listed')?.message ?? '', 'leader-function');
});

test('tests and hooks of the project are looked at, too', async ({ standIn }) => {
  const shop = await shopWith(
    standIn,
    'tests',
    {},
    {
      'models/listed.sql': 'select 1 as id',
      'tests/t.sql': "select id\nfrom {{ ref('raw') }}\nwhere id = any (array[2])",
    },
  );
  const events = await shop.build();
  assert.equal(problem(events, 'test.shop.t')?.at, { file: 'tests/t.sql', line: 3, column: 17 });
  await shop.write('project.yml', "name: shop\nprofile: shop\non-run-start: ['create index i on t (a)']\n");
  const hooked = await shop.run('run');
  assert.is(results(hooked).get('operation.shop.shop-on-run-start-0' as never)?.status, 'error');
  assert.is(sent(standIn, 'create index', 0), false);
});

test('the key of the target takes three words, and `off` without quotes', async ({ standIn }) => {
  const shop = await shopWith(standIn, 'words', { lint: 'sometimes' });
  await rejects(shop.run('parse'), { code: 'config-value', message: "'lint' is 'sometimes', and may be 'off', 'warn', 'strict'" });
  const text = await shop.read('profiles.yml');
  for (const word of ['off', 'warn', 'strict', 'false']) {
    await shop.write('profiles.yml', text.replace('"lint":"sometimes"', `"lint": ${word}`));
    await shop.run('parse');
  }
});

test.run();
