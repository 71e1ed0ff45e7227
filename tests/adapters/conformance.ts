// What every adapter must do, told to a real warehouse. `conforms` registers one suite; an adapter's own test file says how
// its warehouse is opened.
import * as fc from 'fast-check';
import { suite, type Test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Adapter, type Connection, DatabaseError, type Warehouse } from '../../src/adapters/adapter.ts';
import type { Match } from '../../src/adapters/match.ts';
import type { Relation, RelationState } from '../../src/core/relation.ts';
import { type Result, type Row, type Statement, statement } from '../../src/core/statement.ts';

export interface AdapterFixture {
  readonly adapter: Adapter;
  readonly warehouse: Warehouse;
  /** Where the suite may make and drop relations. */
  readonly place: Pick<Relation, 'database' | 'schema'>;
  /** Several statements in one text are one transaction. */
  readonly severalAreOne?: boolean;
  /** Who reads a relation waits for the transaction that drops it. */
  readonly dropsLock?: boolean;
  /** Quoted names are kept in lower case. */
  readonly foldsNames?: boolean;
  /** Of a value that does not fit, the server says the value, and not where it stands. */
  readonly placesNoValue?: boolean;
  /** Another type is another column, which takes the values and stands last. */
  readonly retypesLast?: boolean;
  /** A query that runs for many seconds unless it is cancelled. */
  readonly endlessQuery: string;
  /** Closes the warehouse and removes what was made. */
  close(): Promise<void>;
}

interface Context {
  fixture: AdapterFixture;
  connection: Connection;
  other: Connection;
}

export const runAll = async (connection: Connection, statements: readonly Statement[]): Promise<void> => {
  for (const one of statements) await connection.run(one);
};

export const rowsOf = async (connection: Connection, sql: string): Promise<readonly Row[]> => (await connection.run(statement(sql))).rows;

export async function failure(promise: Promise<unknown>): Promise<DatabaseError> {
  const outcome = await promise.then(
    (value) => value,
    (error: unknown) => error,
  );
  if (!(outcome instanceof DatabaseError)) throw new Error(`a DatabaseError was expected, and not ${String(outcome)}`);
  return outcome;
}

