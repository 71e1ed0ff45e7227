import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventBody } from '../../src/core/event.ts';
import { databaseOf, watching } from '../support/database.ts';
import { type Fixture, output, project, results, statuses } from '../support/fixture.ts';
import { hasProblem, rejects } from '../support/rejects.ts';

const test = suite('engine: what runs, and what is said of the rest');

const messageOf = (events: readonly EventBody[], node: string): string => results(events).get(node)?.message ?? '';

/** a → b → c, and d on its own. */
const chain = (broken?: string): Promise<Fixture> =>
  project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
    ...Object.fromEntries(
      ['a', 'b', 'c', 'd'].map((name) => {
        const parent = { b: 'a', c: 'b' }[name];
        const from = parent ? `{{ ref('${parent}') }}` : '(select 1 as id)';
        return [`models/${name}.sql`, `select ${name === broken ? 'no_such_column' : 'id'} from ${from}`];
      }),
    ),
  });

test('a failed model skips what is downstream of it, each with the reason, and nothing else', async () => {
  for (const command of ['run', 'build']) {
    const shop = await chain('a');
    const events = await shop.run(command);
    assert.equal(statuses(events), {
      'model.shop.a': 'error',
      'model.shop.b': 'skipped',
      'model.shop.c': 'skipped',
      'model.shop.d': 'success',
    });
    assert.is(messageOf(events, 'model.shop.b'), 'waits for model.shop.a, which was not published');
    assert.match(messageOf(events, 'model.shop.c'), /^waits for model\.shop\.[ab], which was not published$/);
    const { problem } = results(events).get('model.shop.a') ?? {};
    hasProblem(problem ? [problem] : [], { code: 'database-error', message: 'no_such_column', at: 'models/a.sql:1:8' });
    assert.equal(problem?.detail, [
      '1 | select no_such_column from (select 1 as id)',
      '           ^',
      'compiled: target/compiled/shop/models/a.sql:1',
    ]);
  }
});

test('a second run finds what the first left, and makes the same', async () => {
  const shop = await chain();
  await shop.build();
  const first = await shop.query('select (from a), (from b), (from c), (from d)');
  const events = await shop.build();
  assert.equal(new Set(Object.values(statuses(events))), new Set(['success']));
  assert.equal(await shop.query('select (from a), (from b), (from c), (from d)'), first);
});

test('only what is selected runs; parents that are not are read as they are', async () => {
  const shop = await chain();
  await shop.run('run');
  assert.equal(Object.keys(statuses(await shop.run('run', { select: 'b+' }))), ['model.shop.b', 'model.shop.c']);
  assert.equal(Object.keys(statuses(await shop.run('run', { select: 'a c', exclude: 'a' }))), ['model.shop.c']);
  // b is not built here, so c does not wait for it; and a that fails is in the way of nothing that does not need it.
  await shop.write('models/a.sql', 'select wrong');
  assert.equal(statuses(await shop.run('run', { select: 'a c' })), { 'model.shop.a': 'error', 'model.shop.c': 'skipped' });
});

test('parents that were never built are an error of the database, at the line of the ref', async () => {
  const shop = await chain();
  const { problem, status } = results(await shop.run('run', { select: 'b' })).get('model.shop.b') ?? {};
  assert.is(status, 'error');
  hasProblem(problem ? [problem] : [], { message: 'a', at: 'models/b.sql:1:' });
});

test('nothing selected: a warning that says so, and no connection', async () => {
  const shop = await chain();
  const events = await shop.run('run', { select: 'no_such' });
  assert.equal(statuses(events), {});
  hasProblem(
    events.flatMap((event) => (event.type === 'problems' ? event.problems : [])),
    { message: 'no_such' },
  );
  await rejects(shop.run('run', { select: 'no_such', failOnEmpty: true }), { code: 'nothing-selected' });
});

