import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { databaseOf, readingDuring } from '../support/database.ts';
import { type Fixture, project, results, statuses } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';

const test = suite('materializations: seed');

const seeded = (csv: string | Buffer, config = ''): Promise<Fixture> =>
  project({
    'project.yml': 'name: shop\n',
    'seeds/rates.csv': csv.toString(),
    ...(config && { 'seeds/rates.yml': `seeds:\n  - name: rates\n    config: ${config}\n` }),
  });

/** Names and types of the columns, then the rows. */
async function table(csv: string, config = ''): Promise<readonly (readonly (string | null)[])[]> {
  const fixture = await seeded(csv, config);
  const result = results(await fixture.run('seed')).get('seed.shop.rates');
  assert.is(result?.status, 'success', result?.message ?? '');
  const columns = await fixture.query('select column_name, column_type from (describe rates)');
  return [columns.map(([name, type]) => `${name} ${type}`), ...(await fixture.query('from rates'))];
}

async function refused(csv: string, wanted: Parameters<typeof hasProblem>[1], config = ''): Promise<void> {
  const fixture = await seeded(csv, config);
  const { status, problem } = results(await fixture.run('seed')).get('seed.shop.rates') ?? {};
  assert.is(status, 'error');
  hasProblem(problem ? [problem] : [], wanted);
  assert.equal(await fixture.query('select table_name from duckdb_tables()'), []);
}

test('types are those that all values of a column fit', async () => {
  assert.equal(
    await table(
      'i,b,d,day,at,flag,t,code\n1,3000000000,1.5,2024-02-29,2024-01-01 10:00,true,a,007\n-2,1,1e3,2024-01-31,2024-01-01T10:00:00.5,FALSE,1,12\n',
    ),
    [
      ['i INTEGER', 'b BIGINT', 'd DOUBLE', 'day DATE', 'at TIMESTAMP', 'flag BOOLEAN', 't VARCHAR', 'code VARCHAR'],
      ['1', '3000000000', '1.5', '2024-02-29', '2024-01-01 10:00:00', 'true', 'a', '007'],
      ['-2', '1', '1000', '2024-01-31', '2024-01-01 10:00:00.5', 'false', '1', '12'],
    ],
  );
});

test('empty values and null are NULL, and say nothing of the type; a column of nothing else is integer, as in dbt', async () => {
  assert.equal(await table('id,name,nothing\n,null,\n1,"",NULL\n2,b,\n'), [
    ['id INTEGER', 'name VARCHAR', 'nothing INTEGER'],
    [null, null, null],
    ['1', null, null],
    ['2', 'b', null],
  ]);
});

test('what looks like a number, a day or a truth and is none stays text', async () => {
  assert.equal(await table('a,b,c,d\n1.2.3,2023-02-29,yes,99999999999999999999\n'), [
    ['a VARCHAR', 'b VARCHAR', 'c VARCHAR', 'd DOUBLE'],
    ['1.2.3', '2023-02-29', 'yes', '100000000000000000000'],
  ]);
});

test('column_types decide, whatever the case of the name', async () => {
  assert.equal(await table('id,price,code\n1,2.50,7\n', '{column_types: {ID: bigint, price: "decimal(10, 2)", code: string}}'), [
    ['id BIGINT', 'price DECIMAL(10,2)', 'code VARCHAR'],
    ['1', '2.50', '7'],
  ]);
});

test('quotes, delimiters and line ends within values, a byte-order mark, CRLF, blank lines', async () => {
  assert.equal(await table('\ufeffid,name\r\n1,"a ""b"", c"\r\n\r\n2,"two\nlines; ünïcode"\r\n'), [
    ['id INTEGER', 'name VARCHAR'],
    ['1', 'a "b", c'],
    ['2', 'two\nlines; ünïcode'],
  ]);
  assert.equal(await table('id,name\n1,the "quiet" one\n2,"a, ""b"""\n'), [
    ['id INTEGER', 'name VARCHAR'],
    ['1', 'the "quiet" one'],
    ['2', 'a, "b"'],
  ]);
  assert.equal(await table('id;name\n1;a,b\n', '{delimiter: ";"}'), [
    ['id INTEGER', 'name VARCHAR'],
    ['1', 'a,b'],
  ]);
  assert.equal(await table('id\tname\n1\ta,b\n', '{delimiter: "\\t"}'), [
    ['id INTEGER', 'name VARCHAR'],
    ['1', 'a,b'],
  ]);
});

