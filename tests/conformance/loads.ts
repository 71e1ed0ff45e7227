// Loads: files into a table once each, records refused with their place and reason, the ledger, and what asks it.
import { gzipSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { loadedOf, sourcesYaml, type TableSpec } from '../loads/project.ts';
import { output, type RequestOptions, results, statuses } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { queryOf, type Shop, type Theme } from './shop.ts';

const events: TableSpec = {
  columns: 'ts:bigint page:varchar(10) price:decimal(6,2) ok:boolean seen:timestamp',
  load: { on_error: 'reject' },
};
const line = (ts: number | string, more: object = {}): string => `${JSON.stringify({ ts, ...more })}\n`;
const sources = (spec: TableSpec = events, more: object = {}): Record<string, string> => ({
  'models/sources.yml': sourcesYaml({ events: spec }, { schema: 'landing', ...more }),
});
const load = async (shop: Shop, options?: RequestOptions) => loadedOf(await shop.run('load', options));

/** [files of the ledger with their rows, rejects by file and line]; the ledger must say what the table holds. */
async function ledger(shop: Shop): Promise<readonly [string, string]> {
  const files = await shop.rows('select file_key, row_count, reject_count from _dwh.load_files order by file_key');
  const rejects = await shop.rows('select file_key, line, column_name, reason from _dwh.load_rejects order by file_key, line');
  const [[count] = []] = await shop.rows('select count(*) from landing.events');
  assert.is(
    files.reduce((sum, [, rows]) => sum + Number(rows), 0),
    Number(count),
  );
  assert.is(
    files.reduce((sum, [, , refused]) => sum + Number(refused), 0),
    rejects.length,
  );
  return [files.map(([key, rows]) => `${key}=${rows}`).join(' '), rejects.map((reject) => reject.join(' ')).join(', ')];
}

export const loads: Theme = (scenario) => {
  scenario('thousands of files are in the ledger, each with what it is known by', async (open) => {
    const files = Array.from({ length: 2050 }, (_, index) => [`events/${index} "o'clock", \u00fc.json`, line(index)] as const);
    const shop = await open({ ...sources(), ...Object.fromEntries(files) });
    assert.equal((await load(shop)).counts, [2050, 2050, 0, 0]);
    assert.equal(await shop.rows('select count(*), count(distinct file_key), sum(row_count), max(reject_count) from _dwh.load_files'), [
      ['2050', '2050', '2050', '0'],
    ]);
    assert.equal((await load(shop)).counts, [0, 0, 2050, 0]);
    await shop.write('events/7.json', line(7));
    assert.equal((await load(shop)).counts, [1, 1, 2050, 0]);
  });

  scenario('JSON: values of every type, unicode, NULLs; records that are refused are kept with place and reason', async (open) => {
    const shop = await open({
      ...sources({ ...events, load: { on_error: 'reject', truncate_columns: true } }),
      'events/a.json': `${line(1, { page: 'höme', price: 1.5, ok: true, seen: '2024-02-29 23:59:59.5' })}\r\n{}\n${line('2', { page: '😀😀😀', price: '-9999.99', ok: 'f', more: 1 })}${line(3, { page: null, price: '' })}`,
      'events/b.json': `${line('soon')}oops\n${line(4, { price: 123456 })}{"ts": 5,\n "page": "a\\nb"}\n${line(6, { page: 'a\u0000' })}${line(7, { page: { a: [1] } })}`,
      'events/c.json': gzipSync(line(8)),
    });
    const { message, counts, warnings } = await load(shop);
    assert.is(message, 'LOAD (6 rows of 3 files, 4 rejected)');
    assert.equal(counts, [6, 3, 0, 4]);
    assert.equal(warnings, ['load-rejects: 4 records were refused and kept in _dwh.load_rejects']);
    assert.equal(await shop.rows('select ts, page, price, ok, seen from landing.events order by ts'), [
      ['1', 'höme', '1.50', 'true', '2024-02-29 23:59:59.5'],
      ['2', '😀😀', '-9999.99', 'false', null],
      ['3', null, null, null, null],
      ['5', 'a\nb', null, null, null],
      ['7', '{"a":[1]}', null, null, null],
      ['8', null, null, null, null],
    ]);
    const [files, rejects] = await ledger(shop);
    assert.is(files, 'events/a.json=3 events/b.json=2 events/c.json=1');
    assert.match(
      rejects,
      /^events\/b\.json 1 ts not a number, events\/b\.json 2 {2}not a JSON object, events\/b\.json 3 price .*, events\/b\.json 6 /,
    );
  });

  scenario('files of many batches: a refused record far behind stops all of it, or is kept among all the others', async (open) => {
    const rows = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, at) => `${from + at},${'text '.repeat(20)}${from + at}\n`).join('');
    const files = {
      'events/a.csv': `id,name\n${rows(0, 15_000)}`,
      'events/b.csv': `id,name\n${rows(15_000, 28_000)}many,x\n${rows(28_000, 40_000)}`,
      'events/c.csv': 'id,name\nnone,\n',
    };
    const columns = 'id:integer name:varchar(200)';
    const shop = await open({ ...sources({ columns, load: { format: 'csv' } }), ...files });
    const stopped = await load(shop);
    assert.is(stopped.status, 'error');
    hasProblem(stopped.problem ? [stopped.problem] : [], { code: 'load-reject', at: 'events/b.csv:13002', message: 'not a number' });
    await shop.write('models/sources.yml', sources({ columns, load: { format: 'csv', on_error: 'reject' } })['models/sources.yml'] ?? '');
    assert.equal((await load(shop)).counts, [40_000, 3, 0, 2]);
    assert.equal(await ledger(shop), [
      'events/a.csv=15000 events/b.csv=25000 events/c.csv=0',
      'events/b.csv 13002 id not a number, events/c.csv 2 id not a number',
    ]);
    assert.equal(await shop.rows('select count(distinct id), max(length(name)) from landing.events'), [['40000', '105']]);
  });

  scenario('CSV: quotes, line ends inside of values, a header, refused rows', async (open) => {
    const columns = 'id:integer name:varchar(20) day:date';
    const shop = await open({
      ...sources({ columns, load: { format: 'csv', ignoreheader: 1, on_error: 'reject' } }),
      'events/a.csv': 'id,name,day\n1,"a ""b"", c\nd",2024-02-29\n2,,\nx,é,2024-01-01\n3,"",2024-13-01\n',
    });
    assert.equal((await load(shop)).counts, [2, 1, 0, 2]);
    assert.equal((await shop.rows('select * from landing.events order by id'))[0], ['1', 'a "b", c\nd', '2024-02-29']);
    assert.match((await ledger(shop))[1], /events\/a\.csv 5 id .*, events\/a\.csv 6 day /);
  });

  scenario(
    'a second load takes nothing; late files come; changed files stop it, or load all again; a table that is gone is filled anew',
    async (open) => {
      const shop = await open({ ...sources(), 'events/b.json': line(1), 'events/c.json': `${line(2)}oops\n` });
      assert.equal((await load(shop)).counts, [2, 2, 0, 1]);
      assert.is((await load(shop)).message, 'no new files (2 loaded before)');
      await shop.write('events/a.json', line(3));
      assert.is((await load(shop)).message, 'LOAD (1 row of 1 file, 2 loaded before)');
      await shop.write('events/c.json', line(4) + line(5));
      await shop.write('events/d.json', line(6));
      const stopped = await load(shop);
      hasProblem(stopped.problem ? [stopped.problem] : [], { code: 'load-changed', hint: 'on_change: reload', at: 'models/sources.yml' });
      assert.equal(await ledger(shop), ['events/a.json=1 events/b.json=1 events/c.json=1', 'events/c.json 2  not a JSON object']);
      await shop.write(
        'models/sources.yml',
        sourcesYaml({ events: { ...events, load: { on_error: 'reject', on_change: 'reload' } } }, { schema: 'landing' }),
      );
      assert.equal((await load(shop)).counts, [5, 4, 0, 0]);
      assert.equal(await ledger(shop), ['events/a.json=1 events/b.json=1 events/c.json=2 events/d.json=1', '']);
      await shop.rows('drop table landing.events');
      assert.equal((await load(shop)).counts, [5, 4, 0, 0]);
      assert.equal((await load(shop, { fullRefresh: true })).counts, [5, 4, 0, 0]);
      assert.equal(await shop.rows('select count(*), count(distinct ts) from landing.events'), [['5', '5']]);
    },
  );

  scenario(
    'on_error: abort says file, line, column, value and reason, and loads nothing; --dry-run and --empty do not either',
    async (open) => {
      const shop = await open({
        ...sources({ ...events, load: { on_error: 'abort' } }),
        'events/a.json': line(1),
        'events/b.json': line(2) + line('soon'),
      });
      assert.match(output(await shop.run('load', { dryRun: true })), /load events\/b\.json \(new/);
      assert.equal(await shop.relations('landing', '_dwh'), []);
      const { problem } = await load(shop);
      hasProblem(problem ? [problem] : [], {
        code: 'load-reject',
        message: `column 'ts': "soon" is refused: not a number`,
        at: 'events/b.json:2:1',
      });
      assert.equal(
        (await shop.relations('landing', '_dwh')).filter((name) => name.startsWith('landing')),
        [],
      );
      assert.equal(await shop.rows('select count(*) from _dwh.load_files'), [['0']]);
      assert.is(statuses(await shop.build({ empty: true }))['source.shop.raw.events'], 'success');
      assert.equal(await shop.rows('select count(*) from landing.events'), [['0']]);
    },
  );

  scenario('a test of a source that fails skips what is downstream; its rows stay, and the next build tests again', async (open) => {
    const shop = await open({
      ...sources({ ...events, more: { data_tests: [{ row_count_at_least: { count: 2 } }] } }),
      'events/a.json': line(1),
      'models/plays.sql': "select ts from {{ source('raw', 'events') }}",
    });
    assert.equal(Object.values(statuses(await shop.build())), ['skipped', 'success', 'fail']);
    assert.equal([await shop.rows('select count(*) from landing.events'), await shop.relations()], [[['1']], []]);
    await shop.write('events/b.json', line(2));
    await shop.succeeds('build');
    assert.equal(await shop.table('plays'), [['1'], ['2']]);
  });

  scenario('many rows through the exact reader, and many files', async (open) => {
    const rows = 20_000;
    const files = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`events/many/${n}.json`, line(n + rows)]));
    const shop = await open({
      ...sources(),
      'events/large.json': `oops\n${Array.from({ length: rows }, (_, n) => line(n, { page: `p${n % 7}` })).join('')}`,
      ...files,
    });
    assert.equal((await load(shop)).counts, [rows + 200, 201, 0, 1]);
    assert.equal(await shop.rows('select count(*), count(distinct ts), max(ts), count(distinct page) from landing.events'), [
      [String(rows + 200), String(rows + 200), String(rows + 199), '7'],
    ]);
    assert.is((await load(shop)).message, 'no new files (201 loaded before)');
  });

  scenario('source freshness: of the ledger, of a column, of a query; rows with and without a time zone', async (open) => {
    const spec = { warn_after: { count: 12, period: 'hour' }, error_after: { count: 2, period: 'day' } };
    const table = (name: string, more: object): object => ({ name, freshness: spec, ...more });
    const yaml = JSON.parse(sourcesYaml({ events }, { schema: 'landing', freshness: spec })) as { sources: { tables: object[] }[] };
    yaml.sources[0]?.tables.push(
      table('orders', { loaded_at_field: 'placed' }),
      table('zoned', { loaded_at_field: 'placed', identifier: 'orders_zoned' }),
      table('asked', { loaded_at_query: 'select min(placed) from landing.orders' }),
      table('none', { loaded_at_field: 'placed' }),
    );
    const shop = await open({ 'models/sources.yml': JSON.stringify(yaml), 'events/a.json': line(1) });
    await load(shop);
    // The tests' clock stands at 2024-01-15 12:00 UTC.
    const at = (text: string): string => `cast('${text}' as timestamp) as placed`;
    await shop.rows(`create table landing.orders as select ${at('2024-01-15 01:00:00')} union all select ${at('2024-01-14 11:00:00')};
create table landing.orders_zoned as select cast('2024-01-15 03:00:00+02' as timestamp with time zone) as placed;
create table landing.none as select ${at('2024-01-15 01:00:00')} where 1 = 0`);
    const events_ = await shop.run('source freshness');
    const found = [...results(events_).values()].map(({ node, status, message }) => `${node.split('.').at(-1)} ${status} ${message}`);
    assert.equal(found.sort(), [
      'asked warn newest is 25 hours old',
      'events pass newest is 0 minutes old',
      'none error no rows: never loaded, or empty',
      'orders pass newest is 11 hours old',
      'zoned pass newest is 11 hours old',
    ]);
  });

  scenario('state_schema names the schema of the ledger; names of columns fold unless they are quoted', async (open) => {
    const columns = [
      { name: 'Ts', data_type: 'bigint' },
      { name: 'Page', data_type: 'varchar(9)', quote: true },
    ];
    const table = { name: 'events', load: { from: 'events', format: 'json', jsonpaths: 'paths.json' }, columns };
    const shop = await open(
      {
        'models/sources.yml': JSON.stringify({ sources: [{ name: 'raw', schema: 'landing', tables: [table] }] }),
        'paths.json': '{"jsonpaths": ["$.ts", "$.page"]}',
        'events/a.json': line(1, { page: 'home' }),
        'models/plays.sql': `select ts, "Page" as page from {{ source('raw', 'events') }}`,
        'models/empty.sql': queryOf({ id: 1 }),
      },
      { target: { state_schema: 'dwh_state' } },
    );
    await shop.succeeds('build');
    await shop.succeeds('build');
    assert.equal(await shop.table('plays'), [['1', 'home']]);
    assert.equal(await shop.relations('_dwh'), []);
    assert.ok((await shop.relations('dwh_state')).includes('dwh_state.load_files (table)'));
  });
};