test('an empty project has nothing to do, in every command', async () => {
  for (const command of ['build', 'run', 'test', 'seed', 'load']) {
    const shop = await project({ 'project.yml': 'name: shop\n' });
    const events = await shop.run(command);
    assert.equal(statuses(events), {});
    assert.ok(events.some((event) => event.type === 'run-finished'));
    hasProblem(
      events.flatMap((event) => (event.type === 'problems' ? event.problems : [])),
      { code: 'nothing-selected' },
    );
  }
});

test('--fail-fast stops at the first failure: what waits is skipped, what runs is cancelled', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
    'models/broken.sql': 'select no_such_column',
    'models/long.sql': 'select sum(a.range * b.range) as n from range(10000000) a, range(10000000) b',
    'models/later.sql': "select 1 as id -- {{ ref('long') }}",
  });
  const events = await shop.run('run', { failFast: true, threads: 2 });
  assert.equal(statuses(events), { 'model.shop.broken': 'error', 'model.shop.later': 'skipped', 'model.shop.long': 'skipped' });
  assert.is(messageOf(events, 'model.shop.long'), 'stopped by --fail-fast');
  const database = await databaseOf(shop);
  assert.equal(await database.relations(), []);
  database.close();
});

test('--fail-fast: a failing test stops the run, too, and nothing staged is left', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
    'models/a.sql': 'select 1 as id',
    'models/b.sql': "select * from {{ ref('a') }}",
    'models/long.sql': 'select sum(a.range * b.range) as n from range(10000000) a, range(10000000) b',
    'tests/none.sql': "select * from {{ ref('a') }}",
    'tests/any.sql': "select * from {{ ref('long') }} where false",
  });
  const events = await shop.build({ failFast: true });
  const found = statuses(events);
  assert.equal(
    [found['test.shop.none'], found['model.shop.a'], found['model.shop.b'], found['model.shop.long']],
    ['fail', 'error', 'skipped', 'skipped'],
  );
  assert.match(messageOf(events, 'model.shop.a'), /^held back by test\.shop\.none/);
  const database = await databaseOf(shop);
  assert.equal(await database.relations(), []);
  database.close();
});

test('an interrupt cancels what runs, skips the rest, and leaves nothing staged', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\non-run-end: select 1\n',
    'models/quick.sql': 'select 1 as id',
    'models/long.sql': "select sum(a.range * b.range) as n from range(10000000) a, range(10000000) b -- {{ ref('quick') }}",
    'models/later.sql': "select 1 as id -- {{ ref('long') }}",
    'tests/any.sql': "select * from {{ ref('long') }} where false",
  });
  const stop = new AbortController();
  const events = await watching(
    shop,
    'build',
    (event) => {
      if (event.type === 'statement' && event.node === 'model.shop.long') stop.abort();
    },
    {},
    stop.signal,
  );
  const found = statuses(events);
  assert.equal([found['model.shop.quick'], found['model.shop.later'], found['test.shop.any']], ['success', 'skipped', 'skipped']);
  assert.is(found['operation.shop.shop-on-run-end-0'], 'skipped');
  assert.is(results(events).get('model.shop.long')?.problem?.code, 'cancelled');
  assert.equal(events.at(-1)?.type === 'run-finished' && events.at(-1), { ...events.at(-1), interrupted: true });
  const database = await databaseOf(shop);
  assert.equal(await database.relations(), ['main.quick (table)']);
  database.close();
});

