// microbatch models: which rows a batch reads and replaces, what becomes public when one fails, and what tests see.
import * as assert from 'uvu/assert';
import { batchResultsJson, type Span } from '../../src/core/batch.ts';
import type { Retry } from '../../src/core/request.ts';
import { type RequestOptions, results, statuses } from '../support/fixture.ts';
import { hasProblem, rejects } from '../support/rejects.ts';
import { config, type Open, type Shop, type Theme } from './shop.ts';

const day = (number: number): number => Date.UTC(2024, 0, number);
const days = (from: number, to: number): Span => ({ start: day(from), end: day(to) });

interface Event {
  readonly id: number | null;
  readonly at: string;
  readonly n: string;
}
const events = (...rows: readonly (readonly [id: number | null, at: string, n: string])[]): string =>
  config('table', "event_time='happened_at'") +
  rows
    .map(([id, at, n]): Event => ({ id, at, n }))
    .map(({ id, at, n }) => `select cast(${id} as integer) as id, cast('2024-01-${at}' as timestamp) as happened_at, ${n} as n`)
    .join('\nunion all ');

const daily = (more = '', query = "select id, happened_at, n from {{ ref('events') }}"): string =>
  config(
    'incremental',
    `incremental_strategy='microbatch', event_time='happened_at', begin='2024-01-01', batch_size='day'${more && `, ${more}`}`,
  ) + query;

const FIRST = events([1, '01 10:00:00', '1'], [2, '02 00:00:00', '2'], [3, '02 23:59:59', '3'], [4, '04 12:00:00', '4']);
const AT: RequestOptions = { startedAt: day(4) + 3_600_000 };

const ids = async (shop: Shop): Promise<string> =>
  (await shop.rows('select id, n from daily order by id, n')).map(([id, n]) => `${id}:${n}`).join(' ');

const spans = (list: readonly Span[]): string => list.map(({ start }) => new Date(start).getUTCDate()).join(' ');
const batchesOf = (told: Awaited<ReturnType<Shop['run']>>): string => {
  const found = results(told).get('model.shop.daily')?.batchResults;
  return found ? `${spans(found.successful)} | ${spans(found.failed)}` : 'none';
};

