// snapshots: versions of rows, each with the time in which it held.
import * as assert from 'uvu/assert';

import { results } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, type Shop, type Theme } from './shop.ts';

type Person = readonly [id: number | null, name: string | null, day: string | null];

/** A table of these rows: id, name, and when it was updated. */
const people = (...rows: readonly Person[]): string => {
  const text = (value: string | number | null): string => (value === null ? 'null' : `'${value}'`);
  const selects = rows.map(
    ([id, name, day]) =>
      `select cast(${id} as integer) as id, cast(${text(name)} as varchar(40)) as name, cast(${text(day)} as timestamp) as updated_at`,
  );
  return config('table') + selects.join('\nunion all ');
};

const block = (name: string, options: string, sql = "select * from {{ ref('people') }}"): string =>
  `{% snapshot ${name} %}\n{{ config(unique_key='id', ${options}) }}\n${sql}\n{% endsnapshot %}\n`;
const TIMESTAMP = "strategy='timestamp', updated_at='updated_at'";

const history = (shop: Shop, more = ''): ReturnType<Shop['rows']> =>
  shop.rows(`select id, name, dbt_valid_from, dbt_valid_to${more} from history order by id, dbt_valid_from, dbt_valid_to`);
const day = (n: number): string => `2024-01-0${n} 00:00:00`;
const count = async (shop: Shop, condition: string): Promise<unknown> =>
  (await shop.rows(`select count(*) from history where ${condition}`))[0]?.[0];

async function rewrite(shop: Shop, ...rows: readonly Person[]): Promise<void> {
  await shop.write('models/people.sql', people(...rows));
  await shop.succeeds('run', { select: 'people' });
}

const failure = async (shop: Shop, command = 'snapshot') => {
  const { problem } = results(await shop.run(command)).get('snapshot.shop.history' as never) ?? {};
  return problem ? [problem] : [];
};

