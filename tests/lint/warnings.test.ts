// What is taken and answers otherwise elsewhere, or costs more than it need; and what is like it and gives no cause.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type NamedRelation, relationsByName } from '../../src/lint/known.ts';
import { lintRedshift } from '../../src/lint/redshift-linter.ts';
import { warningRules } from '../../src/lint/warnings/rules.ts';

const test = suite('lint: warnings');

const TABLES = `create table loans (id int not null, days int, fee decimal(9, 2), code char(4), note varchar(80), due timestamp) distkey (id);
create table fines (loan_id bigint distkey, cents int);
create table shelves (id int, room int) diststyle all;
create table visits (loan_id int, at timestamp) diststyle even;
`;

/** Warnings of the last statement. */
const warned = (sql: string): readonly string[] =>
  (lintRedshift(`${TABLES}${sql}`).at(-1)?.findings ?? []).map(({ rule, severity }) => (severity === 'error' ? `error ${rule}` : rule));

const seen = new Set<string>();
function gives(rule: string, statements: readonly string[], others: readonly string[]): void {
  test(rule, () => {
    for (const sql of statements) assert.equal([...new Set(warned(sql))], [rule], sql);
    for (const sql of others) assert.equal(warned(sql), [], sql);
    seen.add(rule);
  });
}

gives(
  'integer-division',
  [
    'select 7 / 2',
    'select days / 7 from loans',
    'select l.days / (2 + 5) from loans l',
    'select count(*) / count(distinct id) from loans',
    'select -days / 7 from loans',
    'select case when days > 3 then days else 7 end / 2 from loans',
    'select id from loans l where exists (select 1 from fines f where f.loan_id = l.id and f.cents / l.days > 2)',
    'select length(note) / 2 from loans',
    'select datediff(day, due, getdate()) / 7 from loans',
    'with c as (select note, count(*) as n from loans group by note) select n / 2 from c where n > 1',
    'select x.m / 2 from (select n as m from (select days as n from loans) w) x',
    'with c as ((select days from loans)) select d.days / 2 from c d join fines f on true',
  ],
  [
    'select 1000 / 10',
    'select 7 / 2.0',
    'select fee / 2 from loans',
    'select days::decimal / 7 from loans',
    'select floor(days / 7), trunc((days / 7)) from loans',
    'select unknown / 7 from elsewhere',
    'select x.days / 7 from elsewhere x',
    'with recursive r (n) as (select 1 union all select n + 1 from r where n < 9) select n / 2 from r',
    'with r as (select n from r) select n / 2 from r',
    'with c as (select fee as days from loans) select days / 7 from c, (select 1 as one) o',
    'select n / 2 from (select days as n from loans union all select 0.5) u',
    'select x.n / 2 from (select fee, days from loans) x (n, days)',
  ],
);
gives(
  'integer-average',
  ['select avg(days) from loans', 'select avg(l.days) over (partition by l.code) from loans l', 'select avg(1 + days) from loans'],
  ['select avg(fee) from loans', 'select avg(days::decimal(9, 2)) from loans', 'select avg(days * 1.0), avg(other) from loans'],
);
gives(
  'concat-null',
  ["select concat(note, '!') from loans", 'select concat(note, concat(note, note)) from loans', 'select concat(id, note) from loans'],
  ["select concat('a', 'b')", "select concat(coalesce(note, ''), nvl(note, '-')) from loans", "select note || '!' from loans"],
);
gives(
  'byte-length',
  [
    'select cast(note as varchar(10)) from loans',
    'select name::char(3) from elsewhere',
    "select 'Grüße'::varchar(5)",
    'select (a || b)::varchar(20) from t',
  ],
  [
    'select days::varchar(10), due::varchar(30), fee::char(9), true::varchar(5) from loans',
    "select 'plain'::varchar(5), null::varchar(3)",
    'select md5(note)::char(32), note::varchar, note::varchar(max) from loans',
  ],
);
gives(
  'trailing-blanks',
  [
    "select id from loans where note = 'a '",
    "select id from loans where note in ('a', 'b  ')",
    "select case note when ' ' then 1 end from loans",
    "select id from loans where note between 'a ' and 'b'",
    "select id from loans where code <> 'abc'",
    "select id from elsewhere where x::char = 'a'",
  ],
  ["select id from loans where note like 'a '", "select id from loans where note = ' a'", "select note || ' ' from loans"],
);
gives(
  'unknown-literal',
  [
    "with k as (select 'a' as kind) select kind from k",
    "select kind from (select 'a' as kind union all select ('b')) k",
    "create view kinds as select kind from (select 'a' as kind) k",
    "with k as ((select id, 'a' as kind from loans)) select kind from k",
  ],
  [
    "select 'a' as kind",
    "create table kinds as select 'a' as kind",
    "with k as (select 'a'::varchar as kind, cast('b' as char(1)) as b, 1 as n) select kind from k",
    "select id from loans where note in (select 'a')",
  ],
);
gives(
  'null-order',
  [
    'select days from loans order by days desc',
    'select days from loans order by 1 desc limit 5',
    'select top 3 days as d from loans order by d desc',
    'select id from (select id, days from loans order by days desc limit 1) l',
    'select row_number() over (partition by note order by days desc) from loans',
    'select rank() over (order by due desc, days) from loans',
    "select listagg(note, ',') within group (order by days desc) from loans",
    'with c as (select count(*) as n from loans) select n from elsewhere left join c on true order by n desc',
    'select l.id from elsewhere v left join loans l on v.loan_id = l.id order by l.id desc',
  ],
  [
    'select days from loans order by days, note asc',
    'select days from loans order by days desc nulls last',
    'select id from loans order by id desc',
    'select note, count(*) as n from loans group by note order by n desc, 2 desc, count(*) desc limit 3',
    'with c as (select note, count(*) as n from loans group by note) select rank() over (order by n desc) from c',
    'select n from (select id as n from loans) x order by x.n desc',
    'create table t as select days from loans order by days desc',
    'select coalesce(days, 0) from loans order by coalesce(days, 0) desc',
  ],
);
gives(
  'wide-varchar',
  [
    'create table t (a varchar(max))',
    'create table t (a int, b varchar(65535) encode zstd)',
    'alter table t add column a varchar(20000)',
    'alter table t alter column a type varchar(65535)',
  ],
  ['create table t (a varchar(4096), b varchar, c text, d char(4096))', 'select a::varchar(max) from t'],
);
gives(
  'interleaved-key',
  [
    'create table t (a int) interleaved sortkey (a)',
    'create table t (a int, at timestamp) interleaved sortkey (a, at)',
    'create table t (a bigint identity(1, 1), b int) interleaved sortkey (b, a)',
    'create table t interleaved sortkey (a) as select 1 as a',
  ],
  ['create table t (a int, b varchar(9)) interleaved sortkey (a, b)', 'create table t (a int, at timestamp) compound sortkey (at, a)'],
);
gives(
  'cross-join',
  [
    'select 1 from loans l, fines f',
    'select 1 from loans l, fines f where l.id > 3 and f.cents > 4',
    'select 1 from loans l join elsewhere v on l.id = v.loan_id, fines f where f.cents = 3',
    'select 1 from loans l, fines f, shelves s where l.id = s.room',
  ],
  [
    'select 1 from loans l, fines f where l.id = f.loan_id',
    'select 1 from loans l, fines f where days = cents',
    'select 1 from loans l cross join shelves s',
    'select 1 from loans l, (select max(cents) from fines) m',
    'select 1 from orders o, o.items i',
    'select 1 from loans l, fines f, shelves s where l.id = f.loan_id and s.id = f.cents',
    'select 1 from loans l, fines f where (l.id = f.loan_id and l.days > 2)',
  ],
);
gives(
  'join-distribution',
  [
    'select 1 from loans l join fines f on l.days = f.loan_id',
    'select 1 from loans l, fines f where l.id = f.cents',
    'select 1 from loans l join visits v on v.loan_id = l.id',
    'select 1 from visits v left join fines f on f.loan_id = v.loan_id and f.cents = v.loan_id',
  ],
  [
    'select 1 from loans l join fines f on l.id = f.loan_id and l.days = f.cents',
    'select 1 from loans l join fines f on l.days = f.cents and f.loan_id = l.id',
    'select 1 from loans l join shelves s on l.days = s.id',
    'select 1 from loans l join elsewhere e on l.days = e.id',
  ],
);

