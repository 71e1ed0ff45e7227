import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sourcesJson } from '../../src/reporters/artifacts.ts';
import { advance, startProgress } from '../../src/reporters/reporter.ts';
import { type Fixture, project, results } from '../support/fixture.ts';

const test = suite('source freshness');

/** It is 2024-01-15 12:00 UTC. */
const TABLES: Readonly<Record<string, string>> = {
  hours: "select 1 as id, timestamp '2024-01-15 07:00:00' as came union all select 2, timestamp '2024-01-05 07:00:00'",
  zoned: "select timestamptz '2024-01-15 13:30:00+02' as came",
  texts: "select '2024-01-15 07:00:00' as came",
  days: "select date '2024-01-14' as came",
  nothing: "select timestamp '2024-01-15 07:00:00' as came where false",
  words: "select 'yesterday' as came",
};
const SOURCES = `version: 2
sources:
  - name: raw
    schema: main
    config:
      loaded_at_field: came
      freshness: {warn_after: {count: 1, period: day}, error_after: {count: 3, period: day}}
    tables:
      - name: hours
      - {name: warned, identifier: hours, freshness: {warn_after: {count: 1, period: hour}}}
      - {name: filtered, identifier: hours, config: {freshness: {filter: id = 2}}}
      - {name: silent, identifier: hours, config: {freshness: null}}
      - {name: texts, config: {loaded_at_field: 'cast(came as timestamp)'}}
      - {name: query, loaded_at_query: "select max(came) from {{ this.schema }}.hours"}
      - name: zoned
      - name: days
      - name: nothing
      - name: words
      - name: missing
  - name: promised
    schema: main
    tables: [{name: hours, freshness: {warn_after: {count: 1, period: day}}}]
`;

async function raw(): Promise<Fixture> {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
    ...Object.fromEntries(Object.entries(TABLES).map(([name, sql]) => [`models/${name}.sql`, sql])),
  });
  await shop.run('run');
  await shop.write('models/sources.yml', SOURCES);
  return shop;
}

test('columns, expressions, queries and filters, each with its status and message', async () => {
  const events = await (await raw()).run('source freshness');
  const told = [...results(events)].map(([id, { status, message }]) => [id.replace('source.shop.', ''), status, message]);
  assert.equal(Object.fromEntries(told.map(([id, ...rest]) => [id, rest])), {
    'raw.hours': ['pass', 'newest is 5 hours old'],
    'raw.warned': ['warn', 'newest is 5 hours old'],
    'raw.filtered': ['error', 'newest is 10 days old'],
    'raw.texts': ['pass', 'newest is 5 hours old'],
    'raw.query': ['pass', 'newest is 5 hours old'],
    'raw.zoned': ['pass', 'newest is 30 minutes old'],
    'raw.days': ['warn', 'newest is 36 hours old'],
    'raw.nothing': ['error', 'no rows: never loaded, or empty'],
    'raw.words': ['runtime error', "the newest 'yesterday' is no time"],
    'raw.missing': ['runtime error', 'Catalog Error: Table with name missing does not exist!'],
    'promised.hours': ['runtime error', "'promised.hours' has freshness, and nothing says when its rows came"],
  });
});

test('sources.json has dbt’s statuses and keys', async () => {
  const progress = startProgress();
  for (const event of await (await raw()).run('source freshness', { select: 'source:raw.nothing source:raw.missing source:raw.hours' }))
    advance(progress, event);
  const meta = { invocationId: 'i', startedAt: 0, env: {}, args: {} };
  const rows = sourcesJson(progress, meta).results as readonly Readonly<Record<string, unknown>>[];
  const criteria = { warn_after: { count: 1, period: 'day' }, error_after: { count: 3, period: 'day' }, filter: null };
  const shown = rows.map(({ unique_id, status, max_loaded_at = null, criteria: held = null, error = null }) => [
    unique_id,
    status,
    max_loaded_at,
    held,
    error,
  ]);
  assert.equal(
    shown.sort(([one], [other]) => String(one).localeCompare(String(other))),
    [
      ['source.shop.raw.hours', 'pass', '2024-01-15T07:00:00+00:00', criteria, null],
      ['source.shop.raw.missing', 'runtime error', null, null, 'Catalog Error: Table with name missing does not exist!'],
      ['source.shop.raw.nothing', 'error', '0001-01-01T00:00:00+00:00', criteria, null],
    ],
  );
});

test('hooks of the project run around it, as with dbt, and have no place in sources.json; a flag turns them off', async () => {
  const project = (start: string, flag = ''): string => `name: shop
on-run-start: ["create table if not exists log (what varchar)", "${start}"]
on-run-end: "insert into log values ('end {% for one in results if one.node.resource_type == 'source' %}{{ one.status }} {{ one.node.name }} {{ one.max_loaded_at.strftime('%d.%m.') }} {{ one.age // 3600 }}{% endfor %} {{ schemas }}')"
${flag}`;
  const shop = await raw();
  const select = 'source:raw.hours';
  const logged = async (): Promise<unknown> => shop.query('select what from log');
  await shop.write('project.yml', project("insert into log values ('start')"));
  const progress = startProgress();
  for (const event of await shop.run('source freshness', { select })) advance(progress, event);
  assert.equal(await logged(), [['start'], ['end pass hours 15.01. 5.0 []']]);
  const json = sourcesJson(progress, { invocationId: 'i', startedAt: 0, env: {}, args: {} });
  assert.equal(
    (json.results as readonly { unique_id: string }[]).map(({ unique_id }) => unique_id),
    ['source.shop.raw.hours'],
  );
  assert.equal([...results(await shop.run('source freshness', { select: 'source:raw.silent' }))], []);
  await shop.write('project.yml', project('insert into nowhere values (1)'));
  const failed = results(await shop.run('source freshness', { select }));
  assert.equal(
    [...failed].map(([id, { status }]) => [id, status]),
    [
      ['operation.shop.shop-on-run-start-0', 'success'],
      ['operation.shop.shop-on-run-start-1', 'error'],
      ['source.shop.raw.hours', 'pass'],
      ['operation.shop.shop-on-run-end-0', 'success'],
    ],
  );
  const before = await logged();
  await shop.write('project.yml', project("insert into log values ('start')", 'flags: {source_freshness_run_project_hooks: false}\n'));
  assert.equal([...results(await shop.run('source freshness', { select })).keys()], ['source.shop.raw.hours']);
  assert.equal(await logged(), before);
});

test.run();