/** What Connection.copyIn takes. `bare`: values without quotes, where they need none. */
export function csv(rows: readonly (readonly (string | null)[])[], bare = false): string {
  const field = (value: string | null): string =>
    value === null || (bare && value !== '' && !/[",\r\n]|^\\/.test(value)) ? (value ?? '') : `"${value.replaceAll('"', '""')}"`;
  return rows.map((row) => `${row.map(field).join(',')}\n`).join('');
}

/** The text's bytes in pieces of a size, so that rows and characters are cut anywhere. */
export async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** uvu takes any error with `details` for one of its own, and ends without a word. */
export const readable = (work: Promise<void>): Promise<void> =>
  work.catch((error: unknown) => {
    throw error instanceof DatabaseError ? new Error(`${error.message} ${JSON.stringify(error.details)}`, { cause: error }) : error;
  });

const awkwardNames = ['order', 'a b', 'a.b', 'quo"ted', "it's", 'ünï-çødé 音', 'semi;colon', '--', 'select', '1st', '%s', '{x}', '\\'];
const awkwardTexts = [
  '',
  ' ',
  '"',
  '""',
  "'",
  ',',
  '\n',
  '\r\n',
  '\\',
  '\\N',
  '\\.',
  'NULL',
  'null',
  'a,b',
  'é',
  '音楽',
  '😀',
  '\t',
  '#x',
  '; drop',
];

/** Partners have the same value in one column. */
export const keyMatch =
  (column: string, type: string): Match =>
  (target, staged) => ({
    keys: [{ target: `${target}.${column}`, staged: `${staged}.${column}`, type }],
    both: [],
    onTarget: [],
    onStaged: [],
  });

export function conforms(name: string, openFixture: () => Promise<AdapterFixture>, make: (name: string) => Test<Context> = suite): void {
  const test = make(`${name} conforms`);
  const check = (title: string, body: (context: Context) => Promise<void>): void => test(title, (context) => readable(body(context)));
  let count = 0;

  test.before(async (context) => {
    context.fixture = await openFixture();
    context.connection = await context.fixture.warehouse.connect();
    context.other = await context.fixture.warehouse.connect();
    await runAll(context.connection, context.fixture.adapter.dialect.createSchema(context.fixture.place));
  });
  test.after(async (context) => {
    await context.fixture?.close();
  });

  const relation = ({ fixture }: Context, identifier = `orders_${count++}`): Relation => ({ ...fixture.place, identifier });
  const nameOf = ({ fixture }: Context, place: Relation): string => fixture.adapter.dialect.relationName(place);
  /** As the warehouse keeps the name. */
  const kept = ({ fixture }: Context, name: string): string =>
    fixture.foldsNames ? name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : name;
  const table = (place: Relation): RelationState => ({ relation: place, kind: 'table' });
  const view = (place: Relation): RelationState => ({ relation: place, kind: 'view' });
  const numbers = (count: number, column = 'n'): string =>
    `select ${column} from (${Array.from({ length: count }, (_, index) => `select ${index + 1} as ${column}`).join(' union all ')}) as numbers`;

  check('a quoted name reads back, whatever is in it', async (context) => {
    const { connection, fixture } = context;
    const { dialect } = fixture.adapter;
    for (const identifier of awkwardNames) {
      const place = relation(context, identifier);
      await runAll(connection, dialect.createTableAs(place, `select 1 as ${dialect.quote(identifier)}`));
      assert.equal(await rowsOf(connection, `select ${dialect.quote(identifier)} from ${nameOf(context, place)}`), [[1]]);
      assert.equal(
        (await connection.columns(place))?.map((column) => column.name),
        [kept(context, identifier)],
      );
      const listed = (await connection.list([fixture.place])).find((state) => state.relation.identifier === kept(context, identifier));
      assert.equal(listed, table({ ...place, identifier: kept(context, identifier) }));
      await runAll(connection, dialect.drop(table(place)));
      assert.is(await connection.columns(place), undefined);
    }
  });

  check('a literal reads back, whatever is in it', async ({ connection, fixture }) => {
    const texts = fc.oneof(
      fc.constantFrom(...awkwardTexts),
      fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll('\0', '')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 8 }), async (list) => {
        assert.equal(await rowsOf(connection, `select ${list.map((text) => fixture.adapter.dialect.literal(text)).join(', ')}`), [list]);
      }),
      { numRuns: 200 },
    );
  });

  check('values come without loss', async ({ connection }) => {
    const { rows } = await connection.run(
      statement(`select
        cast(null as integer), true, cast(42 as smallint), 9007199254740991, cast(9007199254740993 as bigint), cast(-9223372036854775807 as bigint),
        cast('1.50' as decimal(10,2)), cast('12345678901234567890.123456789' as decimal(38,9)), cast(0.1 as double precision), cast('é' as varchar(10)),
        date '2018-11-01', timestamp '2018-11-01 20:57:10.796', timestamp '1969-12-31 23:59:59.000001', timestamp '2018-11-01 00:00:00'`),
    );
    assert.equal(rows, [
      [
        null,
        true,
        42,
        9007199254740991,
        9007199254740993n,
        -9223372036854775807n,
        '1.50',
        '12345678901234567890.123456789',
        0.1,
        'é',
        '2018-11-01',
        '2018-11-01 20:57:10.796',
        '1969-12-31 23:59:59.000001',
        '2018-11-01 00:00:00',
      ],
    ]);
  });

  check('a result names its columns, also two of one name, and counts its rows', async (context) => {
    const { connection } = context;
    const result = await connection.run(statement('select 1 as a, 2 as a, cast(3 as bigint) as "B c"'));
    assert.equal(
      result.columns.map((column) => column.name),
      ['a', 'a', kept(context, 'B c')],
    );
    assert.is(result.columns[2]?.type, 'bigint');
    assert.equal([result.rows, result.rowCount], [[[1, 2, 3]], 1]);
    const none: Result = await connection.run(statement('select 1 as a where 1 = 0'));
    assert.equal([none.columns.length, none.rows, none.rowCount], [1, [], 0]);
  });

  check('rowCount is what a statement wrote', async (context) => {
    const { connection, fixture } = context;
    const place = relation(context);
    const counts: number[] = [];
    for (const one of [
      ...fixture.adapter.dialect.createTableAs(place, numbers(5)),
      statement(`insert into ${nameOf(context, place)} ${numbers(3)}`),
      statement(`update ${nameOf(context, place)} set n = n + 1 where n > 4`),
      statement(`delete from ${nameOf(context, place)} where n <= 2`),
      statement(`delete from ${nameOf(context, place)} where n < 0`),
    ]) {
      counts.push((await connection.run(one)).rowCount);
    }
    assert.equal(counts, [5, 3, 1, 4, 0]);
  });

  check('of several statements the last one answers, and an error names its place in the whole text', async (context) => {
    const { connection, fixture } = context;
    const place = nameOf(context, relation(context));
    const result = await connection.run(
      statement(`create table ${place} (n integer); insert into ${place} values (1), (2); select 'a;b' as t, n from ${place} order by n;`),
    );
    assert.equal(result.rows, [
      ['a;b', 1],
      ['a;b', 2],
    ]);
    const sql = `insert into ${place} values (3);\n-- é😀\nselect no_such_column from ${place}`;
    const error = await failure(connection.run(statement(sql)));
    assert.is(error.details.position, sql.indexOf('no_such_column'));
    assert.equal(await rowsOf(connection, `select count(*) from ${place}`), [[fixture.severalAreOne ? 2 : 3]]);
    assert.equal((await connection.run(statement(`select 1;\n-- the end`))).rows, [[1]]);
    for (const nothing of ['', ' ;\n', '-- only a comment', '-- a; b']) assert.is((await connection.run(statement(nothing))).rowCount, 0);
  });

  check('errors have a place in UTF-16 units, also after text that is not ASCII', async ({ connection }) => {
    for (const before of ['', "'é', ", "'音楽', ", "'😀', ", "'😀😀é', /* ü */ "]) {
      const binder = `select ${before}no_such_column from (select 1 as a) as t`;
      const missing = await failure(connection.run(statement(binder)));
      assert.is(missing.details.position, binder.indexOf('no_such_column'));
      assert.ok(missing.details.code);
      assert.match(missing.message, 'no_such_column');
      const syntax = `select ${before}1 as a from (select 1) as t wher x = y z`;
      const { position } = (await failure(connection.run(statement(syntax)))).details;
      assert.ok(position !== undefined && position >= syntax.indexOf('wher') && position <= syntax.length, `${position} in ${syntax}`);
    }
  });

  check('columns and describe tell names and types, and describe does not run', async (context) => {
    const { connection, fixture } = context;
    const { dialect } = fixture.adapter;
    const place = relation(context);
    const columns = [
      { name: 'id', type: dialect.columnType('bigint') },
      { name: 'Name', type: dialect.columnType('string') },
      { name: 'amount', type: dialect.columnType('numeric(18,3)') },
      { name: 'at', type: dialect.columnType('timestamp') },
      { name: 'ok', type: dialect.columnType('boolean') },
      { name: 'ratio', type: dialect.columnType('double precision') },
    ];
    await runAll(connection, dialect.createTable(place, columns));
    const named = columns.map(({ name, type }) => ({ name: kept(context, name), type }));
    assert.equal(await connection.columns(place), named);
    assert.equal(await connection.describe(`select * from ${nameOf(context, place)}`), named);
    assert.equal(
      await connection.describe(`-- first\nwith a as (select id from ${nameOf(context, place)}) select id as x from a -- last`),
      [{ name: 'x', type: columns[0]?.type }],
    );
    await connection.describe(`select count(*) from (${fixture.endlessQuery}) as t`);
    const sql = `select 'é', nope from ${nameOf(context, place)}`;
    assert.is((await failure(connection.describe(sql))).details.position, sql.indexOf('nope'));
    await failure(connection.describe(`select 1; drop table ${nameOf(context, place)}`));
    assert.ok(await connection.columns(place));
    assert.is(await connection.columns({ ...place, identifier: 'not_there' }), undefined);
    assert.is(await connection.columns({ ...place, schema: 'no_such_schema' }), undefined);
  });

  check('list tells tables and views of the schemas asked for, as they were asked for', async (context) => {
    const { connection, fixture } = context;
    const { dialect } = fixture.adapter;
    const place = { ...fixture.place, schema: 'Listed One' };
    const [orders, late] = [
      { ...place, identifier: 'orders' },
      { ...place, identifier: 'late_orders' },
    ];
    await runAll(connection, [
      ...dialect.createSchema(place),
      ...dialect.createSchema(place),
      ...dialect.createTableAs(orders, 'select 1 as id'),
    ]);
    await runAll(connection, dialect.createView(late, `select * from ${nameOf(context, orders)}`));
    const listed = [...(await connection.list([place, { ...place, schema: 'not_there' }]))].sort((a, b) =>
      a.relation.identifier.localeCompare(b.relation.identifier),
    );
    assert.equal(listed, [view(late), table(orders)]);
    assert.equal(
      (await connection.list([{ schema: 'Listed One' }])).map((state) => state.relation.database),
      [undefined, undefined],
    );
    assert.equal(await connection.list([]), []);
    await runAll(connection, dialect.dropSchema(place));
    assert.equal(await connection.list([place]), []);
  });

  check('relations are made, replaced, renamed and dropped', async (context) => {
    const { connection, fixture } = context;
    const { dialect } = fixture.adapter;
    const [first, second] = [relation(context), relation(context, `renamed "${count++}`)];
    await runAll(connection, dialect.createView(first, 'select 2 as b; '));
    if (dialect.replaces) {
      await runAll(connection, dialect.replaceView(first, 'select 1 as a'));
      await runAll(connection, dialect.replaceView(first, 'select 2 as b; '));
    }
    assert.equal(await rowsOf(connection, `select b from ${nameOf(context, first)}`), [[2]]);
    await runAll(connection, dialect.rename(view(first), second.identifier));
    assert.equal(await rowsOf(connection, `select b from ${nameOf(context, second)}`), [[2]]);
    await runAll(connection, dialect.drop(view(second)));
    await runAll(connection, dialect.createTableAs(first, 'with x as (select 1 as a) select * from x -- a comment ends it'));
    if (dialect.replaces) await runAll(connection, dialect.replaceTableAs(first, 'select 3 as c'));
    await runAll(connection, dialect.rename(table(first), second.identifier));
    assert.is(await connection.columns(first), undefined);
    assert.is((await connection.columns(second))?.length, 1);
    await runAll(connection, [...dialect.drop(table(second)), ...dialect.drop(table(second)), ...dialect.drop(view(second))]);
    await failure(runAll(connection, dialect.createTableAs(first, 'select 1 as a; select 2 as b')));
    assert.is(await connection.columns(first), undefined);
  });

  check('rows with the same key are deleted and merged, NULL being a key like any other', async (context) => {
    const { connection, fixture } = context;
    const { dialect } = fixture.adapter;
    const [target, staged] = [relation(context), relation(context, `staged "${count++}`)];
    const rowsSql = (...rows: readonly string[]): string =>
      `select cast(i as integer) as "Id", s as state, k as kept from (${rows
        .map((row) => row.split(', '))
        .map(([i, state, kept]) => `select ${i} as i, ${state} as s, ${kept} as k`)
        .join(' union all ')}) as v`;
    const refill = async (): Promise<void> => {
      await runAll(connection, [...dialect.drop(table(target)), ...dialect.drop(table(staged))]);
      await runAll(connection, dialect.createTableAs(target, rowsSql(`1, 'old', 10`, `2, 'old', 20`, `null, 'old', 30`)));
      await runAll(connection, dialect.createTableAs(staged, rowsSql(`2, 'new', 1`, `2, 'new', 2`, `null, 'new', 3`, `4, 'new', 4`)));
    };
    const same = keyMatch(dialect.quote('Id'), 'integer');
    const all = (): Promise<readonly Row[]> => rowsOf(connection, `select * from ${nameOf(context, target)} order by kept, state`);
    await refill();
    let deleted = 0;
    for (const deletion of dialect.deleteUsing(target, staged, same)) deleted += (await connection.run(deletion)).rowCount;
    assert.is(deleted, 2);
    assert.equal(await all(), [[1, 'old', 10]]);
    await refill();
    await connection.run(statement(`delete from ${nameOf(context, staged)} where kept = 1`));
    await runAll(connection, dialect.merge(target, staged, same, ['Id', 'state', 'kept'], ['state']));
    assert.equal(await all(), [
      [4, 'new', 4],
      [1, 'old', 10],
      [2, 'new', 20],
      [null, 'new', 30],
    ]);
    await refill();
    await connection.run(statement(`delete from ${nameOf(context, staged)} where kept = 1`));
    await runAll(connection, dialect.merge(target, staged, same, ['Id', 'state', 'kept'], []));
    assert.equal(await all(), [
      [4, 'new', 4],
      [1, 'old', 10],
      [2, 'old', 20],
      [null, 'old', 30],
    ]);
  });

  check('columns are added, dropped, given another type and commented in one transaction with rows', async (context) => {
    const { connection, fixture } = context;
    const { dialect } = fixture.adapter;
    const place = relation(context);
    await runAll(connection, dialect.createTableAs(place, 'select 1 as id, 2 as gone'));
    await runAll(connection, [
      statement('begin'),
      ...dialect.addColumns(place, [
        { name: 'note "x"', type: dialect.columnType('text') },
        { name: 'at', type: dialect.columnType('timestamp') },
      ]),
      ...dialect.dropColumns(place, ['gone']),
      ...dialect.alterColumnType(place, { name: 'id', type: dialect.columnType('bigint') }),
      statement(`insert into ${nameOf(context, place)} (id, ${dialect.quote('note "x"')}, "at") values (5000000000, 'x', null)`),
      ...dialect.commentOn(table(place), "the table's"),
      ...dialect.commentOnColumn(table(place), 'note "x"', 'a "note" '),
      statement('commit'),
    ]);
    const added = [
      ['note "x"', dialect.columnType('text')],
      ['at', dialect.columnType('timestamp')],
    ];
    const id = ['id', dialect.columnType('bigint')];
    assert.equal(
      (await connection.columns(place))?.map((column) => [column.name, column.type]),
      fixture.retypesLast ? [...added, id] : [id, ...added],
    );
    const views = relation(context);
    await runAll(connection, [
      ...dialect.createView(views, 'select 1 as a'),
      ...dialect.commentOn(view(views), 'v'),
      ...dialect.commentOnColumn(view(views), 'a', 'c'),
    ]);
  });

  check('the clock and pattern matching', async (context) => {
    const { connection, fixture } = context;
    const { dialect } = fixture.adapter;
    const [[now, again, wild, exact] = []] = await rowsOf(
      connection,
      `select ${dialect.currentTimestamp}, count(${dialect.currentTimestamp}), ${dialect.regexMatches("'an Order'", "'ORD.r$'", 'i')}, ${dialect.regexMatches("'an Order'", "'ORD.r$'", '')} from (select 1 as n) as t group by n`,
    );
    assert.match(String(now), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/);
    assert.equal([again, wild, exact], [1, true, false]);
  });

  check('copyIn keeps every value: quotes or none, line ends, empty text beside NULL', async (context) => {
    const { connection, fixture } = context;
    const { dialect } = fixture.adapter;
    const place = relation(context);
    const columns = [
      { name: 'id', type: dialect.columnType('bigint') },
      { name: 'a "text"', type: dialect.columnType('text') },
      { name: 'b', type: dialect.columnType('text') },
    ];
    await runAll(connection, dialect.createTable(place, columns));
    const texts = fc.option(
      fc.oneof(
        fc.constantFrom(...awkwardTexts),
        fc.array(fc.constantFrom('a', '"', ',', '\n', '\r', "'", '\\', 'é', '😀', ' ')).map((list) => list.join('')),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(texts, texts), { maxLength: 12 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (pairs, bare, size) => {
          await connection.run(statement(`delete from ${nameOf(context, place)}`));
          const rows = pairs.map(([a, b], index): [string, string | null, string | null] => [String(index), a, b]);
          const { rowCount } = await connection.copyIn(place, columns, pieces(csv(rows, bare), size));
          assert.is(rowCount, rows.length);
          assert.equal(
            await rowsOf(connection, `select * from ${nameOf(context, place)} order by id`),
            rows.map(([id, a, b]) => [Number(id), a, b]),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  check('copyIn: one column, columns in another order, types, nothing at all', async (context) => {
    const { connection, fixture } = context;
    const { dialect } = fixture.adapter;
    const [single, typed] = [relation(context), relation(context)];
    const text = { name: 'single', type: dialect.columnType('text') };
    await runAll(connection, dialect.createTable(single, [text]));
    assert.is((await connection.copyIn(single, [text], pieces(csv([['a'], [null], [''], [null]]), 3))).rowCount, 4);
    assert.equal(
      await rowsOf(connection, `select count(*), count(single), count(case when single = '' then 1 end) from ${nameOf(context, single)}`),
      [[4, 2, 1]],
    );
    assert.is((await connection.copyIn(single, [text], pieces('', 3))).rowCount, 0);
    const columns = [
      { name: 'n', type: dialect.columnType('bigint') },
      { name: 'd', type: dialect.columnType('numeric(10,2)') },
      { name: 'at', type: dialect.columnType('timestamp') },
      { name: 'day', type: dialect.columnType('date') },
      { name: 'ok', type: dialect.columnType('boolean') },
      { name: 'ratio', type: dialect.columnType('double precision') },
      { name: 'left_out', type: dialect.columnType('text') },
    ];
    await runAll(connection, dialect.createTable(typed, columns));
    const given = columns.slice(0, 6).reverse();
    await connection.copyIn(
      typed,
      given,
      pieces(
        csv([
          ['1e-3', 'true', '2018-11-01', '2018-11-01 20:57:10.796', '1.5', '9007199254740993'],
          [null, null, null, null, null, null],
        ]),
        7,
      ),
    );
    assert.equal(await rowsOf(connection, `select * from ${nameOf(context, typed)} order by n nulls last`), [
      [9007199254740993n, '1.50', '2018-11-01 20:57:10.796', '2018-11-01', true, 0.001, null],
      [null, null, null, null, null, null, null],
    ]);
  });

  check('copyIn takes all rows or none, and names a value that does not fit', async (context) => {
    const { connection, fixture } = context;
    const { dialect } = fixture.adapter;
    const place = relation(context);
    const columns = [{ name: 'quantity', type: dialect.columnType('integer') }];
    await runAll(connection, dialect.createTable(place, columns));
    const error = await failure(connection.copyIn(place, columns, pieces(csv([['1'], ['2'], ['many'], ['4']]), 100)));
    assert.match(error.message, 'many');
    if (!fixture.placesNoValue) {
      assert.match(error.message, 'quantity');
      assert.match(error.message, 'row 3');
    }
    assert.not.match(error.message, '/tmp');
    assert.equal(await rowsOf(connection, `select count(*) from ${nameOf(context, place)}`), [[0]]);
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from(csv([['1']]));
      throw new Error('the source ended early');
    };
    let message = '';
    await connection.copyIn(place, columns, broken()).catch((cause: Error) => (message = cause.message));
    assert.is(message, 'the source ended early');
    assert.equal(await rowsOf(connection, `select count(*) from ${nameOf(context, place)}`), [[0]]);
    await connection.run(statement('begin'));
    assert.is((await connection.copyIn(place, columns, pieces(csv([['1'], ['2']]), 100))).rowCount, 2);
    await connection.run(statement('rollback'));
    assert.equal(await rowsOf(connection, `select count(*) from ${nameOf(context, place)}`), [[0]]);
  });

  check('a rollback takes back rows and relations', async (context) => {
    const { connection, other, fixture } = context;
    const { dialect } = fixture.adapter;
    if (!dialect.transactionalDdl) return;
    const [kept, made] = [relation(context), relation(context)];
    await runAll(connection, dialect.createTableAs(kept, 'select 1 as n'));
    await runAll(connection, [
      statement('begin'),
      ...dialect.createTableAs(made, 'select 1 as n'),
      statement(`insert into ${nameOf(context, kept)} values (2)`),
      ...(fixture.dropsLock ? [] : dialect.drop(table(kept))),
    ]);
    assert.equal(await rowsOf(other, `select count(*) from ${nameOf(context, kept)}`), [[1]]);
    await connection.run(statement('rollback'));
    assert.equal(await rowsOf(connection, `select count(*) from ${nameOf(context, kept)}`), [[1]]);
    assert.is(await connection.columns(made), undefined);
  });

  check('a transaction in which a statement failed cannot be committed', async (context) => {
    const { connection, fixture } = context;
    const place = relation(context);
    await runAll(connection, fixture.adapter.dialect.createTableAs(place, 'select 1 as n'));
    await runAll(connection, [statement('begin'), statement(`insert into ${nameOf(context, place)} values (2)`)]);
    await failure(connection.run(statement(`select cast(t as integer) from (select 'x' as t) as v`)));
    await failure(connection.run(statement('select 1')));
    await failure(connection.run(statement('commit')));
    await failure(connection.run(statement(' COMMIT;')));
    await connection.run(statement('rollback'));
    assert.equal(await rowsOf(connection, `select count(*) from ${nameOf(context, place)}`), [[1]]);
    await runAll(connection, [statement('begin'), statement(`insert into ${nameOf(context, place)} values (2)`), statement('commit')]);
    assert.equal(await rowsOf(connection, `select count(*) from ${nameOf(context, place)}`), [[2]]);
  });

  check('a reader never finds the relation missing or half filled while it is replaced', async (context) => {
    const { connection, other, fixture } = context;
    const { dialect } = fixture.adapter;
    const [live, next] = [relation(context), relation(context)];
    await runAll(connection, dialect.createTableAs(live, numbers(10)));
    let done = false;
    const seen = new Set<unknown>();
    const reader = (async (): Promise<void> => {
      while (!done) seen.add((await rowsOf(other, `select count(*) from ${nameOf(context, live)}`))[0]?.[0]);
    })();
    try {
      for (let round = 0; round < 30; round++) {
        if (dialect.replaces) await runAll(connection, dialect.replaceTableAs(live, numbers(20)));
        await runAll(connection, dialect.createTableAs(next, numbers(10)));
        // As the dialect publishes: readers of a renamed table may miss it for a moment where rows are exchanged in place.
        const publish = dialect.inPlace
          ? [
              statement(`delete from ${nameOf(context, live)}`),
              statement(`insert into ${nameOf(context, live)} select * from ${nameOf(context, next)}`),
              ...dialect.drop(table(next)),
            ]
          : [...dialect.drop(table(live)), ...dialect.rename(table(next), live.identifier)];
        await runAll(connection, [statement('begin'), ...publish, statement('commit')]);
      }
    } finally {
      done = true;
      await reader;
    }
    assert.equal([...seen].sort(), dialect.replaces ? [10, 20].filter((count) => seen.has(count)) : [10]);
    assert.ok(seen.size > 0);
  });

  check('a cancelled statement ends at once, and the connection stays usable', async ({ connection, fixture }) => {
    const early = new AbortController();
    early.abort();
    assert.is((await failure(connection.run(statement(fixture.endlessQuery), early.signal))).details.cancelled, true);
    for (const delay of [0, 50]) {
      const stop = new AbortController();
      const running = failure(connection.run(statement(fixture.endlessQuery), stop.signal));
      setTimeout(() => stop.abort(), delay);
      const error = await running;
      assert.is(error.details.cancelled, true);
      assert.equal(await rowsOf(connection, 'select 1'), [[1]]);
    }
    const stop = new AbortController();
    const several = failure(connection.run(statement(`select 1; ${fixture.endlessQuery}; select 2`), stop.signal));
    setTimeout(() => stop.abort(), 20);
    assert.is((await several).details.cancelled, true);
    await connection.run(statement('begin'));
    const inside = new AbortController();
    const running = failure(connection.run(statement(fixture.endlessQuery), inside.signal));
    setTimeout(() => inside.abort(), 20);
    await running;
    await connection.run(statement('rollback'));
    assert.equal(await rowsOf(connection, 'select 1'), [[1]]);
  });

  check('statements on two connections run at the same time', async ({ connection, other, fixture }) => {
    const stop = new AbortController();
    const slow = failure(connection.run(statement(fixture.endlessQuery), stop.signal));
    assert.equal(await rowsOf(other, 'select 1'), [[1]]);
    stop.abort();
    await slow;
  });

  check('two transactions that change the same row: one of them may be tried again', async (context) => {
    const { connection, other, fixture } = context;
    const place = relation(context);
    await runAll(connection, fixture.adapter.dialect.createTableAs(place, 'select 1 as n'));
    const change = statement(`update ${nameOf(context, place)} set n = n + 1`);
    await runAll(connection, [statement('begin'), change]);
    await runAll(other, [statement('begin')]);
    const second = other
      .run(change)
      .then(() => other.run(statement('commit')))
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    await connection.run(statement('commit'));
    const outcome = await second;
    if (outcome !== undefined) {
      assert.instance(outcome, DatabaseError);
      if (outcome instanceof DatabaseError) assert.is(outcome.details.transient, true);
      await other.run(statement('rollback'));
    }
    assert.equal(await rowsOf(connection, `select n from ${nameOf(context, place)}`), [[outcome === undefined ? 3 : 2]]);
  });

  test.run();
}
