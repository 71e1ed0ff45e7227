import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { S3Server } from '../support/s3-server.ts';
import { type Client, connect, value } from './client.ts';
import { StandIn } from './stand-in.ts';
import { bucketsOf } from './stores.ts';

const ROLE = 'arn:aws:iam::123456789012:role/loader';
const test = suite<{ s3: S3Server; standIn: StandIn; client: Client }>('the stand-in: COPY');

test.before(async (context) => {
  context.s3 = await S3Server.start();
  context.s3.bucket('library');
  context.standIn = await StandIn.start({ objects: bucketsOf(context.s3), iamRoles: [ROLE] });
  context.client = await connect(context.standIn);
});
test.after(async ({ s3, standIn, client }) => {
  await client.pg.end();
  await standIn.close();
  await s3.close();
});
test.before.each(async ({ client }) => {
  await client.rows(
    "drop table if exists loans; create table loans (id int not null, title varchar(5), due timestamp, price decimal(8, 2), state varchar(9) default 'new')",
  );
});

const copy = (from: string, rest: string, columns = ''): string =>
  `copy loans ${columns} from 's3://library/${from}' iam_role '${ROLE}' ${rest}`;
const loans = (client: Client): Promise<readonly (readonly (string | null)[])[]> => client.rows('select * from loans order by id');
const FAILED = "XX000 Load into table 'loans' failed.  Check 'sys_load_error_detail' system table for details.";

test('JSON: keys are matched to lower-case names, ignorecase, and by the paths of a file', async ({ s3, client }) => {
  s3.put(
    'library',
    'json/a.json',
    '{"id": 1, "Title": "one", "due": "2024-05-01 10:00:00", "price": 1.5, "more": 1}\n{"id": "2", "title": null}',
  );
  await client.rows(copy('json/', "json 'auto'"));
  assert.equal(await loans(client), [
    ['1', null, '2024-05-01 10:00:00', '1.50', null],
    ['2', null, null, null, null],
  ]);
  assert.is(client.notices.at(-1), "Load into table 'loans' completed, 2 record(s) loaded successfully.");
  await client.rows('delete from loans');
  await client.rows(copy('json/', "json 'auto ignorecase'", '(id, title)'));
  assert.equal(await client.rows('select id, title, state from loans order by id'), [
    ['1', 'one', 'new'],
    ['2', null, 'new'],
  ]);
  s3.put('library', 'paths.json', '{"jsonpaths": ["$.id", "$[\'Title\']"]}');
  s3.put('library', 'other.json', '{"JsonPaths": ["$.id", "$.Title"]}');
  await client.rows('delete from loans');
  await client.rows(copy('json/', "json 's3://library/paths.json'", '(id, title)'));
  assert.is(await value(client, 'select title from loans where id = 1'), 'one');
  // Another key at the top is none: the keys are matched by name, without a word.
  await client.rows('delete from loans');
  await client.rows(copy('json/', "json 's3://library/other.json'", '(id, title)'));
  assert.is(await value(client, 'select title from loans where id = 1'), null);
  assert.match(
    await client.outcome(copy('json/', "json 's3://library/paths.json'")),
    'XX000 Number of jsonpaths and the number of columns',
  );
});

test('CSV: quotes, line ends, another delimiter, header, NULL; empty fields are NULL but for strings; gzip', async ({ s3, client }) => {
  s3.put('library', 'csv/a.csv', 'id;title;due\n1;"a;""b";\n2;"x\ny";2024-05-01\n3;;\n4;NIX;\n');
  await client.rows(copy('csv/', "csv delimiter ';' ignoreheader 1 null as 'NIX'", '(id, title, due)'));
  assert.equal(await client.rows('select id, title, due from loans order by id'), [
    ['1', 'a;"b', null],
    ['2', 'x\ny', '2024-05-01 00:00:00'],
    ['3', '', null],
    ['4', null, null],
  ]);
  s3.put('library', 'packed.csv.gz', gzipSync('9,nine\n'));
  await client.rows(copy('packed.csv.gz', 'csv gzip', '(id, title)'));
  assert.is(await value(client, 'select title from loans where id = 9'), 'nine');
});