export const microbatch: Theme = (scenario) => {
  const started = (open: Open, more = '', files: Readonly<Record<string, string>> = {}): Promise<Shop> =>
    open({ 'models/events.sql': FIRST, 'models/daily.sql': daily(more), ...files });

  scenario('the first run makes all batches from begin, the next ones look back', async (open) => {
    const shop = await started(open);
    assert.is(batchesOf(await shop.run('run', AT)), '1 2 3 4 | ');
    assert.is(await ids(shop), '1:1 2:2 3:3 4:4');
    // Late and changed rows: those of the last two days are seen.
    await shop.write(
      'models/events.sql',
      events([1, '01 10:00:00', '7'], [3, '03 01:00:00', '30'], [4, '04 12:00:00', '40'], [5, '04 23:00:00', '5']),
    );
    assert.is(batchesOf(await shop.run('run', AT)), '3 4 | ');
    assert.is(await ids(shop), '1:1 2:2 3:3 3:30 4:40 5:5');
    assert.is(batchesOf(await shop.run('run', { ...AT, eventTime: days(1, 3) })), '1 2 | ');
    assert.is(await ids(shop), '1:7 3:30 4:40 5:5');
    await shop.write('models/daily.sql', daily('lookback=0'));
    assert.is(batchesOf(await shop.run('run', AT)), '4 | ');
    assert.is(batchesOf(await shop.run('run', { ...AT, fullRefresh: true })), '1 2 3 4 | ');
    assert.is(await ids(shop), '1:7 3:30 4:40 5:5');
    assert.equal(await shop.relations(), ['daily (table)', 'events (table)']);
  });

  scenario('batches have compiled files, a context and rows of their own', async (open) => {
    const query = `select id, happened_at, '{{ model.batch.id }} {{ model.batch.event_time_start }} {{ model.batch.event_time_end.day }} {{ is_incremental() }}' as n
from {{ ref('events') }} as e where e.id > 0 union all select id + 10, happened_at, 'all' from {{ ref('events').render() }}`;
    const shop = await started(open, '', { 'models/daily.sql': daily('', query) });
    await shop.run('run', { ...AT, eventTime: days(1, 3) });
    // What is read unfiltered still adds only rows of the batch.
    assert.is(
      await ids(shop),
      '1:20240101 2024-01-01 00:00:00+00:00 2 False 2:20240102 2024-01-02 00:00:00+00:00 3 True 3:20240102 2024-01-02 00:00:00+00:00 3 True 11:all 12:all 13:all',
    );
    const compiled = await shop.read('target/compiled/shop/models/daily/daily_2024-01-02.sql');
    assert.match(compiled, /where happened_at >= '2024-01-02 00:00:00\+00:00' and happened_at < '2024-01-03 00:00:00\+00:00'\)\s+as e /);
    assert.match(await shop.read('target/run/shop/models/daily/daily_2024-01-02.sql'), /insert into/);
  });

  scenario('a failed batch leaves the others public, and is all that is run again', async (open) => {
    const shop = await started(open, '', {
      'models/daily.sql': daily(
        '',
        "select id, happened_at, cast(case when n = 3 then 'x' else cast(n as varchar(9)) end as integer) as n from {{ ref('events') }}",
      ),
      'models/behind.sql': "select * from {{ ref('daily') }}",
    });
    const first = await shop.run('run', AT);
    assert.equal(statuses(first), {
      'model.shop.behind': 'skipped',
      'model.shop.daily': 'partial success',
      'model.shop.events': 'success',
    });
    assert.is(batchesOf(first), '1 3 4 | 2');
    assert.is(results(first).get('model.shop.daily')?.message, 'PARTIAL SUCCESS (3/4)');
    assert.is(results(first).get('model.shop.daily')?.problem?.at?.file, 'models/daily.sql');
    assert.is(await ids(shop), '1:1 4:4');
    await shop.write('models/daily.sql', daily());
    const earlier = batchResultsJson(results(first).get('model.shop.daily')?.batchResults);
    const retry: Retry = {
      nodes: ['model.shop.daily'],
      all: ['model.shop.daily'],
      startedAt: AT.startedAt ?? 0,
      results: [{ unique_id: 'model.shop.daily', batch_results: earlier }],
    };
    const again = await shop.run('run', { startedAt: day(20), fullRefresh: true, retry });
    assert.is(batchesOf(again), '2 1 3 4 | ');
    assert.is(await ids(shop), '1:1 2:2 3:3 4:4');
  });

  scenario('behind a first batch that fails no other runs', async (open) => {
    const query = "select id, happened_at, cast(case when n = 1 then 'x' else '2' end as integer) as n from {{ ref('events') }}";
    const shop = await started(open, '', { 'models/daily.sql': daily('', query) });
    const told = await shop.run('run', AT);
    assert.is(statuses(told)['model.shop.daily'], 'error');
    assert.is(batchesOf(told), ' | 1 2 3 4');
    assert.equal(await shop.relations(), ['events (table)']);
  });

  scenario('what replaces a whole table has all batches: else the older one stays', async (open) => {
    const shop = await started(open);
    await shop.run('run', AT);
    const query = "select id, happened_at, cast(case when n = 3 then 'x' else '9' end as integer) as n from {{ ref('events') }}";
    await shop.write('models/daily.sql', daily('', query));
    const told = await shop.run('run', { ...AT, fullRefresh: true });
    assert.is(statuses(told)['model.shop.daily'], 'error');
    assert.is(batchesOf(told), ' | 1 2 3 4');
    assert.is(await ids(shop), '1:1 2:2 3:3 4:4');
    assert.equal(await shop.relations(), ['daily (table)', 'events (table)']);
  });

  scenario('in a build tests read the table as all batches will leave it', async (open) => {
    const schema = JSON.stringify({ models: [{ name: 'daily', columns: [{ name: 'id', data_tests: ['unique', 'not_null'] }] }] });
    const shop = await started(open, '', { 'models/schema.yml': schema });
    await shop.succeeds('build', AT);
    assert.is(await ids(shop), '1:1 2:2 3:3 4:4');
    await shop.write('models/events.sql', events([3, '03 01:00:00', '30'], [null, '04 00:00:00', '0']));
    const held = await shop.run('build', AT);
    assert.is(statuses(held)['model.shop.daily'], 'error');
    assert.match(results(held).get('model.shop.daily')?.message ?? '', /^held back by test\./);
    assert.is(batchesOf(held), ' | 3 4');
    assert.is(await ids(shop), '1:1 2:2 3:3 4:4');
    await shop.write('models/events.sql', events([5, '03 01:00:00', '30'], [6, '04 00:00:00', '0']));
    await shop.succeeds('build', AT);
    assert.is(await ids(shop), '1:1 2:2 3:3 5:30 6:0');
    await shop.succeeds('build', { ...AT, fullRefresh: true });
    assert.is(await ids(shop), '5:30 6:0');
    assert.equal(await shop.relations(), ['daily (table)', 'events (table)']);
  });

  scenario('in a build a failed batch leaves the others to their tests, and to the public', async (open) => {
    const query =
      "select id, happened_at, cast(case when n = 40 then 'x' else cast(n as varchar(9)) end as integer) as n from {{ ref('events') }}";
    const schema = JSON.stringify({ models: [{ name: 'daily', columns: [{ name: 'id', data_tests: ['unique'] }] }] });
    const shop = await started(open, '', { 'models/schema.yml': schema, 'models/daily.sql': daily('', query) });
    await shop.succeeds('build', AT);
    await shop.write('models/events.sql', events([6, '03 01:00:00', '30'], [4, '04 12:00:00', '40']));
    const told = await shop.run('build', AT);
    assert.is(statuses(told)['model.shop.daily'], 'partial success');
    assert.is(batchesOf(told), '3 | 4');
    assert.ok(Object.values(statuses(told)).includes('pass'));
    assert.is(await ids(shop), '1:1 2:2 3:3 4:4 6:30');
  });

  scenario('a unique_key takes rows of the same key away wherever they are, and is in one new row only', async (open) => {
    for (const command of ['run', 'build']) {
      const shop = await started(open, "unique_key='id'", { 'tests/any.sql': "select 1 as one from {{ ref('daily') }} where 1 = 0" });
      await shop.succeeds(command, AT);
      // 2 was of the second day.
      await shop.write('models/events.sql', events([2, '03 10:00:00', '20'], [5, '04 10:00:00', '5']));
      await shop.succeeds(command, AT);
      assert.is(await ids(shop), '1:1 2:20 3:3 5:5');
      await shop.write('models/events.sql', events([2, '03 10:00:00', '1'], [2, '03 11:00:00', '2'], [5, '03 12:00:00', '0']));
      const told = await shop.run(command, AT);
      assert.is(statuses(told)['model.shop.daily'], 'error', command);
      assert.is(await ids(shop), '1:1 2:20 3:3 5:5');
    }
  });

  scenario('columns come and go as on_schema_change says, and predicates keep rows', async (open) => {
    const shop = await started(open, "on_schema_change='sync_all_columns', incremental_predicates=['DBT_INTERNAL_DEST.id < 4']");
    await shop.run('run', AT);
    await shop.write('models/events.sql', events([3, '03 01:00:00', '30'], [5, '04 10:00:00', '5']));
    await shop.write(
      'models/daily.sql',
      daily(
        "on_schema_change='sync_all_columns', incremental_predicates=['DBT_INTERNAL_DEST.id < 4']",
        "select id, happened_at, n, n + 1 as more from {{ ref('events') }}",
      ),
    );
    await shop.succeeds('run', AT);
    assert.equal(await shop.rows('select id, n, more from daily order by id, n'), [
      ['1', '1', null],
      ['2', '2', null],
      ['3', '3', null],
      ['3', '30', '31'],
      ['4', '4', null],
      ['5', '5', '6'],
    ]);
  });

  scenario('hooks run once: before the first batch, behind the last', async (open) => {
    const shop = await started(
      open,
      "pre_hook='create table hooked (n integer)', post_hook='insert into hooked select count(*) from {{ this }}'",
    );
    await shop.succeeds('run', { ...AT });
    assert.equal(await shop.rows('select n from hooked'), [['4']]);
  });

  scenario('an event_time that the model does not have is an error with its columns', async (open) => {
    const shop = await started(open, '', { 'models/daily.sql': daily('', "select id, n from {{ ref('events') }}") });
    const told = await shop.run('run', AT);
    const problem = results(told).get('model.shop.daily')?.problem;
    hasProblem(problem ? [problem] : [], { code: 'event-time-missing', message: /happened_at/, hint: /id, n/ });
  });

  scenario('--sample reads inputs of a time, whatever the model', async (open) => {
    const shop = await started(open, '', {
      'models/all_of_it.sql': `${config('table')}select e.id, n from {{ ref('events') }} e`,
      'models/short_lived.sql': `${config('ephemeral', "event_time='happened_at'")}select * from {{ ref('events') }}`,
      'models/behind.sql': `${config('table')}select id from {{ ref('short_lived') }} union all select id from {{ ref('events').render() }}`,
    });
    await shop.succeeds('run', { ...AT, sample: { start: day(2) + 1, end: day(4) } });
    assert.equal(await shop.table('all_of_it'), [['3', '3']]);
    assert.equal((await shop.table('behind')).length, 5);
    assert.is(await ids(shop), '3:3');
    await shop.succeeds('run', { ...AT, sample: days(2, 4), empty: true });
    assert.equal(await shop.table('all_of_it'), []);
  });

  scenario('inputs without an event_time are told of: batches read all of them', async (open) => {
    const shop = await started(open);
    const told = async (): Promise<readonly string[]> =>
      (await shop.run('parse')).flatMap((event) => (event.type === 'problems' ? event.problems.map(({ code }) => code) : []));
    assert.equal(await told(), []);
    await shop.write('models/events.sql', FIRST.replace(", event_time='happened_at'", ''));
    for (const _ of ['cold', 'warm']) assert.equal(await told(), ['batch-unfiltered']);
    await shop.succeeds('run', AT);
    assert.is(await ids(shop), '1:1 2:2 3:3 4:4');
  });

  scenario('mistakes are told before anything runs, where the model is', async (open) => {
    const strategy = "incremental_strategy='microbatch'";
    const told = async (more: string, code: string, message: RegExp): Promise<unknown> => {
      const shop = await open({ 'models/daily.sql': `${config('incremental', `${strategy}${more}`)}select 1 as id` });
      return rejects(shop.run('parse'), { code, message, at: 'models/daily.sql:1' });
    };
    const rest = ", event_time='a', begin='2024-01-01', batch_size='day'";
    for (const key of ['event_time', 'begin', 'batch_size'])
      await told(rest.replace(new RegExp(`, ${key}='[^']*'`), ''), 'config-missing', new RegExp(key));
    await told(rest.replace('day', 'week'), 'config-value', /batch_size/);
    await told(rest.replace('2024-01-01', 'soon'), 'config-value', /begin/);
    await told(rest.replace('2024-01-01', '2024-02-31'), 'config-value', /begin/);
    await told(`${rest}, lookback=-1`, 'config-value', /lookback/);
  });

  const HELD = `models:
  - name: daily
    config: {contract: {enforced: true}}
    constraints: [{type: primary_key, columns: [id], name: pk_daily, warn_unenforced: false}]
    columns:
      - {name: n, data_type: integer}
      - {name: id, data_type: integer, constraints: [{type: not_null}]}
      - {name: happened_at, data_type: timestamp}
`;
  for (const gate of [{}, { 'tests/none.sql': "select id from {{ ref('daily') }} where id < 0" }])
    scenario(`batches are held to the contract of their model${Object.keys(gate).length > 0 ? ', behind a test' : ''}`, async (open) => {
      const more = "on_schema_change='fail'";
      const shop = await started(open, more, { 'models/daily.yml': HELD, ...gate });
      const command = Object.keys(gate).length > 0 ? 'build' : 'run';
      const inOrder = async (): Promise<string> =>
        (await shop.rows('select * from daily order by id')).map((row) => row.slice(0, 2)).join(' ');
      for (const fullRefresh of [false, false, true]) {
        const again = (await shop.relations()).length > 0 && !fullRefresh;
        assert.is(batchesOf(await shop.run(command, { ...AT, fullRefresh })), again ? '3 4 | ' : '1 2 3 4 | ');
        // In the contract's order, not in the query's.
        assert.is(await inOrder(), '1,1 2,2 3,3 4,4');
      }
      await shop.write('models/events.sql', events([5, '03 12:00:00', '5'], [null, '04 12:00:00', '4']));
      const refused = results(await shop.run('run', AT)).get('model.shop.daily');
      assert.is(refused?.status, 'partial success');
      assert.is(await inOrder(), '1,1 2,2 3,3 4,4 5,5');
      await shop.write('models/daily.sql', daily(more, "select id, happened_at, n, 'x' as more from {{ ref('events') }}"));
      const broken = results(await shop.run('run', AT)).get('model.shop.daily');
      assert.is(broken?.status, 'error');
      hasProblem(broken?.problem ? [broken.problem] : [], { code: 'contract' });
      assert.equal(await shop.relations(), ['daily (table)', 'events (table)']);
    });

  const OWN = `{% macro get_incremental_microbatch_sql(arg_dict) %}
  {%- set names = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
  {%- if model.batch.id %}
  delete from {{ arg_dict['target_relation'] }} where happened_at >= '{{ model.config.__dbt_internal_microbatch_event_time_start }}' and happened_at < '{{ model.batch.event_time_end }}';
  {%- endif %}
  insert into {{ arg_dict['target_relation'] }} ({{ names }}) select {{ names | replace('"n"', '"n" + 100') }} from {{ arg_dict['temp_relation'] }}
{% endmacro %}`;
  scenario('a macro of the project brings in each batch, when a flag says so', async (open) => {
    const files = { 'models/events.sql': FIRST, 'models/daily.sql': daily(), 'macros/own.sql': OWN };
    const flags = 'flags: {require_batched_execution_for_custom_microbatch_strategy: true}\n';
    const shop = await open({ ...files, 'tests/none.sql': "select id from {{ ref('daily') }} where id < 0" }, { project: flags });
    // The first batch makes the table, the macro adds the others.
    for (const again of [{}, { fullRefresh: true }]) {
      assert.is(batchesOf(await shop.run('build', { ...AT, ...again })), '1 2 3 4 | ');
      assert.is(await ids(shop), '1:1 2:102 3:103 4:104');
    }
    await shop.write('models/events.sql', events([1, '01 10:00:00', '7'], [5, '03 01:00:00', '5'], [4, '04 12:00:00', '40']));
    assert.is(batchesOf(await shop.run('run', AT)), '3 4 | ');
    assert.is(await ids(shop), '1:1 2:102 3:103 4:140 5:105');
    assert.equal(await shop.relations(), ['daily (table)', 'events (table)']);
    const told = await shop.read('target/run/shop/models/daily/daily_2024-01-03.sql');
    assert.match(told, /delete from .*daily. where happened_at >= '2024-01-03 00:00:00\+00:00'/);
    await shop.write('project.yml', (await shop.read('project.yml')).replace(flags, ''));
    assert.is(batchesOf(await shop.run('run', AT)), 'none');
    assert.is(await ids(shop), '1:1 1:107 2:102 3:103 4:140 4:140 5:105 5:105');
  });
};
