// Snapshots as nodes: blocks of .sql files and entries of YAML.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { project, results } from '../support/fixture.ts';
import { hasProblem, rejects } from '../support/rejects.ts';

const test = suite('project: snapshots');

const FILES = {
  'project.yml': `name: shop
seeds: {+schema: raw}
snapshots: {+schema: history, shop: {daily: {+tags: [daily]}}}
`,
  'seeds/orders.csv': 'id,status,at\n1,new,2024-01-01\n',
  'snapshots/daily/two.sql': `{# both #}
{% snapshot first %}
  {{ config(unique_key='id', strategy='timestamp', updated_at='at') }}
  select * from {{ ref('orders') }}
{% endsnapshot %}

{% snapshot second %}{{ config(unique_key=['id'], strategy='check', check_cols='all', target_schema='kept') }}
select * from {{ ref('orders') }}{% endsnapshot %}
`,
  'models/marts/snaps.yml': `snapshots:
  - name: first
    description: The first
    config: {meta: {owner: ann}}
    columns: [{name: id, data_tests: [unique]}]
  - name: third
    relation: ref('orders')
    description: The third
    config: {unique_key: id, strategy: check, check_cols: [status], alias: thirds, tags: [yaml]}
    data_tests: [{not_null: {column_name: id}}]
`,
  'models/uses.sql': "select * from {{ ref('third') }}",
};

interface ManifestJson {
  readonly nodes: Readonly<Record<string, Record<string, unknown>>>;
}

test('blocks and entries are nodes with the ids, places and configs that dbt gives them', async () => {
  const shop = await project(FILES);
  await shop.run('parse');
  const { nodes } = JSON.parse(await shop.read('target/manifest.json')) as ManifestJson;
  const facts = (name: string): unknown => {
    const { fqn, path, original_file_path, schema, alias, raw_code, tags, depends_on, config } = nodes[`snapshot.shop.${name}`] ?? {};
    const { strategy, unique_key, materialized } = config as Record<string, unknown>;
    return {
      fqn,
      path,
      original_file_path,
      schema,
      alias,
      raw_code,
      tags,
      on: (depends_on as { nodes: unknown }).nodes,
      strategy,
      unique_key,
      materialized,
    };
  };
  const shared = { on: ['seed.shop.orders'], materialized: 'snapshot' };
  assert.equal(facts('first'), {
    ...shared,
    fqn: ['shop', 'daily', 'two', 'first'],
    path: 'daily/two.sql',
    original_file_path: 'snapshots/daily/two.sql',
    schema: 'main_history',
    alias: 'first',
    raw_code: "\n  {{ config(unique_key='id', strategy='timestamp', updated_at='at') }}\n  select * from {{ ref('orders') }}\n",
    tags: ['daily'],
    strategy: 'timestamp',
    unique_key: 'id',
  });
  assert.equal(facts('third'), {
    ...shared,
    fqn: ['shop', 'marts', 'third'],
    path: 'marts/snaps.yml/third.sql',
    original_file_path: 'models/marts/snaps.yml',
    schema: 'main_history',
    alias: 'thirds',
    raw_code: "select * from {{ ref('orders') }}",
    tags: ['yaml'],
    strategy: 'check',
    unique_key: 'id',
  });
  assert.is(nodes['snapshot.shop.second']?.schema, 'kept');
  assert.equal(
    [nodes['snapshot.shop.first']?.description, nodes['snapshot.shop.first']?.patch_path, nodes['snapshot.shop.first']?.meta],
    ['The first', 'shop://models/marts/snaps.yml', { owner: 'ann' }],
  );
  const tests = Object.values(nodes).filter((node) => node.resource_type === 'test');
  assert.equal(tests.map(({ name, attached_node }) => [name, attached_node]).sort(), [
    ['not_null_third_id', 'snapshot.shop.third'],
    ['unique_first_id', 'snapshot.shop.first'],
  ]);
});

