// The tree as a translator uses it: the ranges of what it takes out, and the values of what it writes anew.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { all, check, type Node, type NodeOf, type Statement, scopesOf } from '../../../src/lint/redshift/index.ts';

const test = suite('lint redshift: the tree');

function treeOf(sql: string): Statement {
  const [checked] = check(sql);
  if (!checked?.tree) throw new Error(`${sql}: ${checked?.findings[0]?.says}`);
  return checked.tree;
}
function only<const K extends Node['kind']>(sql: string, kind: K): NodeOf<K> {
  const [found] = all(treeOf(sql), kind);
  if (!found) throw new Error(`no ${kind} in ${sql}`);
  return found;
}
const textOf = (sql: string, { start, end }: { readonly start: number; readonly end: number }): string => sql.slice(start, end);
const texts = (sql: string, ...kinds: readonly Node['kind'][]): string[] => all(treeOf(sql), ...kinds).map((node) => textOf(sql, node));

/** The text without these ranges, blanks put together. */
const without = (sql: string, nodes: readonly { readonly start: number; readonly end: number }[]): string =>
  [...nodes]
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), sql)
    .replace(/\s+/g, ' ')
    .trim();

test('a table without what PostgreSQL does not know', () => {
  const sql = `create table library.books (
    id bigint identity(1, 1) not null encode az64 distkey, title varchar(10) collate case_insensitive default 'x', extra super
  ) backup no diststyle key compound sortkey (id, title)`;
  const tree = treeOf(sql);
  const attributes = all(tree, 'column-attribute').filter(({ what }) => !['not null', 'default'].includes(what));
  assert.is(
    without(sql, [...attributes, ...all(tree, 'table-attribute')]),
    "create table library.books ( id bigint not null , title varchar(10) default 'x', extra super )",
  );
  const identity = attributes.find(({ what }) => what === 'identity');
  assert.equal(identity?.what === 'identity' && [identity.seed, identity.step, identity.byDefault], [1, 1, false]);
  assert.equal(
    all(tree, 'type').map(({ name, args }) => [name, ...args]),
    [['bigint'], ['varchar', 10], ['super']],
  );
  assert.equal(
    all(tree, 'table-attribute').map(({ what }) => what),
    ['backup', 'diststyle', 'sortkey'],
  );
});

test('types have one name, however they are written', () => {
  const names = (types: string): string[] =>
    all(
      treeOf(
        `create table t (${types
          .split(',')
          .map((type, i) => `c${i} ${type}`)
          .join(', ')})`,
      ),
      'type',
    ).map(({ name }) => name);
  assert.equal(
    names(
      'int4,INT,character varying(3),nvarchar(3),float8,double precision,numeric(3),timestamp without time zone,timestamp with time zone',
    ),
    ['integer', 'integer', 'varchar', 'varchar', 'double precision', 'double precision', 'decimal', 'timestamp', 'timestamptz'],
  );
});

test('CREATE TABLE AS: attributes before the query, columns by place', () => {
  const sql = 'create temp table t distkey (1) sortkey (1, 2) as (select a, b from s)';
  const tree = treeOf(sql);
  assert.is(without(sql, all(tree, 'table-attribute')), 'create temp table t as (select a, b from s)');
  assert.equal(texts(sql, 'query'), ['(select a, b from s)', 'select a, b from s']);
  assert.is(tree.kind === 'create-table-as' && tree.temporary, true);
});

test('a late-binding view: the query ends before the words', () => {
  const sql = 'create view library.late as select id from library.loans with no schema binding';
  const tree = treeOf(sql);
  assert.ok(tree.kind === 'create-view' && tree.noSchemaBinding);
  if (tree.kind === 'create-view') assert.is(sql.slice(tree.query.end, tree.end), ' with no schema binding');
});

test('SELECT: top, exclude, qualify, aliases', () => {
  const sql = 'select top (3) b.*, copies c exclude (isbn) from books b where x qualify row_number() over (order by c desc) = 1 limit 2';
  const select = only(sql, 'select');
  assert.is(textOf(sql, select.top ?? select), 'top (3)');
  assert.is(textOf(sql, select.exclude ?? select), 'exclude (isbn)');
  assert.is(textOf(sql, select.qualify ?? select), 'row_number() over (order by c desc) = 1');
  assert.equal(
    select.items.map((item) => [textOf(sql, item), item.alias?.value]),
    [
      ['b.*', undefined],
      ['copies c', 'c'],
    ],
  );
  assert.is(textOf(sql, select), sql.slice(0, sql.indexOf(' limit')));
});

