// Keys of incremental models that are said in other ways; versions of snapshots whose names or columns change.
import * as assert from 'uvu/assert';
import { results } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, queryOf, type Theme } from './shop.ts';

const moment = (n: number): string => `cast('2024-01-0${n} 00:00:00' as timestamp) as at`;

export const keysAndVersions: Theme = (scenario) => {
  scenario(
    'a key that is empty is none; one that names a column twice is that column; one that is not there stops the model',
    async (open) => {
      const row = (name: string, more = ''): string => `select 1 as id, cast('${name}' as varchar(9)) as name${more}`;
      const keys = { empty_text: "''", empty_list: '[]', twice: "['id', 'id']", of_two: "['id', 'name']" };
      const shop = await open({});
      for (const name of ['a', 'b']) {
        for (const [model, key] of Object.entries(keys))
          await shop.write(`models/${model}.sql`, config('incremental', `unique_key=${key}`) + row(name));
        await shop.succeeds('run');
      }
      for (const model of ['empty_text', 'empty_list', 'of_two'])
        assert.equal(await shop.rows(`select name from ${model} order by 1`), [['a'], ['b']], model);
      assert.equal(await shop.rows('select name from twice'), [['b']]);
      for (const key of ["'nope'", "['id', 'nope']"]) {
        await shop.write('models/twice.sql', config('incremental', `unique_key=${key}`) + row('c'));
        const { status, problem } = results(await shop.run('run', { select: 'twice' })).get('model.shop.twice' as never) ?? {};
        assert.is(status, 'error');
        hasProblem(problem ? [problem] : [], { message: 'nope' });
        assert.equal(await shop.rows('select name from twice'), [['b']]);
      }
    },
  );

  scenario('names of the columns of snapshots may be those of the project; other names than those of the table stop it', async (open) => {
    const names = (from: string): string =>
      `snapshots: {+snapshot_meta_column_names: {dbt_valid_from: ${from}, dbt_valid_to: until, dbt_scd_id: version_id, dbt_updated_at: seen}}\n`;
    const shop = await open(
      {
        'models/people.sql': config('table') + queryOf({ id: 1, name: 'a' }),
        'snapshots/kept.yml':
          "snapshots: [{name: kept, relation: ref('people'), config: {unique_key: id, strategy: check, check_cols: [name]}}]\n",
      },
      { project: names('since') },
    );
    await shop.succeeds('build');
    await shop.write('models/people.sql', config('table') + queryOf({ id: 1, name: 'b' }));
    await shop.succeeds('build');
    const held =
      "select name, case when until is null then 'holds' else 'ended' end from kept where since is not null and seen is not null order by name";
    const versions = await shop.rows(held);
    assert.equal(versions, [
      ['a', 'ended'],
      ['b', 'holds'],
    ]);
    await shop.write('project.yml', `name: shop\nprofile: shop\n${names('begins')}`);
    const { problem } = results(await shop.run('snapshot')).get('snapshot.shop.kept' as never) ?? {};
    hasProblem(problem ? [problem] : [], { code: 'snapshot-target', message: 'begins' });
    assert.equal(await shop.rows(held), versions);
  });

  scenario('a new column, with rows that are gone: old versions have NULL there, also those that say that a row is gone', async (open) => {
    const ways = ['ignore', 'invalidate', 'new_record'];
    const people = (...rows: readonly (readonly [number, number, string])[]): string =>
      config('table') + rows.map(([id, at, more]) => `select ${id} as id, ${moment(at)}${more}`).join('\nunion all ');
    const extra = (value: string): string => `, cast('${value}' as varchar(9)) as extra`;
    const shop = await open({
      'models/people.sql': people([1, 1, ''], [2, 1, ''], [3, 1, '']),
      'snapshots/all.yml': `snapshots:\n${ways.map((way) => `  - {name: ${way}_them, relation: ref('people'), config: {unique_key: id, strategy: timestamp, updated_at: at, hard_deletes: ${way}}}\n`).join('')}`,
    });
    await shop.succeeds('build');
    await shop.write('models/people.sql', people([1, 2, extra('x')], [2, 1, extra('y')]));
    await shop.succeeds('build');
    const kept = async (way: string): Promise<unknown> =>
      shop.rows(
        `select id, extra, case when dbt_valid_to is null then 'holds' else 'ended' end as state${way === 'new_record' ? ', dbt_is_deleted' : ''} from ${way}_them order by id, dbt_valid_from, dbt_valid_to`,
      );
    const common = [
      ['1', null, 'ended'],
      ['1', 'x', 'holds'],
      ['2', null, 'holds'],
    ];
    assert.equal(await kept('ignore'), [...common, ['3', null, 'holds']]);
    assert.equal(await kept('invalidate'), [...common, ['3', null, 'ended']]);
    assert.equal(await kept('new_record'), [
      ...common.map((row) => [...row, 'False']),
      ['3', null, 'ended', 'False'],
      ['3', null, 'holds', 'True'],
    ]);
  });
};