test('they are built in graph order, selected by type, listed and shown; results are those of dbt', async () => {
  const shop = await project(FILES);
  const built = await shop.cli(['build']);
  assert.is(built.code, 0, built.stdout + built.stderr);
  assert.equal(await shop.query('select id, status from main_history.thirds union all select id, status from kept.second'), [
    ['1', 'new'],
    ['1', 'new'],
  ]);
  const listed = await shop.cli(['ls', '-s', 'resource_type:snapshot', '--resource-type', 'snapshot', '--output', 'name']);
  assert.equal(listed.stdout.trim().split('\n'), ['first', 'second', 'third']);
  const one = await shop.cli(['snapshot', '-s', 'third']);
  assert.match(one.stdout, /1 of 1 OK snapshot main_history\.thirds \.+ \[SNAPSHOT \(0 rows\) in /);
  const run = JSON.parse(await shop.read('target/run_results.json')) as { args: { which: string }; results: Record<string, unknown>[] };
  assert.equal(
    [run.args.which, ...run.results.map(({ unique_id, status, compiled, relation_name }) => [unique_id, status, compiled, relation_name])],
    ['snapshot', ['snapshot.shop.third', 'success', true, '"dwh"."main_history"."thirds"']],
  );
  assert.match((await shop.cli(['show', '-s', 'third'])).stdout, /1 \| new/);
  assert.match((await shop.cli(['compile', '-s', 'second'])).stdout, /select \* from "dwh"\."main_raw"\."orders"/);
});

test('generate_schema_name is asked, and target_schema is not', async () => {
  const shop = await project({
    ...FILES,
    'macros/names.sql': "{% macro generate_schema_name(name, node) %}{{ node.resource_type }}_{{ name or 'none' }}{% endmacro %}",
  });
  await shop.run('parse');
  const { nodes } = JSON.parse(await shop.read('target/manifest.json')) as ManifestJson;
  assert.equal(
    ['first', 'second', 'third'].map((name) => nodes[`snapshot.shop.${name}`]?.schema),
    ['snapshot_history', 'kept', 'snapshot_history'],
  );
});

test('an edit of one block, or of an entry, is seen by the next run', async () => {
  const shop = await project(FILES);
  await shop.run('parse');
  const keys = async (): Promise<readonly unknown[]> => {
    await shop.run('parse');
    const { nodes } = JSON.parse(await shop.read('target/manifest.json')) as ManifestJson;
    return Object.values(nodes).flatMap((node) =>
      node.resource_type === 'snapshot' ? [[node.name, (node.config as { unique_key: unknown }).unique_key]] : [],
    );
  };
  await shop.write(
    'snapshots/daily/two.sql',
    FILES['snapshots/daily/two.sql'].replace("['id']", "['id', 'at']").replace('{# both #}\n', ''),
  );
  await shop.write('models/marts/snaps.yml', FILES['models/marts/snaps.yml'].replace('unique_key: id', 'unique_key: status'));
  assert.equal(await keys(), [
    ['first', 'id'],
    ['second', ['id', 'at']],
    ['third', 'status'],
  ]);
});

test('an error in a block is at its own line', async () => {
  const shop = await project({
    ...FILES,
    'snapshots/daily/two.sql': FILES['snapshots/daily/two.sql'].replace('  select * from', '  select 1 as id, no_such as at from'),
  });
  const events = await shop.build();
  const { problem } = results(events).get('snapshot.shop.first' as never) ?? {};
  hasProblem(problem ? [problem] : [], { code: 'database-error', message: /no_such/, at: 'snapshots/daily/two.sql:4:19' });
});

test('what a snapshot needs and does not say, or says twice, is a mistake of the project', async () => {
  const entry = (config: string, relation = "ref('orders')"): Record<string, string> => ({
    'project.yml': 'name: shop\n',
    'seeds/orders.csv': 'id\n1\n',
    'models/s.yml': `snapshots: [{name: s, relation: "${relation}", config: ${config}}]\n`,
  });
  const cases: readonly (readonly [config: string, code: string, message: RegExp])[] = [
    ['{strategy: check, check_cols: all}', 'config-missing', /unique_key/],
    ['{unique_key: id}', 'config-missing', /'strategy'/],
    ['{unique_key: id, strategy: chekc, check_cols: all}', 'config-value', /'chekc'/],
    ['{unique_key: id, strategy: timestamp}', 'config-missing', /updated_at/],
    ['{unique_key: id, strategy: timestamp, updated_at: t, check_cols: [id]}', 'config-value', /check_cols/],
    ['{unique_key: id, strategy: check}', 'config-missing', /check_cols/],
    ['{unique_key: id, strategy: check, check_cols: id}', 'config-value', /'all' or a list/],
    ['{unique_key: id, strategy: check, check_cols: all, hard_deletes: drop}', 'config-value', /hard_deletes/],
    ['{unique_key: id, strategy: check, check_cols: all, hard_deletes: ignore, invalidate_hard_deletes: true}', 'config-value', /exclude/],
  ];
  for (const [config, code, message] of cases) {
    await rejects((await project(entry(config))).run('parse'), { code, message });
  }
  const named = await project(entry('{unique_key: id, strategy: check, check_cols: all}', 'orders'));
  await rejects(named.run('parse'), { code: 'snapshot-relation', message: /'orders'/, at: 'models/s.yml:1' });
});

test('--empty makes a snapshot without rows, and takes none for gone', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': "{{ config(materialized='table') }}select 1 as id",
    'snapshots/s.sql':
      "{% snapshot s %}{{ config(unique_key='id', strategy='check', check_cols='all', hard_deletes='invalidate') }}select * from {{ ref('orders') }}{% endsnapshot %}",
  });
  await shop.build({ empty: true });
  assert.equal(await shop.query('select count(*) from s'), [['0']]);
  await shop.build();
  await shop.build({ empty: true });
  assert.equal(await shop.query('select id, dbt_valid_to from s'), [['1', null]]);
});

test('--dry-run tells of a first run and of a later one, and does neither', async () => {
  const shop = await project(FILES);
  const first = await shop.cli(['snapshot', '-s', 'third', '--dry-run']);
  assert.is(first.code, 0, first.stderr);
  assert.match(first.stdout, /create table "dwh"\."main_history"\."thirds__dwh_next"/);
  await shop.build();
  const later = await shop.cli(['snapshot', '-s', 'third', '--dry-run']);
  assert.match(later.stdout, /delete from "dwh"\."main_history"\."thirds"/);
  assert.equal(await shop.query('select count(*) from main_history.thirds'), [['1']]);
});

test.run();