test('calls: the name, the arguments, what follows', () => {
  const sql =
    "select approximate count(distinct a), listagg(distinct b, ',') within group (order by b desc) over (partition by c), dateadd(month, 3, due)::date from t";
  const [approximate, listagg, dateadd] = all(treeOf(sql), 'call');
  assert.is(approximate && textOf(sql, approximate), 'approximate count(distinct a)');
  assert.equal([approximate?.approximate, approximate?.quantifier], [true, 'distinct']);
  assert.is(listagg?.withinGroup?.[0]?.direction, 'desc');
  assert.is(listagg?.over && textOf(sql, listagg.over), '(partition by c)');
  assert.equal(
    dateadd?.args.map((argument) => textOf(sql, argument)),
    ['month', '3', 'due'],
  );
  assert.equal(texts("select trim(both 'x' from a), substring(a from 2 for 3), position('b' in a), extract(year from d)", 'call'), [
    "trim(both 'x' from a)",
    'substring(a from 2 for 3)',
    "position('b' in a)",
    'extract(year from d)',
  ]);
});

test('strings are decoded, so that they can be written for another server', () => {
  assert.is(only(`select 'it\\'s\\n'`, 'literal').value, "it's\n");
  assert.is(only(`select 'a'\n  'b'`, 'literal').value, 'ab');
});

test('precedence', () => {
  const shape = (node: Node): string => {
    if (node.kind === 'binary') return `(${shape(node.left)} ${node.op} ${shape(node.right)})`;
    if (node.kind === 'unary') return `(${node.op} ${shape(node.operand)})`;
    if (node.kind === 'column') return node.parts.map(({ value }) => value).join('.');
    if (node.kind === 'literal') return node.value;
    if (node.kind === 'group') return shape(node.inner);
    if (node.kind === 'cast') return `${shape(node.operand)}::${node.type.name}`;
    if (node.kind === 'is') return `(${shape(node.operand)} is ${node.negated ? 'not ' : ''}${node.what})`;
    if (node.kind === 'between') return `(${shape(node.operand)} between ${shape(node.low)} and ${shape(node.high)})`;
    if (node.kind === 'like') return `(${shape(node.operand)} ${node.op} ${shape(node.pattern)})`;
    return node.kind;
  };
  const of = (expression: string): string => shape(only(`select ${expression} from t`, 'select-item').expression);
  assert.is(of('a or b and not c = d + e * f'), '(a or (b and (not (c = (d + (e * f))))))');
  assert.is(of('a - b - c'), '((a - b) - c)');
  assert.is(of('-a::int ^ 2'), '((- a::integer) ^ 2)');
  assert.is(of('a || b || c = d'), '(((a || b) || c) = d)');
  assert.is(of('a between b + 1 and c and d'), '((a between (b + 1) and c) and d)');
  assert.is(of('a is not null and b is null or c'), '(((a is not null) and (b is null)) or c)');
  assert.is(of('not a like b || c'), '(not (a like (b || c)))');
  assert.is(of('a = b is true'), '((a = b) is true)');
});

test('set operations: INTERSECT binds closer', () => {
  const { body } = only('select 1 union select 2 intersect select 3 except select 4', 'query');
  assert.is(body.kind === 'set-operation' && body.op, 'except');
  assert.is(body.kind === 'set-operation' && body.left.kind === 'set-operation' && body.left.op, 'union');
});

test('joins and pivots', () => {
  const sql =
    "select * from a join b on a.x = b.x left join (c cross join d) using (y) cross join e pivot (sum(n) as s for k in ('p' as q, 'r')) as z";
  assert.equal(
    all(treeOf(sql), 'join').map(({ type, using }) => [type, using?.map(({ value }) => value)]),
    [
      ['cross', undefined],
      ['left', ['y']],
      ['inner', undefined],
      ['cross', undefined],
    ],
  );
  const pivot = only(sql, 'pivot');
  assert.is(textOf(sql, pivot.source), 'e');
  assert.equal(
    [pivot.column.value, pivot.values.map((value) => textOf(sql, value)), pivot.alias?.name.value],
    ['k', ["'p' as q", "'r'"], 'z'],
  );
});

