// Seeds, and models that copy them as they are: each way of building one follows the file that grows.
import * as assert from 'uvu/assert';
import { config, type Shop, type Theme } from './shop.ts';

const HEADER = 'id,first_name,email,joined\n';
const person = (n: number): string =>
  `${n},Name ${n},${n % 7 === 0 ? '' : `n${n}@example.org`},2024-02-${String((n % 28) + 1).padStart(2, '0')}\n`;
const people = (from: number, to: number): string => Array.from({ length: to - from + 1 }, (_, n) => person(from + n)).join('');

export const copies: Theme = (scenario, { name, keepsCase, adapter: { dialect } }) => {
  const kinds = ['view', 'table', 'incremental', ...(name === 'duckdb' ? [] : ['materialized_view'])];
  const copy = (kind: string, from: string): string =>
    `${config(kind)}select * from {{ ref('${from}') }}${kind === 'incremental' ? '{% if is_incremental() %} where id > (select max(id) from {{ this }}){% endif %}' : ''}`;
  const same = async (shop: Shop, copies: readonly string[], seed: string, count: number): Promise<void> => {
    for (const one of copies) {
      const difference = await shop.rows(
        `select count(*) from ((select * from ${seed} except select * from ${one}) union all (select * from ${one} except select * from ${seed})) as d`,
      );
      assert.equal([difference, await shop.rows(`select count(*) from ${one}`)], [[['0']], [[String(count)]]], one);
    }
  };

  scenario(
    'a view, a table, an incremental model and a materialized view of a seed are the seed, before and after it grows',
    async (open) => {
      const shop = await open({
        'seeds/people.csv': HEADER + people(1, 100),
        ...Object.fromEntries(kinds.map((kind) => [`models/as_${kind}.sql`, copy(kind, 'people')])),
        ...Object.fromEntries(kinds.map((kind) => [`models/on_${kind}.sql`, `select * from {{ ref('as_${kind}') }}`])),
      });
      const all = kinds.flatMap((kind) => [`as_${kind}`, `on_${kind}`]);
      await shop.succeeds('seed');
      await shop.succeeds('run');
      await same(shop, all, 'people', 100);
      await shop.write('seeds/people.csv', HEADER + people(1, 150));
      await shop.succeeds('seed');
      await shop.succeeds('run');
      await same(shop, all, 'people', 150);
      await shop.write('seeds/people.csv', HEADER + people(1, 160));
      await shop.succeeds('build');
      await same(shop, all, 'people', 160);
    },
  );

  scenario('the same in a schema and under names in upper case', async (open) => {
    const shop = await open(
      {
        'seeds/PEOPLE.csv': HEADER + people(1, 20),
        'models/AS_VIEW.sql': copy('view', 'PEOPLE'),
        'models/As_Table.sql': copy('table', 'PEOPLE'),
        'models/AS_INCREMENTAL.sql': copy('incremental', 'PEOPLE'),
      },
      { project: 'models: {+schema: UPPER}\n' },
    );
    const schema = dialect.quote('analytics_UPPER');
    const all = ['AS_VIEW', 'As_Table', 'AS_INCREMENTAL'].map((one) => `${schema}.${dialect.quote(one)}`);
    for (const to of [20, 30]) {
      await shop.write('seeds/PEOPLE.csv', HEADER + people(1, to));
      await shop.succeeds('seed');
      await shop.succeeds('run');
      await same(shop, all, dialect.quote('PEOPLE'), to);
    }
    const stored = keepsCase || name === 'duckdb' ? ['analytics_UPPER.AS_INCREMENTAL (table)'] : ['analytics_upper.as_incremental (table)'];
    const there = await shop.relations(keepsCase || name === 'duckdb' ? 'analytics_UPPER' : 'analytics_upper');
    assert.equal(
      there.filter((one) => /incremental/i.test(one)),
      stored,
    );
  });
};
