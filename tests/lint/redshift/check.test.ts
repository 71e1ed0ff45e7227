// check(): places, the session that a text goes through, users' functions, what findings say.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CheckOptions, check, functions, outsideOnly, rules, splitStatements } from '../../../src/lint/redshift/index.ts';
import { rewrites } from '../../../src/lint/redshift/words/functions/foreign.ts';
import { reservedWords } from '../../../src/lint/redshift/words/reserved.ts';
import { firstError } from './support.ts';

const test = suite('lint redshift: check');

const outcome = (sql: string, options?: CheckOptions): string[] =>
  check(sql, options).map(({ findings }) => findings.map(({ rule }) => rule).join(' '));

test('a finding has the place of what is wrong, in lines and columns of the whole text', () => {
  const sql = "-- übersicht\nselect 'ä',\n  string_agg(a, ',') from t;\n\n/* b */ select 1;\ninsert into t values (1) returning a";
  const [first, second, third] = check(sql);
  assert.equal([first?.line, second?.line, third?.line], [2, 5, 6]);
  assert.equal(sql.slice(second?.start, second?.end), 'select 1');
  const [aggregate] = first?.findings ?? [];
  assert.equal([aggregate?.line, aggregate?.column, aggregate?.offset], [3, 3, sql.indexOf('string_agg')]);
  const [returning] = third?.findings ?? [];
  assert.equal([returning?.line, returning?.column], [6, 26]);
});

test('what a finding says: the reason, the rewrite, the page, the server’s answer', () => {
  assert.equal(firstError('select string_agg(title, 1) from books'), {
    rule: 'unknown-function',
    severity: 'error',
    offset: 7,
    line: 1,
    column: 8,
    message: 'Redshift has no function STRING_AGG.',
    rewrite: 'Write listagg(x, separator) within group (order by …).',
    url: 'https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html',
    sqlstate: '42883',
    says: 'function string_agg("unknown", integer) does not exist',
  });
  assert.is(firstError('select 1 from')?.says, 'syntax error at end of input');
  assert.is(
    firstError('select sum(a) over (order by b) from t')?.rewrite,
    'Write over (order by b rows between unbounded preceding and current row), or the frame you mean.',
  );
});

test('all that is wrong is found, not the first only', () => {
  assert.equal(outcome('create table t (a uuid, a serial, c int encode text255) diststyle all distkey (d)'), [
    'duplicate-column unknown-type unsupported-type encoding-type dist-conflict missing-column',
  ]);
});

test('the kind of a statement', () => {
  assert.equal(
    check('select 1; create table a as select 1 as b; vacuum; insert into a values (1); grosses chaos').map(({ kind }) => kind),
    ['select', 'create-table-as', 'vacuum', 'insert', undefined],
  );
});

test('the session goes from statement to statement', () => {
  assert.equal(outcome('vacuum; begin; vacuum; commit; vacuum'), ['', '', 'in-transaction', '', '']);
  assert.equal(outcome('begin; truncate t; vacuum'), ['', '', '']);
  assert.equal(outcome('begin; rollback; alter table t append from s'), ['', '', '']);
  assert.equal(
    outcome('start transaction; alter table t alter column a type varchar(20); end; alter table t alter column a type varchar(20)'),
    ['', 'in-transaction', '', ''],
  );
  assert.equal(outcome('vacuum', { state: { inTransaction: true } }), ['in-transaction']);
  assert.equal(outcome('begin; declare c cursor for select 1; close c; declare d cursor for select 1'), ['', '', '', '']);
  assert.equal(outcome('declare c cursor for select 1', { state: { inTransaction: false } }), ['cursor-outside']);
  assert.equal(outcome('declare c cursor for select 1'), [''], 'where the text begins, the session is not known');
  assert.equal(outcome('begin; explain delete from t; prepare p as delete from t'), ['', '', '']);
});

test('what runs outside of transactions only', () => {
  const what = (sql: string): string | undefined => {
    const [{ tree } = {}] = check(sql);
    return tree && outsideOnly(tree);
  };
  assert.is(what('vacuum loans'), 'VACUUM');
  assert.is(what('alter table loans alter column note type varchar(500)'), 'ALTER TABLE ALTER COLUMN');
  assert.is(what("grant select on external table s.t to iam_role 'arn'"), 'GRANT on an external resource');
  for (const sql of [
    'truncate loans',
    'alter table loans add column a int',
    'grant select on loans to anna',
    'copy job list',
    'create table t (a int)',
  ])
    assert.is(what(sql), sql === 'copy job list' ? 'COPY JOB' : undefined, sql);
});

test('users’ functions: with a schema, by name, by f_, and those that the text creates', () => {
  assert.equal(outcome('select fine(1), tools.fine(1), f_fine(1)'), ['unknown-function']);
  assert.equal(outcome('select Fine(1)', { knowsFunction: (name) => name === 'fine' }), ['']);
  assert.equal(outcome('create function Fine (int) returns int immutable as $$ select $1 $$ language sql; select fine(1)'), ['', '']);
  assert.equal(outcome('select pg_catalog.lower(a), pg_catalog.fine(a) from t'), ['unknown-function']);
});

