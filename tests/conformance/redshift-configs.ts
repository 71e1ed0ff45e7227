// What only Redshift's configs say of publication.
import * as assert from 'uvu/assert';
import { results } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, type Theme } from './shop.ts';
import { standInOf } from './warehouses.ts';

export const redshiftConfigs: Theme = (scenario) => {
  scenario('swap: rows are exchanged inside a table, or another takes its name; --full-refresh always makes another', async (open) => {
    const shop = await open({});
    const { transcript } = standInOf(shop.target);
    const swaps = async (swap: string, options: { fullRefresh?: boolean } = {}): Promise<boolean> => {
      await shop.write('models/orders.sql', `${config('table', swap)}select 1 as id, 2 as n`);
      const from = transcript.length;
      await shop.succeeds('build', options);
      return transcript.slice(from).some(({ sql }) => /rename to "orders"/.test(sql));
    };
    assert.equal(
      [
        await swaps(''),
        await swaps(''),
        await swaps("swap='rename'"),
        await swaps("swap='in_place'"),
        await swaps('', { fullRefresh: true }),
      ],
      [true, false, true, false, true],
    );
    // What a table cannot be given while it stays.
    const keys = [
      "dist='id'",
      "dist='id'",
      "dist='id', sort='id'",
      "dist='id', sort=['id', 'n']",
      "dist='id', sort=['n', 'id']",
      "dist='all'",
      "dist='all'",
      '',
    ];
    const swapped: boolean[] = [];
    for (const one of keys) swapped.push(await swaps(one));
    assert.equal(swapped, [true, false, true, true, true, true, false, false]);
    await shop.write('models/orders.sql', `${config('table', "swap='sideways'")}select 1 as id`);
    const problem = await shop.build().catch((error: Error) => error);
    assert.match(JSON.stringify(problem), "'swap'");
  });

  scenario('source freshness without a column: by what the server remembers of its tables', async (open) => {
    const shop = await open({
      'models/sources.yml': `sources:
  - name: landing
    freshness: {error_after: {count: 1, period: day}}
    tables: [{name: filled}, {name: made}, {name: empty}, {name: filtered, identifier: filled, freshness: {filter: id > 1}}, {name: missing}]
`,
    });
    await shop.rows(`create schema landing; create table landing.filled (id integer); insert into landing.filled values (1);
create table landing.made as select 1 as id; create table landing.empty (id integer)`);
    const measured = async (startedAt: number): Promise<Record<string, string>> =>
      Object.fromEntries(
        [...results(await shop.run('source freshness', { startedAt }))].map(([id, { status }]) => [id.replace(/^.*\./, ''), status]),
      );
    const others = { empty: 'runtime error', missing: 'runtime error' };
    // The clock of a run is its own: long before and long after the rows came.
    assert.equal(await measured(Date.UTC(2020, 0, 1)), { filled: 'pass', made: 'pass', filtered: 'pass', ...others });
    assert.equal(await measured(Date.UTC(2100, 0, 1)), { filled: 'error', made: 'error', filtered: 'error', ...others });
    const events = await shop.run('source freshness');
    assert.match(results(events).get('source.shop.landing.empty' as never)?.message ?? '', 'the server remembers for about a week');
    assert.match(results(events).get('source.shop.landing.missing' as never)?.message ?? '', 'there is no table');
    hasProblem(
      events.flatMap((event) => (event.type === 'problems' ? event.problems : [])),
      { code: 'freshness-filter', message: "'filter' has no effect on 'landing.filtered'", at: 'models/sources.yml:4:59' },
    );
  });
};