export const snapshots: Theme = (scenario, warehouse) => {
  const { dialect } = warehouse.adapter;

  scenario('timestamp: what is newer begins a version and ends the one before; what is late or the same changes nothing', async (open) => {
    const shop = await open({
      'models/people.sql': people([1, 'Ada', day(1)], [2, 'Bob', day(2)]),
      'snapshots/people.sql': block('history', TIMESTAMP),
    });
    assert.is((await shop.succeeds('build')).get('snapshot.shop.history' as never)?.message, 'SNAPSHOT (2 rows)');
    assert.is((await shop.succeeds('snapshot')).get('snapshot.shop.history' as never)?.message, 'SNAPSHOT (0 rows)');
    const first = await history(shop, ', dbt_scd_id, dbt_updated_at');
    assert.equal(
      first.map((row) => [...row.slice(0, 4), row[5]]),
      [
        ['1', 'Ada', day(1), null, day(1)],
        ['2', 'Bob', day(2), null, day(2)],
      ],
    );
    // As dbt makes the ids.
    assert.equal(
      await shop.rows("select dbt_scd_id from history where id = 1 and dbt_scd_id = md5('1|2024-01-01 00:00:00')"),
      first.slice(0, 1).map((row) => [row[4]]),
    );
    await rewrite(shop, [1, 'Ada L.', day(3)], [2, 'Rob', day(1)], [3, 'Cy', day(1)]);
    await shop.succeeds('snapshot');
    await shop.succeeds('snapshot');
    assert.equal(await history(shop), [
      ['1', 'Ada', day(1), day(3)],
      ['1', 'Ada L.', day(3), null],
      ['2', 'Bob', day(2), null],
      ['3', 'Cy', day(1), null],
    ]);
    assert.equal((await history(shop, ', dbt_scd_id'))[0]?.[4], first[0]?.[4]);
    assert.equal(await shop.relations(), ['history (table)', 'people (table)']);
  });

  scenario('check: the columns that are named, or all; NULL is a value; the moment is the one at which it is found', async (open) => {
    const check = (cols: string): string => `snapshots:
  - name: history
    relation: ref('people')
    config: {strategy: check, unique_key: id, check_cols: ${cols}}
    columns: [{name: id, data_tests: [not_null]}]
`;
    const shop = await open({ 'models/people.sql': people([1, 'Ada', day(1)], [2, null, day(1)]), 'models/history.yml': check('[name]') });
    await shop.succeeds('build');
    await rewrite(shop, [1, 'Ada', day(2)], [2, null, day(2)]);
    assert.is((await shop.succeeds('snapshot')).get('snapshot.shop.history' as never)?.message, 'SNAPSHOT (0 rows)');
    await rewrite(shop, [1, null, day(2)], [2, 'Bob', day(2)]);
    await shop.succeeds('build');
    assert.equal(await shop.rows('select id, name from history where dbt_valid_to is null order by id'), [
      ['1', null],
      ['2', 'Bob'],
    ]);
    assert.is(await count(shop, 'dbt_valid_to is not null'), '2');
    assert.equal(
      await shop.rows('select a.id from history as a join history as b on a.id = b.id and a.dbt_valid_to = b.dbt_valid_from order by a.id'),
      [['1'], ['2']],
    );
    await shop.write('models/history.yml', check('all'));
    await rewrite(shop, [1, null, day(3)], [2, 'Bob', day(2)]);
    await shop.succeeds('snapshot');
    assert.is(await count(shop, 'id = 1'), '3');
    assert.is(await count(shop, 'id = 2'), '2');
  });

  scenario('columns that are new are added, those that are gone are kept, texts become wider', async (open) => {
    const shop = await open({
      'models/people.sql': people([1, 'Ada', day(1)], [2, 'Bob', day(1)]),
      'snapshots/people.sql': block(
        'history',
        "strategy='check', check_cols=['name']",
        "select id, cast(name as varchar(3)) as name, updated_at from {{ ref('people') }}",
      ),
    });
    await shop.succeeds('build');
    await shop.write(
      'snapshots/people.sql',
      block(
        'history',
        "strategy='check', check_cols=['name']",
        "select id, name, cast(id * 2 as integer) as twice from {{ ref('people') }}",
      ),
    );
    await rewrite(shop, [1, 'Adelaide', day(2)], [2, 'Bob', day(2)]);
    await shop.succeeds('build');
    assert.equal(await shop.rows('select id, name, updated_at, twice from history order by id, dbt_valid_from, twice'), [
      ['1', 'Ada', day(1), null],
      ['1', 'Adelaide', null, '2'],
      ['2', 'Bob', day(1), null],
    ]);
    // As in dbt: a checked column that was not there has changed everywhere.
    await shop.write(
      'snapshots/people.sql',
      block('history', "strategy='check', check_cols='all'", "select id, name, 1 as extra from {{ ref('people') }}"),
    );
    await shop.succeeds('snapshot');
    assert.equal(await shop.rows('select id, extra from history where dbt_valid_to is null order by id'), [
      ['1', '1'],
      ['2', '1'],
    ]);
  });

  scenario(
    'rows that are gone are ignored, or end, or get a version that says so; what comes back begins when it is found',
    async (open) => {
      const ways = {
        ignored: 'hard_deletes="ignore"',
        ended: 'hard_deletes="invalidate"',
        older: 'invalidate_hard_deletes=true',
        marked: 'hard_deletes="new_record"',
      };
      const shop = await open({
        'models/people.sql': people([1, 'Ada', day(1)], [2, 'Bob', day(1)]),
        'snapshots/all.sql': Object.entries(ways)
          .map(([name, how]) => block(name, `${TIMESTAMP}, ${how}`))
          .join('\n'),
      });
      const versions = (name: string): ReturnType<Shop['rows']> =>
        shop.rows(`select id, case when dbt_valid_from > ${day3} then 'found' else 'said' end,
        case when dbt_valid_to is null then 'open' when dbt_valid_to < dbt_valid_from then 'wrong' else 'ended' end
        ${name === 'marked' ? ', dbt_is_deleted' : ''} from ${name} order by id, dbt_valid_from, dbt_valid_to`);
      const day3 = "cast('2024-01-03 00:00:00' as timestamp)";
      await shop.succeeds('build');
      await rewrite(shop, [1, 'Ada', day(1)]);
      await shop.succeeds('snapshot');
      await shop.succeeds('snapshot');
      assert.equal(await versions('ignored'), [
        ['1', 'said', 'open'],
        ['2', 'said', 'open'],
      ]);
      for (const name of ['ended', 'older'])
        assert.equal(await versions(name), [
          ['1', 'said', 'open'],
          ['2', 'said', 'ended'],
        ]);
      assert.equal(await versions('marked'), [
        ['1', 'said', 'open', 'False'],
        ['2', 'said', 'ended', 'False'],
        ['2', 'found', 'open', 'True'],
      ]);
      await rewrite(shop, [1, 'Ada', day(1)], [2, 'Bob', day(1)]);
      await shop.succeeds('snapshot');
      await shop.succeeds('snapshot');
      assert.equal(await versions('ignored'), [
        ['1', 'said', 'open'],
        ['2', 'said', 'open'],
      ]);
      for (const name of ['ended', 'older'])
        assert.equal(await versions(name), [
          ['1', 'said', 'open'],
          ['2', 'said', 'ended'],
          ['2', 'found', 'open'],
        ]);
      assert.equal(await versions('marked'), [
        ['1', 'said', 'open', 'False'],
        ['2', 'said', 'ended', 'False'],
        ['2', 'found', 'ended', 'True'],
        ['2', 'found', 'open', 'False'],
      ]);
      for (const name of Object.keys(ways))
        assert.equal(await shop.rows(`select dbt_scd_id from ${name} group by dbt_scd_id having count(*) > 1`), [], name);
    },
  );

  scenario('names of its own for the columns, a value for the current version, a key of two columns, a schema of its own', async (open) => {
    const shop = await open({
      'models/people.sql': people([1, 'Ada', day(1)], [1, 'Bob', day(2)]),
      'models/now.sql': "select id, name from {{ ref('history') }} where until_then > cast('2999-01-01' as timestamp)",
      'snapshots/people.yml': `snapshots:
  - name: history
    relation: ref('people')
    config:
      strategy: timestamp
      unique_key: [id, name]
      updated_at: updated_at
      target_schema: archive
      hard_deletes: new_record
      dbt_valid_to_current: "cast('9999-12-31' as timestamp)"
      snapshot_meta_column_names: {dbt_valid_to: until_then, dbt_valid_from: since_when, dbt_scd_id: version_id, dbt_updated_at: seen, dbt_is_deleted: is_gone}
    data_tests: [{unique: {column_name: version_id}}]
`,
    });
    await shop.succeeds('build');
    await rewrite(shop, [1, 'Ada', day(3)]);
    await shop.succeeds('build');
    const all = await shop.rows(
      "select id, name, since_when, case when until_then = cast('9999-12-31' as timestamp) then 'now' else 'then' end, is_gone from archive.history order by name, since_when",
    );
    assert.equal(
      all.map((row, index) => (index === 3 ? [row[0], row[1], row[3], row[4]] : row)),
      [
        ['1', 'Ada', day(1), 'then', 'False'],
        ['1', 'Ada', day(3), 'now', 'False'],
        ['1', 'Bob', day(2), 'then', 'False'],
        ['1', 'Bob', 'now', 'True'],
      ],
    );
    assert.equal(await shop.table('now'), [
      ['1', 'Ada'],
      ['1', 'Bob'],
    ]);
    assert.equal(await shop.relations('archive'), ['archive.history (table)']);
  });

  scenario('NULL keys, two rows for a key and NULL moments are errors that name them, and nothing is changed', async (open) => {
    const shop = await open({ 'models/people.sql': people([null, 'Ada', day(1)]), 'snapshots/people.sql': block('history', TIMESTAMP) });
    await shop.succeeds('run');
    hasProblem(await failure(shop), { code: 'null-key', message: /'id' is NULL.*\(NULL\)/s, at: 'snapshots/people.sql:1:1' });
    assert.equal(await shop.relations(), ['people (table)']);
    await rewrite(shop, [1, 'Ada', day(1)], [1, 'Bob', day(1)]);
    hasProblem(await failure(shop, 'build'), { code: 'duplicate-key', message: /'id': \(1\) 2 times/, at: 'snapshots/people.sql' });
    await rewrite(shop, [1, 'Ada', day(1)]);
    await shop.succeeds('build');
    const before = await shop.table('history');
    for (const [rows, code] of [
      [
        [
          [null, 'Cy', day(3)],
          [1, 'Ada', day(3)],
        ],
        'null-key',
      ],
      // Of two that are the same as before.
      [
        [
          [1, 'Ada', day(1)],
          [1, 'Ada', day(1)],
        ],
        'duplicate-key',
      ],
      [
        [
          [1, 'Ada', day(1)],
          [2, 'Bob', null],
        ],
        'null-updated-at',
      ],
    ] as const) {
      await rewrite(shop, ...rows);
      hasProblem(await failure(shop), { code });
      assert.equal([await shop.table('history'), await shop.relations()], [before, ['history (table)', 'people (table)']]);
    }
  });

  scenario('versions that would overlap others are not published', async (open) => {
    const until = ', dbt_valid_to_current="cast(\'9999-12-31\' as timestamp)"';
    const shop = await open({
      'models/people.sql': people([1, 'Ada', day(1)]),
      'snapshots/people.sql': block('history', TIMESTAMP + until),
    });
    await shop.succeeds('build');
    const before = await shop.table('history');
    // Without it, the rows that have the value are no current ones any more.
    await shop.write('snapshots/people.sql', block('history', TIMESTAMP));
    await rewrite(shop, [1, 'Ada L.', day(2)]);
    hasProblem(await failure(shop), { code: 'snapshot-overlap', message: /\(1\)/ });
    assert.equal([await shop.table('history'), await shop.relations()], [before, ['history (table)', 'people (table)']]);
  });

  scenario('a version that would begin before the one before it begins when it is found', async (open) => {
    const shop = await open({
      'models/people.sql': people([1, 'Ada', day(5)]),
      'snapshots/people.sql': block('history', "strategy='check', check_cols=['name'], updated_at='updated_at'"),
    });
    await shop.succeeds('build');
    await rewrite(shop, [1, 'Bob', day(2)]);
    await shop.succeeds('snapshot');
    assert.is(await count(shop, "name = 'Ada' and dbt_valid_to > dbt_valid_from"), '1');
    assert.is(await count(shop, `name = 'Bob' and dbt_valid_to is null and dbt_valid_from > dbt_updated_at`), '1');
  });

  scenario('in a build its tests read it as it will be, and hold it back; what refs it comes after', async (open) => {
    const shop = await open({
      'models/people.sql': people([1, 'Ada', day(1)]),
      'models/report.sql': `${config('table')}select name from {{ ref('history') }} where dbt_valid_to is null`,
      'snapshots/people.sql': block('history', TIMESTAMP),
      'snapshots/people.yml':
        'snapshots: [{name: history, columns: [{name: name, data_tests: [{accepted_values: {values: [Ada, Bob]}}]}]}]',
    });
    await shop.succeeds('build');
    await rewrite(shop, [1, 'Cy', day(2)]);
    const held = results(await shop.run('build'));
    assert.is(held.get('snapshot.shop.history' as never)?.status, 'error');
    assert.match(
      held.get('snapshot.shop.history' as never)?.message ?? '',
      /^held back by test\.shop\.accepted_values_history_name__Ada__Bob/,
    );
    assert.is(held.get('model.shop.report' as never)?.status, 'skipped');
    assert.equal(await history(shop), [['1', 'Ada', day(1), null]]);
    await rewrite(shop, [1, 'Bob', day(3)]);
    await shop.succeeds('build');
    assert.equal(await history(shop), [
      ['1', 'Ada', day(1), day(3)],
      ['1', 'Bob', day(3), null],
    ]);
    assert.equal(
      [await shop.table('report'), await shop.relations()],
      [[['Bob']], ['history (table)', 'people (table)', 'report (table)']],
    );
  });

  scenario('what stands at its place and is no snapshot stays, and says so', async (open) => {
    const shop = await open({
      'models/people.sql': people([1, 'Ada', day(1)]),
      'models/history.sql': `${config('view')}select * from {{ ref('people') }}`,
    });
    await shop.succeeds('run');
    await shop.remove('models/history.sql');
    await shop.write('snapshots/people.sql', block('history', TIMESTAMP));
    hasProblem(await failure(shop), { code: 'snapshot-target', message: /is a view/ });
    const name = dialect.relationName({ schema: 'analytics', identifier: 'history' });
    await shop.rows(`drop view ${name}`);
    await shop.rows(`create table ${name} as select * from people`);
    hasProblem(await failure(shop), { code: 'snapshot-target', message: /no column dbt_scd_id, dbt_updated_at/ });
  });

  const OWN = (keys: string): string => `
{% macro snapshot_by_name_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {%- if model_config.unique_key != 'id' or node.name != 'history' or not node.compiled_code or target_exists != (load_relation(this) is not none) -%}
    {%- do exceptions.raise_compiler_error('told other things than dbt tells') -%}
  {%- endif -%}
  {%- set name = config.get('watched') -%}
  {% do return({${keys}}) %}
{% endmacro %}`;
  const KEYS = {
    unique_key: "['id']",
    updated_at: "'updated_at'",
    row_changed: "'lower(' ~ snapshotted_rel ~ '.' ~ name ~ ') <> lower(' ~ current_rel ~ '.' ~ name ~ ')'",
    scd_id: "snapshot_hash_arguments(['id', name])",
    hard_deletes: "'invalidate'",
  };
  const told = (keys: Readonly<Record<string, string>>): string =>
    OWN(
      Object.entries(keys)
        .map(([key, value]) => `'${key}': ${value}`)
        .join(', '),
    );

  scenario('a strategy of the project tells what has changed, and the ids', async (open) => {
    const shop = await open({
      'macros/strategy.sql': told(KEYS),
      'models/people.sql': people([1, 'Ada', day(1)], [2, 'Bob', day(1)], [3, 'Cy', day(1)]),
      'snapshots/people.sql': block('history', "strategy='by_name', watched='name'"),
    });
    await shop.succeeds('build');
    await rewrite(shop, [1, 'ADA', day(2)], [2, 'Rob', day(2)]);
    for (const _ of [1, 2]) await shop.succeeds('snapshot');
    const kept = await shop.rows(
      'select id, name, dbt_valid_from, case when dbt_valid_to is null then 0 else 1 end from history order by id, dbt_valid_from',
    );
    assert.equal(kept, [
      ['1', 'Ada', day(1), '0'],
      ['2', 'Bob', day(1), '1'],
      ['2', 'Rob', day(2), '0'],
      ['3', 'Cy', day(1), '1'],
    ]);
    assert.is(await count(shop, "dbt_scd_id = md5(cast(id as varchar(20)) || '|' || name)"), '4');
    assert.is(await count(shop, `dbt_valid_to = '${day(2)}'`), '1');
    for (const [key, wrong] of [
      ['row_changed', 'none'],
      ['unique_key', '[]'],
      ['hard_deletes', "'always'"],
    ] as const) {
      await shop.write('macros/strategy.sql', told({ ...KEYS, [key]: wrong }));
      hasProblem(await failure(shop), { code: 'strategy-returns', message: new RegExp(key), at: 'macros/strategy.sql:2' });
    }
  });

  for (const [strategy, options] of [
    ['timestamp', TIMESTAMP],
    ['check', "strategy='check', check_cols='all', updated_at='updated_at'"],
  ] as const)
    scenario(`dbt's own strategy '${strategy}', called by one of the project, comes to the same`, async (open) => {
      const shop = await open({
        'macros/strategy.sql': `{% macro snapshot_wrapped_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {% do return(snapshot_${strategy}_strategy(node, snapshotted_rel, current_rel, model_config, target_exists)) %}
{% endmacro %}`,
        'models/people.sql': people([1, 'Ada', day(1)], [2, 'Bob', day(1)], [3, null, day(1)]),
        'snapshots/people.sql': block('history', `${options}, hard_deletes='new_record'`),
        'snapshots/wrapped.sql': block('wrapped', `${options.replace(strategy, 'wrapped')}, hard_deletes='new_record'`),
      });
      const same = async (): Promise<void> => {
        const [one, other] = await Promise.all(
          ['history', 'wrapped'].map((name) =>
            shop.rows(
              `select id, name, updated_at, dbt_valid_from, case when dbt_valid_to is null then 0 else 1 end, dbt_is_deleted, case when dbt_is_deleted = 'True' then '' else dbt_scd_id end from ${name} where dbt_is_deleted = 'False' order by 1, 4, 5`,
            ),
          ),
        );
        assert.equal(other, one);
        assert.ok((other?.length ?? 0) > 2);
      };
      await shop.succeeds('build');
      await same();
      await rewrite(shop, [1, 'Ada', day(1)], [2, 'Rob', day(2)], [3, 'Cy', day(2)]);
      await shop.succeeds('snapshot');
      await same();
      await rewrite(shop, [1, null, day(3)], [3, 'Cy', day(2)]);
      for (const _ of [1, 2]) await shop.succeeds('snapshot');
      await same();
      assert.is((await shop.rows("select count(*) from wrapped where dbt_is_deleted = 'True'"))[0]?.[0], '1');
    });
};
