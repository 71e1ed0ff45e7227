import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DatabaseError } from '../../src/adapters/adapter.ts';
import type { Match } from '../../src/adapters/match.ts';
import { redshiftSettings } from '../../src/adapters/redshift/credentials.ts';
import { redshiftDialect as dialect } from '../../src/adapters/redshift/dialect.ts';
import { databaseError } from '../../src/adapters/redshift/errors.ts';
import { redshift } from '../../src/adapters/redshift/index.ts';
import { rowsInto } from '../../src/adapters/redshift/rows-in.ts';
import { redshiftServer } from '../../src/adapters/redshift/server.ts';
import { ConfigReader } from '../../src/core/config-reader.ts';
import type { ColumnSpec } from '../../src/core/node.ts';
import type { Problem } from '../../src/core/problem.ts';
import type { Statement } from '../../src/core/statement.ts';
import { hasProblem, throws } from '../support/rejects.ts';
import { csv, keyMatch, pieces } from './conformance.ts';

const test = suite('redshift');
/** Without a place for files. */
const inStatements = rowsInto({ uri: undefined, iamRole: 'default', at: { file: 'profiles.yml', line: 1, column: 1 } });
const [orders, staged] = ['orders', 'orders__dwh_stage'].map((identifier) => ({ schema: 'analytics', identifier })) as [
  { schema: string; identifier: string },
  { schema: string; identifier: string },
];
const texts = (statements: readonly Statement[]): readonly string[] => statements.map(({ sql }) => sql);

const locate = (keys: readonly string[]) => (path: readonly (string | number)[]) => ({
  file: 'profiles.yml',
  line: keys.indexOf(String(path[0])) + 1,
  column: 1,
});
const credentialsOf = (target: Readonly<Record<string, unknown>>, problems: Problem[] = []) =>
  redshift.credentials(new ConfigReader(target, { locate: locate(Object.keys(target)), problems }), '/projects/shop');
const optionsOf = (config: Readonly<Record<string, unknown>>, columns: readonly ColumnSpec[] = [], problems: Problem[] = []) =>
  dialect.tableOptions(new ConfigReader(config, { locate: () => undefined, problems }), columns);
const spec = (name: string, data_type: string, extra = {}): ColumnSpec => ({ name, data_type, description: '', meta: {}, tags: [], extra });

test('types are spelt as the server prints them, character types with their size in bytes', () => {
  const spelt = Object.fromEntries(
    [
      'string',
      'text',
      'varchar',
      'varchar(10)',
      'varchar(max)',
      'char(3)',
      'int',
      'number',
      'numeric(18,3)',
      'json',
      'super',
      'blob',
      'timestamp',
      'timestamptz',
      'float',
    ].map((type) => [type, dialect.columnType(type)]),
  );
  assert.equal(spelt, {
    string: 'character varying(256)',
    text: 'character varying(256)',
    varchar: 'character varying(256)',
    'varchar(10)': 'character varying(10)',
    'varchar(max)': 'character varying(65535)',
    'char(3)': 'character(3)',
    int: 'integer',
    number: 'numeric(18,0)',
    'numeric(18,3)': 'numeric(18,3)',
    json: 'super',
    super: 'super',
    blob: 'varbyte',
    timestamp: 'timestamp without time zone',
    timestamptz: 'timestamp with time zone',
    float: 'double precision',
  });
});

test('a backslash in a literal is doubled, as a quote is', () => {
  assert.is(dialect.literal("it's a \\ and \\'"), "'it''s a \\\\ and \\\\'''");
});