test('an interrupt while a node is tested leaves the old rows, and nothing staged', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
    'models/orders.sql': "select {{ var('n') }} as n",
    'tests/long.sql':
      "{% if var('n') == 2 %}select sum(a.range * b.range) from range(10000000) a, range(10000000) b{% else %}select 1 where false{% endif %} -- {{ ref('orders') }}",
  });
  await shop.build({ vars: { n: 1 } });
  const stop = new AbortController();
  const events = await watching(
    shop,
    'build',
    (event) => {
      if (event.type === 'statement' && event.node === 'test.shop.long') stop.abort();
    },
    { vars: { n: 2 } },
    stop.signal,
  );
  assert.is(results(events).get('test.shop.long')?.problem?.code, 'cancelled');
  assert.match(messageOf(events, 'model.shop.orders'), /^not published: test\.shop\.long could not run \(cancelled\)/);
  assert.is(statuses(events)['model.shop.orders'], 'skipped');
  const database = await databaseOf(shop);
  assert.equal(await database.relations(), ['main.orders (table)']);
  assert.equal(await database.rows('from main.orders'), [['1']]);
  database.close();
});

/** How many nodes were between start and end at once, at most. */
function mostAtOnce(events: readonly EventBody[]): number {
  let [now, most] = [0, 0];
  for (const event of events) {
    if (event.type === 'node-started') most = Math.max(most, ++now);
    if (event.type === 'node-finished') now--;
  }
  return most;
}

test('threads: so many nodes at a time, each on its own connection, and no more than the warehouse bears', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
    ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`models/m${index}.sql`, `select ${index} as id`])),
  });
  for (const [threads, maxConcurrency, wanted] of [
    [1, 3, 1],
    [2, 3, 2],
    [8, 3, 3],
  ] as const) {
    const events = await shop.run('run', { threads, maxConcurrency });
    assert.is(mostAtOnce(events), wanted);
    assert.equal(new Set([...results(events).values()].map(({ thread }) => thread)).size, wanted);
    assert.equal(events.find((event) => event.type === 'run-started')?.threads, wanted);
  }
});

test('with one thread, gated nodes and their tests still come to an end', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
    'models/a.sql': 'select 1 as id',
    'models/b.sql': "select * from {{ ref('a') }}",
    'models/c.sql': "select * from {{ ref('b') }}",
    'models/models.yml': `models: [${['a', 'b', 'c'].map((name) => `{name: ${name}, columns: [{name: id, data_tests: [unique, not_null]}]}`).join(', ')}]\n`,
    'tests/all.sql': "select * from {{ ref('a') }} join {{ ref('b') }} using (id) join {{ ref('c') }} using (id) where id <> 1",
  });
  const events = await shop.build({ threads: 1 });
  assert.equal(new Set(Object.values(statuses(events))), new Set(['success', 'pass']));
  assert.is(results(events).size, 10);
});

test('test reads what is public and skips nothing', async () => {
  const shop = await chain();
  await shop.write(
    'models/models.yml',
    'models: [{name: a, columns: [{name: id, data_tests: [unique]}]}, {name: b, columns: [{name: id, data_tests: [{accepted_values: {values: [2]}}]}]}]\n',
  );
  await shop.run('run');
  assert.equal(Object.values(statuses(await shop.run('test'))), ['fail', 'pass']);
  assert.equal(Object.values(statuses(await shop.run('test', { select: 'a' }))), ['pass']);
  // With its models gone, a test is an error of the database.
  const database = await databaseOf(shop);
  await database.rows('drop table main.a');
  database.close();
  assert.equal(Object.values(statuses(await shop.run('test'))), ['fail', 'error']);
});

test('--dry-run prints every statement in its place, and changes nothing', async () => {
  const shop = await chain();
  await shop.write('models/models.yml', 'models: [{name: c, columns: [{name: id, data_tests: [unique]}]}]\n');
  const printed = output(await shop.build({ dryRun: true }));
  const order = [
    'create schema if not exists',
    'create or replace table "dwh"."main"."a"',
    '"main"."b"',
    'create table "dwh"."main"."c__dwh_next"',
    'c__dwh_next" rename to "c"',
  ];
  const places = order.map((text) => printed.indexOf(text));
  assert.equal(
    places,
    [...places].sort((a, b) => a - b),
  );
  assert.ok(
    places.every((place) => place >= 0),
    printed,
  );
  const database = await databaseOf(shop);
  assert.equal(await database.relations(), []);
  database.close();
});

