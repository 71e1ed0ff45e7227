// seeds: CSV files as tables, with the types and the texts that are in them.
import * as assert from 'uvu/assert';
import { results } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import type { Theme } from './shop.ts';

export const seeds: Theme = (scenario) => {
  scenario('types are those of the values, or those that are asked for', async (open) => {
    const shop = await open(
      {
        'seeds/kinds.csv': `whole,large,ratio,day,moment,utc,flag,code,zoned,rest,price,zip
1,9007199254740993,0.5,2024-02-29,2024-02-29 10:11:12,2024-02-29T10:11:12.00000Z,true,007,2024-02-29T10:11:12+02:00,a,1.10,01234
-2,-9223372036854775808,1e3,1999-12-3,1999-12-31 0:00:00.5,1999-12-31T00:00:00+00:00,FALSE,8,2024-02-29T10:11:12Z,1,22.2,7
,,,,,,,,,,,
`,
      },
      { project: 'seeds: {shop: {kinds: {+column_types: {price: "decimal(10, 3)", zip: varchar(10)}}}}\n' },
    );
    await shop.succeeds('seed');
    const columns = 'whole + 1, large, ratio, day, moment, utc, not flag, code, zoned, rest, price, zip';
    assert.equal(await shop.rows(`select ${columns} from kinds where whole is not null order by whole`), [
      [
        ...['-1', '-9223372036854775808', '1000', '1999-12-03', '1999-12-31 00:00:00.5', '1999-12-31 00:00:00', 'true'],
        ...['8', '2024-02-29T10:11:12Z', '1', '22.200', '7'],
      ],
      [
        ...['2', '9007199254740993', '0.5', '2024-02-29', '2024-02-29 10:11:12', '2024-02-29 10:11:12', 'false'],
        ...['007', '2024-02-29T10:11:12+02:00', 'a', '1.100', '01234'],
      ],
    ]);
    assert.equal(await shop.rows('select * from kinds where whole is null'), [Array.from({ length: 12 }, () => null)]);
  });

  scenario('quotes, commas, line ends, unicode and NULLs; names with blanks, of reserved words, in upper case', async (open) => {
    const shop = await open({
      'seeds/texts.csv': `id,"a ""b"", c",select,Größe\r
1,"x, ""y""
z",' ; --,😀音\r
2,"",NULL,"null "\r
`,
      'models/reads.sql': `select id, "a ""b"", c" as x, "select" as y from {{ ref('texts') }}`,
    });
    await shop.succeeds('build');
    assert.equal(await shop.rows('select * from texts order by id'), [
      ['1', 'x, "y"\nz', "' ; --", '😀音'],
      ['2', null, null, 'null '],
    ]);
    assert.equal((await shop.table('reads'))[1], ['2', null, null]);
  });

  scenario('names of columns are kept as they are, unless quote_columns says that they need no quotes', async (open) => {
    const shop = await open(
      {
        'seeds/kept.csv': 'Id,FULL_NAME\n1,Ada\n',
        'seeds/plain.csv': 'Id,FULL_NAME\n2,Bob\n',
        'models/reads.sql': `select "Id" as id, "FULL_NAME" as name from {{ ref('kept') }} union all select id, Full_Name from {{ ref('plain') }}`,
      },
      { project: 'seeds: {shop: {plain: {+quote_columns: false}}}\n' },
    );
    await shop.succeeds('build');
    assert.equal(await shop.table('reads'), [
      ['1', 'Ada'],
      ['2', 'Bob'],
    ]);
  });

  scenario('a hundred thousand rows arrive, and a seed that changes is made anew, columns and all', async (open) => {
    const count = 100_000;
    const lines = Array.from({ length: count }, (_, n) => `${n},"name, ${n}",${n / 4}\n`);
    const shop = await open({ 'seeds/large.csv': `id,name,quarter\n${lines.join('')}` });
    assert.is((await shop.succeeds('seed')).get('seed.shop.large')?.message, 'SEED (100000 rows)');
    const sum = (count * (count - 1)) / 2;
    assert.equal(
      await shop.rows(
        "select count(*), sum(id), count(distinct name), max(quarter), count(case when name = 'name, 77' then 1 end) from large",
      ),
      [[String(count), String(sum), String(count), '24999.75', '1']],
    );
    await shop.write('seeds/large.csv', 'name|n\na|1\n');
    await shop.write('project.yml', 'name: shop\nprofile: shop\nseeds: {+delimiter: "|"}\n');
    await shop.succeeds('seed');
    assert.equal(await shop.table('large'), [['a', '1']]);
    assert.equal(await shop.relations(), ['large (table)']);
  });

  scenario('a value that does not fit leaves the old rows, and is named with its row and column', async (open) => {
    const shop = await open({ 'seeds/rates.csv': 'code,rate\nEUR,1\n' }, { project: 'seeds: {+column_types: {rate: integer}}\n' });
    await shop.succeeds('seed');
    await shop.write('seeds/rates.csv', 'code,rate\nUSD,2\nGBP,many\n');
    for (const command of ['seed', 'build']) {
      const { problem } = results(await shop.run(command)).get('seed.shop.rates' as never) ?? {};
      hasProblem(problem ? [problem] : [], { code: 'database-error', message: /row 2, column 'rate'.*many/s, at: 'seeds/rates.csv' });
      assert.equal([await shop.table('rates'), await shop.relations()], [[['EUR', '1']], ['rates (table)']]);
    }
  });

  scenario('--show shows the first rows of each seed that was loaded; other columns need no --full-refresh', async (open) => {
    const shop = await open({ 'seeds/rates.csv': 'code,rate\nEUR,1\n', 'seeds/none.csv': 'code,rate\n' });
    const shown = async (show: boolean): Promise<string> =>
      (await shop.run('seed', { show })).flatMap((event) => (event.type === 'output' ? [event.text] : [])).join('');
    assert.match(await shown(true), /rates"?:\n *code \| rate\n[-+]+\n *EUR *\| *1\n/);
    assert.is(await shown(false), '');
    await shop.write('seeds/rates.csv', 'currency,rate,at\nEUR,1,2024-01-01\n');
    assert.match(await shown(true), 'currency | rate | at');
  });
};