test('table attributes: dist, sort, sort_type, backup', () => {
  const made = (config: object): string => texts(dialect.createTableAs(orders, 'select 1 as id;', optionsOf({ ...config })))[0] ?? '';
  assert.is(made({}), 'create table "analytics"."orders" as (\nselect 1 as id\n)');
  assert.match(made({ dist: 'even' }), '"orders" diststyle even as (');
  assert.match(made({ dist: 'ALL', sort: 'at' }), '"orders" diststyle all compound sortkey("at") as (');
  assert.match(made({ dist: 'auto', sort_type: 'auto' }), '"orders" sortkey auto as (');
  assert.match(
    made({ dist: 'user_id', sort: ['at', 'id'], sort_type: 'interleaved', backup: false }),
    '"orders" backup no diststyle key distkey("user_id") interleaved sortkey("at", "id") as (',
  );
  const problems: Problem[] = [];
  optionsOf({ sort: Array.from({ length: 9 }, (_, index) => `c${index}`), sort_type: 'interleaved' }, [], problems);
  hasProblem(problems, { code: 'config-value', message: '9 columns, and a sort key of the type interleaved takes 8' });
  optionsOf({ sort: 'a', sort_type: 'auto' }, [], problems);
  hasProblem(problems, { code: 'config-value', message: 'sort_type auto chooses them' });
  optionsOf({ sort_type: 'compund' }, [], problems);
  hasProblem(problems, { code: 'config-value', hint: "'compound'" });
});