test('every rule is tried', () => {
  assert.equal(
    Object.keys(warningRules).filter((rule) => !seen.has(rule)),
    [],
  );
});

test('a warning has its place, its words filled in, a page, and refuses nothing', () => {
  const sql = `${TABLES}\nselect id,\n  avg(days) from loans l join visits v on v.loan_id = l.id`;
  const linted = lintRedshift(sql).at(-1);
  assert.is(linted?.refused, false);
  const shown = linted?.findings.map(({ rule, line, column, offset, message }) => [
    rule,
    line,
    column,
    sql.slice(offset, offset + 3),
    message,
  ]);
  assert.equal(shown, [
    ['integer-average', 7, 3, 'avg', 'AVG of integers is an integer on Redshift, its fraction cut off; on Postgres and DuckDB it is not.'],
    ['join-distribution', 7, 43, 'v.l', 'v is distributed by EVEN, l by id: this join has to send rows between the nodes.'],
  ]);
  for (const { url, reason, rewrite } of Object.values(warningRules)) {
    assert.match(url, /^https:\/\/docs\.aws\.amazon\.com\/redshift\/latest\/dg\/[\w-]+\.html$/);
    assert.match(reason, /[.}]$/);
    assert.match(rewrite, /\.$/);
  }
});

test('what a project knows counts as what the text says', () => {
  const relation = (schema: string, name: string, key: string): NamedRelation => ({
    parts: ['dev', schema, name],
    relation: { schema, columns: new Map([['n', { type: 'BIGINT', notNull: false }]]), dist: { style: 'key', column: key } },
  });
  const known = relationsByName([relation('mart', 'a', 'id'), relation('mart', 'b', 'a_id'), relation('other', 'b', 'x')]);
  const rules = (sql: string): readonly string[] => (lintRedshift(sql, { known })[0]?.findings ?? []).map(({ rule }) => rule);
  assert.equal(rules('select a.n / 2 from mart.a join mart.b on a.id = b.id'), ['integer-division', 'join-distribution']);
  assert.equal(rules('select b.n / 2 from dev.other.b'), ['integer-division']);
  assert.equal(rules('select b.n / 2 from b'), [], 'it could be either');
  assert.equal(rules('select b.n / 2 from third.b'), []);
});

test.run();
