// What only Redshift's configs say of publication.
import * as assert from 'uvu/assert';
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
};