test('a table whose columns are all declared is made with them, in the order of the query; else by CTAS', () => {
  const options = optionsOf({ dist: 'id' }, [spec('Name', 'varchar(40)', { encode: 'zstd' }), spec('id', 'bigint')]);
  const columns = [
    { name: 'id', type: 'integer' },
    { name: 'name', type: 'character varying(3)' },
  ];
  assert.equal(texts(dialect.createTableAs(orders, "select 1 as id, 'abc' as name", options, columns)), [
    'create table "analytics"."orders" ("id" bigint, "Name" character varying(40) encode zstd) diststyle key distkey("id")',
    'insert into "analytics"."orders" ("id", "name")\nselect "id", "name" from (\nselect 1 as id, \'abc\' as name\n) as declared',
  ]);
  const more = [...columns, { name: 'at', type: 'date' }];
  assert.match(texts(dialect.createTableAs(orders, 'select 1', options, more))[0] ?? '', / as \($/m);
});

test('a view binds late when every relation has its schema; with a recursive query, or when told otherwise, it is bound', () => {
  const made = (sql: string, config: object = {}): string => texts(dialect.createView(orders, sql, optionsOf({ ...config })))[0] ?? '';
  const late = /\nwith no schema binding$/;
  assert.is(made('select * from lake.orders;'), 'create view "analytics"."orders" as\nselect * from lake.orders\nwith no schema binding');
  assert.match(made('with a as (select 1 as id from "dev"."lake"."orders") select id from a -- the end'), late);
  assert.not.match(made('select * from orders'), late);
  assert.not.match(made('with recursive n(i) as (select 1 from lake.one union all select i + 1 from n where i < 5) select i from n'), late);
  assert.not.match(made('select something the grammar does not know'), late);
  assert.match(made('select * from orders', { bind: false }), late);
  assert.not.match(made('select * from lake.orders', { bind: true }), late);
});

test('rows with partners: plain equality for keys without NULL, a second statement for those with one', () => {
  const match = keyMatch('"id"', 'bigint');
  assert.equal(texts(dialect.deleteUsing(orders, staged, match)), [
    'delete from "analytics"."orders" using "analytics"."orders__dwh_stage" where "analytics"."orders"."id" = "analytics"."orders__dwh_stage"."id"',
    'delete from "analytics"."orders" using "analytics"."orders__dwh_stage" where ("analytics"."orders"."id" is null) and (coalesce("analytics"."orders"."id", 0) = coalesce("analytics"."orders__dwh_stage"."id", 0) and nvl2("analytics"."orders"."id", 1, 0) = nvl2("analytics"."orders__dwh_stage"."id", 1, 0))',
  ]);
  const two: Match = (target, source) => ({
    keys: ['a', 'b'].map((name) => ({ target: `${target}.${name}`, staged: `${source}.${name}`, type: 'date' })),
    both: [],
    onTarget: [`(${target}.day > 5)`],
    onStaged: [],
  });
  const [plain = '', nulls = ''] = texts(dialect.deleteUsing(orders, staged, two));
  assert.match(plain, '.a = "analytics"."orders__dwh_stage".a and');
  assert.match(plain, 'and ("analytics"."orders".day > 5)');
  assert.match(nulls, '("analytics"."orders".a is null or "analytics"."orders".b is null) and');
});

test('a merge updates and then inserts, and without columns to update only inserts', () => {
  const match = keyMatch('"id"', 'character varying(10)');
  const [update = '', insert = ''] = texts(dialect.merge(orders, staged, match, ['id', 'name'], ['name']));
  assert.match(
    update,
    'update "analytics"."orders" set "name" = "analytics"."orders__dwh_stage"."name" from "analytics"."orders__dwh_stage" where (coalesce(',
  );
  assert.match(
    insert,
    'insert into "analytics"."orders" ("id", "name") select "id", "name" from "analytics"."orders__dwh_stage" as s where not exists (',
  );
  assert.is(dialect.merge(orders, staged, match, ['id'], []).length, 1);
});

test('a column gets another type by another column', () => {
  assert.equal(texts(dialect.alterColumnType(orders, { name: 'id', type: 'bigint' })), [
    'alter table "analytics"."orders" add column "id__dwh_type" bigint',
    'update "analytics"."orders" set "id__dwh_type" = cast("id" as bigint)',
    'alter table "analytics"."orders" drop column "id"',
    'alter table "analytics"."orders" rename column "id__dwh_type" to "id"',
  ]);
});

test('rows of the client become statements of many rows, each below a megabyte; NULL, text, escapes, SUPER', async () => {
  const sent: string[] = [];
  const run = async ({ sql }: Statement) => {
    sent.push(sql);
    return { columns: [], rows: [], rowCount: 0 };
  };
  const columns = [
    { name: 'id', type: 'bigint' },
    { name: 'note', type: 'character varying(256)' },
    { name: 'more', type: 'super' },
  ];
  const rows = [
    ['1', "it's \\", null],
    [null, '', '{"a": [1]}'],
  ];
  assert.is(await inStatements(run, orders, columns, pieces(csv(rows), 3)), 2);
  assert.equal(sent, [
    `insert into "analytics"."orders" ("id", "note", "more") values\n(1, 'it''s \\\\', null),\n(null, '', json_parse('{"a": [1]}'))`,
  ]);
  sent.length = 0;
  assert.is(
    await inStatements(run, orders, columns.slice(0, 1), pieces(csv(Array.from({ length: 25_000 }, (_, id) => [String(id)])), 1000)),
    25_000,
  );
  assert.is(sent.length, 3);
  assert.is(await inStatements(run, orders, columns, pieces('', 1)), 0);
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('"1"\n');
    throw new Error('the source ended early');
  };
  let message = '';
  await inStatements(run, orders, columns.slice(0, 1), broken()).catch((error: Error) => (message = error.message));
  assert.is(message, 'the source ended early');
});

test('the row of a statement that the server refuses is found by what it says of its values', async () => {
  const columns = [
    { name: 'code', type: 'varchar(3)' },
    { name: 'rate', type: 'integer' },
  ];
  const rows = [...Array.from({ length: 10_000 }, (_, id) => ['EUR', String(id)]), ['many', null], ['USD', 'many']];
  const refused = async (message: string): Promise<string> => {
    let count = 0;
    const run = async () => {
      if (count++ > 0) throw new DatabaseError(message, { position: 5 });
      return { columns: [], rows: [], rowCount: 0 };
    };
    const error: unknown = await inStatements(run, orders, columns, pieces(csv(rows), 1000)).catch((cause: unknown) => cause);
    assert.is(error instanceof DatabaseError && error.details.position, undefined);
    return error instanceof DatabaseError ? error.message : '';
  };
  assert.is(
    await refused('invalid input syntax for integer: "many"'),
    `row 10002, column 'rate': invalid input syntax for integer: "many"`,
  );
  assert.is(
    await refused('value too long for type character varying(3)'),
    "row 10001, column 'code': value too long for type character varying(3)",
  );
  assert.is(await refused('division by zero'), 'rows 10001 to 10002: division by zero');
});