test('--dry-run prints what then runs, statement by statement', async () => {
  const shop = await project({
    'project.yml': 'name: shop\non-run-start: select 1\n',
    'seeds/raw.csv': 'id,name\n1,a\n2,b\n',
    'models/as_view.sql': "select * from {{ ref('raw') }}",
    'models/as_table.sql':
      "{{ config(materialized='table', pre_hook='select 2', post_hook=after_commit('select 3')) }} select * from {{ ref('as_view') }}",
    'models/added.sql': "{{ config(materialized='incremental', unique_key='id') }} select * from {{ ref('as_table') }}",
    'models/merged.sql':
      "{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge', post_hook='select 4') }} select * from {{ ref('as_table') }}",
    'models/models.yml': `models: [${['as_view', 'as_table', 'added', 'merged'].map((name) => `{name: ${name}, columns: [{name: id, data_tests: [unique]}]}`).join(', ')}]\n`,
  });
  await shop.build();
  for (const command of ['run', 'build']) {
    const printed = output(await shop.run(command, { dryRun: true }));
    const nodes = Object.keys(statuses(await shop.run(command)));
    const shown = new Map(printed.split(/^-- (?=\w+\.shop\.)/m).map((part) => part.split(/\n(.*)/s, 2) as [string, string]));
    for (const node of nodes) {
      const [, , name = ''] = node.split('.');
      if (node.startsWith('model'))
        assert.is(
          shown.get(node)?.trim(),
          (await shop.read(`target/run/shop/models/${name}.sql`)).replaceAll('\n\n', '\n').trim(),
          `${command} ${node}`,
        );
      else assert.ok(shown.get(node), node);
    }
  }
});

test('--empty builds everything from no rows', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
    'seeds/raw.csv': 'id\n1\n2\n',
    'models/a.sql': "select * from {{ ref('raw') }}",
    'models/b.sql': "select count(*) as n from {{ ref('a') }} as a",
  });
  await shop.build({ empty: true });
  assert.equal(await shop.query('select (select count(*) from a), (from b)'), [['0', '0']]);
});

test('what ran is in target/: compiled with public names, run with all statements', async () => {
  const shop = await chain('b');
  await shop.run('run');
  assert.is(await shop.read('target/compiled/shop/models/b.sql'), 'select no_such_column from "dwh"."main"."a"\n');
  assert.is(
    await shop.read('target/run/shop/models/b.sql'),
    'create or replace table "dwh"."main"."b" as (\nselect no_such_column from "dwh"."main"."a"\n);\n',
  );
});

test('an error of a template at run time is at its line, with the macros on the way', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'macros/first.sql': '{% macro first_of(rows) %}\n{{ rows[0].no_such_attribute.more }}\n{% endmacro %}',
    'models/a.sql': "select\n{% if execute %}{{ first_of(run_query('select 1 as id').rows) }}{% endif %} 1 as id",
    'models/b.sql': "{% if execute %}{{ exceptions.raise_compiler_error('no orders today') }}{% endif %} select 1 as id",
    'models/c.sql': "select 1 as id\n{% if execute %}{{ run_query('select wrong') }}{% endif %}",
  });
  const events = await shop.run('run');
  assert.equal(statuses(events), { 'model.shop.a': 'error', 'model.shop.b': 'error', 'model.shop.c': 'error' });
  const problems = ['a', 'b', 'c'].flatMap((name) => results(events).get(`model.shop.${name}`)?.problem ?? []);
  hasProblem(problems, { at: 'macros/first.sql:2:' });
  hasProblem(problems, { code: 'raised', message: 'no orders today', at: 'models/b.sql:1:' });
  hasProblem(problems, { code: 'database-error', message: 'wrong', at: 'models/c.sql' });
});

test.run();