test('statements within others are checked as themselves', () => {
  assert.equal(outcome('explain select string_agg(a, b) from t'), ['unknown-function']);
  assert.equal(outcome('prepare p as insert into t select now()'), ['leader-function']);
  assert.equal(outcome('begin; declare c cursor for select array_agg(a) from t'), ['', 'unknown-function']);
  assert.equal(outcome('create view v as select a from t union all select string_agg(b, c) from u'), ['unknown-function']);
  const sql = "unload ('select string_agg(a, b) from t') to 's3://x/' iam_role default";
  assert.equal(outcome(sql), ['unknown-function']);
  assert.is(check(sql)[0]?.findings[0]?.offset, sql.indexOf("'select"), 'at the literal');
});

test('leader and compute nodes', () => {
  assert.equal(outcome('select now(); select now() from pg_class; select now() from loans; select now() from stl_query'), [
    '',
    '',
    'leader-function',
    'leader-function',
  ]);
  assert.equal(outcome('with p as (select oid from pg_class) select current_schema() from p'), ['']);
  assert.equal(outcome('with p as (select id from loans) select current_schema() from p'), ['leader-function']);
  assert.equal(outcome('select median(a) from t; select median(a) from (select a from t) x; select median(oid) from pg_class'), [
    '',
    '',
    'compute-function',
  ]);
  assert.equal(outcome('create table t (a timestamp default now())'), [''], 'a default is computed when rows come');
});

test('correlated subqueries that can be run', () => {
  for (const sql of [
    'select id from books b where exists (select 1 from loans l where l.book_id = b.id)',
    'select id, (select count(*) from loans l where l.book_id = b.id) from books b',
    'select id from books where id in (select book_id from loans order by due limit 3)',
    'select id from books b where a or exists (select 1 from loans)',
    'select * from books b left join (select book_id from loans l limit 3) l on l.book_id = b.id',
    'select id from books b where copies = (select max(copies) from books c where c.author = b.author) group by id',
  ])
    assert.equal(outcome(sql), [''], sql);
});

test('names: 127 bytes are enough, 128 are not', () => {
  assert.equal(outcome(`select 1 as ${'a'.repeat(127)}; select 1 as ${'a'.repeat(128)}`), ['', 'long-name']);
  assert.equal(outcome(`select 1 as "${'é'.repeat(63)}"; select 1 as "${'é'.repeat(64)}"`), ['', 'long-name']);
});

test('every reserved word is refused as a name, and taken in quotes and behind AS', () => {
  for (const word of reservedWords) {
    if (word === 'array') continue;
    assert.ok(firstError(`create table ${word} (a int)`), word);
    if (word !== 'like') assert.ok(firstError(`create table t (${word} int)`), word);
    assert.equal(outcome(`create table "${word}" ("${word === 'oid' ? 'o' : word}" int); select 1 as ${word}`), ['', ''], word);
  }
});

test('every function of the list is taken with as many arguments as it has, and refused with one too many', () => {
  const special = new Set([
    'extract',
    'position',
    'current_date',
    'current_time',
    'current_timestamp',
    'current_user',
    'current_user_id',
    'localtime',
    'localtimestamp',
    'session_user',
    'sysdate',
    'user',
    'array',
    'object_transform',
  ]);
  for (const [name, signatures] of functions) {
    if (special.has(name)) continue;
    const most = Math.max(...signatures.map((one) => one.most));
    const call = (count: number): string => {
      const parts = signatures[0]?.parameters ?? [];
      const args = Array.from({ length: count }, (_, i) => ((parts[i] ?? parts.at(-1)) === 'part' ? 'day' : 'a'));
      const over = signatures[0]?.kind === 'window' ? ' over (order by a)' : '';
      const within = name.startsWith('percentile_') ? ' within group (order by a)' : '';
      const from =
        signatures[0]?.kind === 'catalog' ? 'pg_class' : signatures[0]?.kind === 'leader' || signatures[0]?.kind === 'records' ? '' : 't';
      const frame = ['first_value', 'last_value', 'nth_value'].includes(name) ? ' over (order by a rows unbounded preceding)' : over;
      return `select ${name}(${args.join(', ')})${within}${frame}${from === '' ? '' : ` from ${from}`}`;
    };
    for (const { least } of signatures) assert.equal(outcome(call(least)), [''], call(least));
    if (Number.isFinite(most)) assert.equal(outcome(call(most + 1)), ['function-arguments'], call(most + 1));
  }
});

test('functions that others have: a rewrite each, and none is Redshift’s own but now(), which the leader has', () => {
  assert.equal(
    Object.keys(rewrites).filter((name) => functions.has(name)),
    ['now'],
  );
  for (const [name, rewrite] of Object.entries(rewrites)) {
    assert.match(name, /^[a-z][a-z0-9_]*$/);
    assert.match(rewrite, /\.$/, name);
  }
});

test('rules have texts that can be printed', () => {
  for (const [id, { reason, says, rewrite, url }] of rules) {
    assert.match(id, /^[a-z]+(-[a-z]+)*$/);
    assert.match(reason, /\.$/, id);
    assert.ok(says.length > 0, id);
    if (rewrite !== undefined) assert.match(rewrite, /[.}]$/, id);
    assert.match(url, /^https:/, id);
  }
});

test('statements are those that splitStatements gives', () => {
  const sql = "select 1; ; select ';' -- ;\n; begin";
  assert.equal(
    check(sql).map(({ start, end }) => [start, end]),
    splitStatements(sql).map(({ start, end }) => [start, end]),
  );
});

test.run();