test('errors that another transaction caused may be tried again, whatever their SQLSTATE', () => {
  const failed = (message: string, detail?: string) =>
    databaseError(Object.assign(new Error(message), { code: 'XX000', ...(detail !== undefined && { detail }) }), 'select 1', false);
  assert.is(failed('1023', 'Serializable isolation violation on table - 100').details.transient, true);
  assert.is(failed('could not open relation with OID 12345').details.transient, true);
  assert.is(failed('ERROR 1018 DETAIL: Relation does not exist').details.transient, true);
  assert.is(failed('division by zero').details.transient, undefined);
  const cancelled = databaseError(Object.assign(new Error("Query (150) cancelled on user's request"), { code: '57014' }), '', true);
  assert.is(cancelled.details.cancelled, true);
});

const cluster = { type: 'redshift', host: 'shop.abc123.eu-west-1.redshift.amazonaws.com', dbname: 'shop', schema: 'analytics' };

test("a target's keys are dbt-redshift's; region, cluster and workgroup are read from the host", () => {
  const { settings, shown, threads } = credentialsOf({ ...cluster, user: 'ann', password: 'hunter2', work_uri: 's3://work/dwh' });
  assert.is(threads, 4);
  assert.not.match(JSON.stringify(shown), 'hunter2');
  assert.equal(
    [settings.port, settings.sslmode, settings.work],
    [5439, 'verify-full', { uri: 's3://work/dwh/', iamRole: 'default', at: { file: 'profiles.yml', line: 7, column: 1 } }],
  );
  assert.equal([shown.region, shown.cluster_id, shown.method], ['eu-west-1', 'shop', 'database']);
  const serverless = redshiftSettings(
    credentialsOf({ ...cluster, host: 'reports.123456789012.us-west-2.redshift-serverless.amazonaws.com', method: 'iam' }),
  );
  assert.equal([serverless.workgroup, serverless.region], ['reports', 'us-west-2']);
});

test('what a method needs and is missing is said', () => {
  const wrong = (target: object, wanted: Parameters<typeof throws>[1]) => throws(() => credentialsOf({ ...cluster, ...target }), wanted);
  wrong({}, { code: 'config-missing', message: "'user'" });
  wrong({ user: 'ann' }, { code: 'config-missing', message: "'password'" });
  wrong({ method: 'iam' }, { code: 'config-missing', message: "'user'" });
  wrong({ method: 'iam', host: 'localhost', user: 'ann' }, { code: 'config-missing', message: "'cluster_id'" });
  wrong({ method: 'secret' }, { code: 'config-missing', message: "'secret_arn'" });
  wrong({ method: 'secret', host: 'localhost', secret_arn: 'arn' }, { code: 'config-missing', message: "'region'" });
  wrong({ method: 'iamm' }, { code: 'config-value', hint: "'iam'" });
  wrong({ user: 'a', password: 'b', work_uri: 'work/dwh' }, { code: 'config-value', message: 'a folder on S3' });
});

test('a recursive query is described without a query around it', () => {
  const server = redshiftServer(redshiftSettings(credentialsOf({ ...cluster, user: 'ann', password: 'hunter2' })), async () => ({
    user: 'ann',
    password: 'hunter2',
  }));
  assert.equal(server.describe('with recursive n(i) as (select 1) select * from n;'), {
    text: 'with recursive n(i) as (select 1) select * from n\nlimit 0',
    before: 0,
  });
  const { text, before } = server.describe('select 1');
  assert.is(text.slice(before), 'select 1\n) as described limit 0');
});

test.run();
