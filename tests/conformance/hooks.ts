// Hooks: in the node's transaction and outside of it, around the run, and what is left when one of them fails.
import * as assert from 'uvu/assert';
import { results, statuses } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';

/** Each hook writes a line of a log, which is made before the run. */
const LOG = 'on-run-start: create table if not exists {{ target.schema }}.log (seq integer, what varchar(100))\n';
const log = (what: string): string => `insert into analytics.log select count(*), ${what} from analytics.log`;
const logged = async (shop: Shop): Promise<readonly (string | null)[]> =>
  (await shop.rows('select what from log order by seq')).map(([what]) => what ?? null);

export const hooks: Theme = (scenario, { name }) => {
  for (const command of ['run', 'build'])
    scenario(`${command}: before and after, inside and outside of the transaction, with what the node knows`, async (open) => {
      const shop = await open(
        {
          'models/orders.sql': `{{ config(
  materialized='incremental',
  pre_hook=["${log("'inside: {{ model.name }} {{ is_incremental() }}'")}", {'sql': "${log("'before the transaction'")}", 'transaction': false}],
  post_hook=["${log("(select 'after: ' || cast(max(id) as varchar(9)) from {{ this }})")}", after_commit("vacuum {{ this }}"), after_commit("${log("'after the commit'")}")]
) }}\n${queryOf({ id: 1 })}`,
          'tests/any.sql': "select id from {{ ref('orders') }} where id <> 1",
        },
        { project: `${LOG}models:\n  +pre-hook: "${log("'project: {{ this.identifier }}'")}"\n` },
      );
      for (const round of ['False', 'True']) {
        await shop.succeeds(command);
        const lines = (await logged(shop)).slice(-5);
        assert.equal(lines, ['before the transaction', 'project: orders', `inside: orders ${round}`, 'after: 1', 'after the commit']);
      }
    });

  scenario('nothing is left of a node whose hook inside fails, but for what ran outside; its old rows stay', async (open) => {
    const model = (id: number, more = ''): string => config('table', more) + queryOf({ id });
    const failing = `pre_hook=["${log("'inside'")}", before_begin("${log("'outside'")}")], post_hook="insert into no_such_table select 1"`;
    const shop = await open(
      { 'models/orders.sql': model(1), 'tests/any.sql': "select id from {{ ref('orders') }} where id < 0" },
      { project: LOG },
    );
    await shop.succeeds('run');
    await shop.write('models/orders.sql', model(2, failing));
    const { status, message } = results(await shop.run('run')).get('model.shop.orders' as never) ?? {};
    assert.is(status, 'error');
    assert.match(message ?? '', 'no_such_table');
    assert.equal(await logged(shop), ['outside']);
    // In a build what comes before the stage is committed with it, since tests have to see it.
    assert.is(statuses(await shop.run('build'))['model.shop.orders'], 'error');
    assert.equal(await logged(shop), ['outside', 'outside', 'inside']);
    assert.equal([await shop.table('orders'), await shop.relations()], [[['1']], ['log (table)', 'orders (table)']]);
  });

  scenario(
    'what a pre-hook makes is there for the query, its columns and the plan; what a hook drops is known to be gone',
    async (open) => {
      const shop = await open({
        'models/orders.sql': `${config('incremental', `unique_key='id', pre_hook="drop table if exists analytics.fresh; create table analytics.fresh as select {{ var('n') }} as id"`)}select id from analytics.fresh`,
        'models/first.sql':
          config('table', `post_hook="drop table if exists analytics.second; create view analytics.second as select 1 as id"`) +
          queryOf({ id: 1 }),
        'models/second.sql': `${config('table')}select 2 as id from {{ ref('first') }}`,
        'tests/any.sql': "select id from {{ ref('orders') }} where id < 0",
      });
      for (const [n, command] of [
        [1, 'run'],
        [2, 'run'],
        [3, 'build'],
      ] as const)
        await shop.succeeds(command, { vars: { n } });
      assert.equal(await shop.table('orders'), [['1'], ['2'], ['3']]);
      assert.equal(await shop.table('second'), [['2']]);
    },
  );

  scenario(
    'on-run-start and on-run-end run around everything; the end sees results, also of a run that failed, and the schemas of what was made',
    async (open) => {
      const end = `"{% for res in results %}${log("'{{ res.node.name }} {{ res.status }}'")};{% endfor %}${log("'{{ schemas | sort | join(', ') }}'")}"`;
      const shop = await open(
        {
          'models/orders.sql': config('table') + queryOf({ id: 1 }),
          'models/marts/report.sql': "{{ config(schema='marts') }} select wrong",
        },
        {
          project: `on-run-start:\n  - create table if not exists {{ target.schema }}.log (seq integer, what varchar(100))\n  - "${log("'start'")}"\non-run-end: ${end}\n`,
        },
      );
      assert.equal(
        Object.values(statuses(await shop.run('run'))).filter((status) => status !== 'success'),
        ['error'],
      );
      assert.equal([...(await logged(shop))].sort(), ['analytics', 'orders success', 'report error', 'start']);
    },
  );

  scenario('an error in on-run-start stands at its line, and skips what is behind it', async (open) => {
    const shop = await open(
      { 'models/orders.sql': queryOf({ id: 1 }) },
      {
        project:
          'on-run-start:\n  - select 1\n  - select no_such_column\non-run-end: select 2\nflags: {skip_nodes_if_on_run_start_fails: true}\n',
      },
    );
    const events = await shop.run('run');
    assert.is(statuses(events)['model.shop.orders'], 'skipped');
    const { problem } = results(events).get('operation.shop.shop-on-run-start-1' as never) ?? {};
    hasProblem(problem ? [problem] : [], { code: 'database-error', message: 'no_such_column', at: 'project.yml:5:12' });
    assert.equal(await shop.relations(), []);
  });

  if (name !== 'redshift')
    scenario(
      'sql_header: in a config and as a block, before the query and in its transaction, with what is known when it runs',
      async (open) => {
        const make = name === 'duckdb' ? 'create or replace temp macro' : 'create or replace function pg_temp.';
        const header = (fn: string, body: string): string =>
          name === 'duckdb' ? `${make} ${fn}() as ${body};` : `${make}${fn}() returns integer language sql as $$ select ${body} $$;`;
        const call = (fn: string): string => (name === 'duckdb' ? `${fn}()` : `pg_temp.${fn}()`);
        const block = (fn: string): string =>
          `{% call set_sql_header(config) %}${header(fn, "{{ run_query('select 4').columns[0].values()[0] if execute else 0 }}")}{% endcall %}\n`;
        const shop = await open({
          'models/orders.sql': `${config('table', `sql_header='${header('three', '3')}'`)}select ${call('three')} as id`,
          'models/added.sql': `${config('incremental')}${block('four')}select ${call('four')} as id`,
          'models/seen.sql': `${config('view')}${block('five')}select ${name === 'duckdb' ? call('five') : '4'} as id, (select count(*) from {{ ref('orders') }}) as n`,
          'tests/any.sql': "select id from {{ ref('orders') }} where id <> 3 union all select id from {{ ref('added') }} where id <> 4",
        });
        for (const command of ['run', 'build']) await shop.succeeds(command);
        assert.equal([await shop.table('orders'), await shop.table('added')], [[['3']], [['4'], ['4']]]);
        assert.match(await shop.read('target/run/shop/models/orders.sql'), 'three');
      },
    );

  scenario("results of hooks of the run are told in dbt's words", async (open) => {
    const shop = await open(
      { 'models/orders.sql': queryOf({ id: 1 }) },
      { project: 'on-run-start: select 1\non-run-end: [select no_such, select 2]\n' },
    );
    const said = [...results(await shop.run('run')).values()]
      .filter(({ node }) => node.startsWith('operation'))
      .map(({ status, message, failures }) => [status, message?.replace(/\n[\s\S]*/, ''), failures]);
    assert.equal(said, [
      ['success', 'shop.on-run-start.0 passed', 0],
      ['error', 'shop.on-run-end.0 failed, error:', 1],
      ['skipped', 'shop.on-run-end.1 skipped', 1],
    ]);
  });
};