test('column names are taken as they are, with blanks and words of SQL', async () => {
  assert.equal(await table('order,"total ""due""",Group\n1,2,3\n', '{quote_columns: true}'), [
    ['order INTEGER', 'total "due" INTEGER', 'Group INTEGER'],
    ['1', '2', '3'],
  ]);
});

test('a header alone makes an empty table', async () => {
  assert.equal(await table('id,name\n'), [['id INTEGER', 'name INTEGER']]);
});

test('a CSV that cannot be read is refused with its line', async () => {
  await refused('', { code: 'seed-csv', message: 'empty', at: 'seeds/rates.csv:1' });
  await refused('a,b\n1,2\n3\n', { code: 'seed-csv', at: 'seeds/rates.csv:3' });
  await refused('a,b\n1,"2\n', { code: 'seed-csv', at: 'seeds/rates.csv' });
  await refused('id,name,ID\n1,a,2\n', { code: 'seed-csv', message: "'ID' stands twice", at: 'seeds/rates.csv:1' });
});

test('a value that does not fit its type is refused with row and column', async () => {
  await refused('id,n\n1,2\n2,three\n', { code: 'database-error', message: /row 2, column 'n'.*three/ }, '{column_types: {n: integer}}');
});

test('a seed follows its file: rows, columns, types; readers find the old table or the new one', async () => {
  for (const command of ['seed', 'build']) {
    const fixture = await seeded('id,name\n1,a\n');
    const database = await databaseOf(fixture);
    await fixture.run(command);
    await fixture.write('seeds/rates.csv', 'code,id\nx,2.5\ny,\n');
    const answers = await readingDuring(database, 'from main.rates', () => fixture.run(command, { fullRefresh: command === 'build' }));
    assert.equal(answers, ['1 a', 'x 2.5, y ']);
    assert.equal(await database.relations(), ['main.rates (table)']);
    database.close();
  }
});

test('many rows, with the number of them in the result', async () => {
  const count = 5000;
  const fixture = await seeded(`id,text\n${Array.from({ length: count }, (_, id) => `${id},"row ${id}, ""quoted"""\n`).join('')}`);
  const events = await fixture.run('seed');
  assert.is(results(events).get('seed.shop.rates')?.message, `SEED (${count} rows)`);
  assert.is(results(events).get('seed.shop.rates')?.adapterResponse.rows_affected, count);
  assert.equal(await fixture.query("select count(*), sum(id) from rates where text = 'row ' || id || ', \"quoted\"'"), [
    [String(count), String((count * (count - 1)) / 2)],
  ]);
});

test('alias, schema, hooks and tests are those of any node', async () => {
  const fixture = await seeded(
    'id\n1\n',
    '{alias: exchange, schema: raw, pre_hook: "create table if not exists main.log (what varchar)", post_hook: "insert into main.log select count(*) || \' rows in {{ this.identifier }}\' from {{ this }}"}',
  );
  await fixture.write('models/prices.sql', "select * from {{ ref('rates') }}");
  assert.equal(statuses(await fixture.build()), { 'model.shop.prices': 'success', 'seed.shop.rates': 'success' });
  assert.equal(await fixture.query('from main_raw.exchange'), [['1']]);
  assert.equal(await fixture.query('from main.log'), [['1 rows in exchange']]);
  assert.equal(await fixture.query('from main.prices'), [['1']]);
});

test('run leaves seeds alone, and seed leaves models alone', async () => {
  const fixture = await seeded('id\n1\n');
  await fixture.write('models/prices.sql', "select * from {{ ref('rates') }}");
  assert.equal(statuses(await fixture.run('seed')), { 'seed.shop.rates': 'success' });
  assert.equal(statuses(await fixture.run('run')), { 'model.shop.prices': 'success' });
});

test('a view in the place of a seed makes room', async () => {
  const fixture = await project({ 'project.yml': 'name: shop\n', 'models/rates.sql': 'select 1 as id' });
  await fixture.run('run');
  await fixture.remove('models/rates.sql');
  await fixture.write('seeds/rates.csv', 'id\n2\n');
  assert.equal(statuses(await fixture.run('seed')), { 'seed.shop.rates': 'success' });
  assert.equal(await fixture.query('from rates'), [['2']]);
});

test.run();