test('COPY: each parameter with its value', () => {
  const sql = `copy #staged (a, b) from 's3://library/x.manifest' iam_role default manifest format as json 's3://library/paths.json' maxerror 5 compupdate off region as 'eu-west-1' null as '\\\\N'`;
  const copy = only(sql, 'copy');
  assert.equal(
    copy.options.map(({ name, value }) => [name, value]),
    [
      ['iam_role', 'default'],
      ['manifest', undefined],
      ['json', 's3://library/paths.json'],
      ['maxerror', 5],
      ['compupdate', 'off'],
      ['region', 'eu-west-1'],
      ['null', '\\N'],
    ],
  );
  assert.equal([copy.table.parts[0].value, copy.columns?.length, copy.source.value], ['#staged', 2, 's3://library/x.manifest']);
});

test('UNLOAD: the query within the literal', () => {
  const unload = only("unload ('select id from loans where branch = ''north''') to 's3://library/out/' iam_role default", 'unload');
  const query = unload.inner.query;
  assert.is(unload.text.value.slice(query.start, query.end), "select id from loans where branch = 'north'");
});

test('MERGE, UPDATE, DELETE, INSERT', () => {
  const merge = only(
    'merge into a using b as s on a.i = s.i when not matched then insert (i) values (s.i) when matched then update set j = s.j',
    'merge',
  );
  assert.ok(merge.action.kind === 'merge-clauses' && merge.action.matched.kind === 'merge-update');
  assert.is(only('merge into a using b on a.i = b.i remove duplicates', 'merge').action.kind, 'remove-duplicates');
  const update = only('with w as (select 1) update a x set i = default, j = 2 from b where true', 'update');
  assert.equal(
    [update.alias?.value, update.assignments.map(({ value }) => value.kind), update.from.length, update.with?.ctes.length],
    ['x', ['default', 'literal'], 1, 1],
  );
  const deletion = only('delete from a using b, c where true', 'delete');
  assert.equal([deletion.using.length, deletion.where?.kind], [2, 'literal']);
  assert.is(only('insert into a default values', 'insert').source.kind, 'default-values');
});

test('commands: their words and slots', () => {
  const command = (sql: string): unknown[] => {
    const tree = treeOf(sql);
    if (tree.kind !== 'command') throw new Error(`${sql} is no command`);
    return [tree.command, ...tree.slots.map(({ label, node }) => `${label}: ${node.kind === 'word' ? node.value : textOf(sql, node)}`)];
  };
  assert.equal(command('vacuum delete only library.loans to 75 percent boost'), [
    'vacuum',
    'mode: delete only',
    'table: library.loans',
    'percent: 75',
    'boost: boost',
  ]);
  assert.equal(command('drop table if exists a, b.c cascade'), [
    'drop table',
    'if: if exists',
    'name: a',
    'name: b.c',
    'behavior: cascade',
  ]);
  assert.equal(command('start transaction isolation level read committed, read only'), [
    'begin',
    'level: read committed',
    'mode: read only',
  ]);
  assert.equal(command("comment on column d.s.t.c is 'x'"), ['comment', 'what: column', 'object: d.s.t', 'part: c', "text: 'x'"]);
  assert.equal(command("show tables from schema d.s like 'a%'"), ['show tables', 'schema: d.s', "like: 'a%'"]);
  assert.equal(command('lock table a, b'), ['lock', 'table: a', 'table: b']);
  assert.equal(command('END'), ['commit']);
});

test('SET and GRANT', () => {
  const set = only('set local search_path to \'$user\', public, "Odd"', 'set');
  assert.equal([set.scope, set.name, set.values], ['local', 'search_path', ['$user', 'public', 'Odd']]);
  assert.equal(only('set query_group to default', 'set').values, []);
  const grant = only('grant select (a), insert on table s.t, u to anna with grant option, group g, role r, public', 'grant');
  assert.equal(
    [grant.privileges.map(({ words }) => words), grant.on?.what, grant.on?.names.length, grant.grantees.map(({ what }) => what)],
    [['select', 'insert'], 'table', 2, ['user', 'group', 'role', 'public']],
  );
});

test('scopes: relations read, not WITH queries nor SUPER values', () => {
  const read = (sql: string): string[] =>
    scopesOf(treeOf(sql)).flatMap(({ relations }) => relations.map(({ parts }) => parts.map(({ value }) => value).join('.')));
  assert.equal(read('with w as (select * from a) select * from w, library.b x, x.items i where exists (select 1 from c)'), [
    'a',
    'library.b',
    'c',
  ]);
  assert.equal(read('with a as (select * from a) select * from a'), ['a']);
  assert.equal(read('insert into t with w as (select 1) select * from w join u on true'), ['u']);
  assert.equal(read('update t set a = 1 from s where t.b in (select b from v)'), ['s', 'v']);
  assert.equal(read('create view x as select * from a union all (select * from b)'), ['a', 'b']);
});

test.run();