test('a prefix takes all keys that begin with it; a manifest takes those it names', async ({ s3, client }) => {
  s3.put('library', 'day/1.csv', '1,a');
  s3.put('library', 'day/1.csv.bak', '2,b');
  await client.rows(copy('day/1', 'csv', '(id, title)'));
  assert.is(await value(client, 'select count(*) from loans'), '2');
  const manifest = (mandatory: boolean): string =>
    JSON.stringify({
      entries: [
        { url: 's3://library/day/1.csv', mandatory: true },
        { url: 's3://library/day/gone.csv', mandatory },
      ],
    });
  s3.put('library', 'some.manifest', manifest(false));
  await client.rows('delete from loans');
  await client.rows(copy('some.manifest', 'csv manifest', '(id, title)'));
  assert.equal(await client.rows('select id from loans'), [['1']]);
  s3.put('library', 'all.manifest', manifest(true));
  assert.is(
    await client.outcome(copy('all.manifest', 'csv manifest', '(id, title)')),
    'XX000 S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey',
  );
  s3.put('library', 'bad.manifest', '{"entries": [{"key": "x"}]}');
  assert.is(await client.outcome(copy('bad.manifest', 'csv manifest')), 'XX000 Mandatory url is not present in manifest file.');
  assert.match(
    await client.outcome(copy('no.manifest', 'csv manifest')),
    'XX000 Problem reading manifest file - S3ServiceException:The specified key',
  );
  assert.is(await client.outcome(copy('nothing/', 'csv')), "XX000 The specified S3 prefix 'nothing/' does not exist");
  assert.match(
    await client.outcome(`copy loans from 's3://elsewhere/x' iam_role default csv`),
    'XX000 S3ServiceException:The specified bucket does not exist,Status 404',
  );
  assert.match(
    await client.outcome(`copy loans from 's3://library/x' iam_role 'arn:aws:iam::1:role/other' csv`),
    'is not authorized to assume IAM Role arn:aws:iam::1:role/other',
  );
  assert.is(
    await client.outcome(`copy missing from 's3://library/day/' iam_role default csv`),
    'XX000 Cannot COPY into nonexistent table missing',
  );
});

test('one bad record fails it all, and stands in the system tables after the rollback', async ({ s3, client }) => {
  s3.put('library', 'bad/a.json', '{"id": 1, "title": "one"}\n\n{"id": "many"}\n{"id": 3, "title": "too long"}\nnot json\n{"id": null}');
  await client.rows('begin; insert into loans (id) values (100)');
  assert.is(await client.outcome(copy('bad/', "json 'auto'")), FAILED);
  await client.rows('rollback');
  assert.is(await value(client, 'select count(*) from loans'), '0');
  const detail =
    'select line_number, column_name, column_type, error_code, trim(error_message) from sys_load_error_detail where query_id = pg_last_copy_id() order by line_number';
  assert.equal(await client.rows(detail), [['3', 'id', 'integer', '1207', "Invalid digit, Value 'm', Pos 0, Type: Integer"]]);
  assert.equal(await client.rows('select status, loaded_rows, error_count from sys_load_history where query_id = pg_last_copy_id()'), [
    ['aborted', '0', '1'],
  ]);
  await client.rows(copy('bad/', "json 'auto' maxerror 10"));
  assert.equal(await client.rows(detail), [
    ['3', 'id', 'integer', '1207', "Invalid digit, Value 'm', Pos 0, Type: Integer"],
    ['4', 'title', 'character varying', '1204', 'String length exceeds DDL length'],
    ['5', '', '', '1216', 'Invalid JSON: Invalid value'],
    ['6', 'id', 'integer', '1213', 'Missing data for not-null field'],
  ]);
  assert.equal(await loans(client), [['1', 'one', null, null, null]]);
  assert.is(await value(client, 'select pg_last_copy_count()'), '1');
  assert.is(await client.outcome(copy('bad/', "json 'auto' maxerror 4")), FAILED);
  assert.equal(
    await client.rows(
      'select file_name, lines_scanned from sys_load_detail d where query_id = (select max(query_id) from sys_load_detail)',
    ),
    [['s3://library/bad/a.json', '5']],
  );
  assert.equal(await client.rows('select distinct err_reason from stl_load_errors where err_code = 1204'), [
    ['String length exceeds DDL length'],
  ]);
});

test('strings are cut in bytes where TRUNCATECOLUMNS says so; epochs by TIMEFORMAT', async ({ s3, client }) => {
  s3.put('library', 'cut.json', '{"id": 1, "title": "aéééé", "due": 1541105830796}');
  await client.rows(copy('cut.json', "json 'auto' truncatecolumns timeformat 'epochmillisecs'"));
  assert.equal(await client.rows('select title, due from loans'), [['aéé', '2018-11-01 20:57:10.796']]);
  assert.is(await client.outcome(copy('cut.json', "json 'auto' truncatecolumns")), FAILED);
});

test('parameters that it does not follow are refused', async ({ client }) => {
  assert.match(await client.outcome(copy('x', 'parquet')), '0A000 the stand-in does not translate COPY with PARQUET');
  assert.match(await client.outcome(copy('x', "csv fixedwidth 'a:1'")), /^(42601|0A000)/);
});

test.run();
