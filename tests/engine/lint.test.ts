// dwh lint: of files and of nodes, where findings stand, what is written, and that all SQL of this repository is in order.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { redshiftDialect } from '../../src/adapters/redshift/dialect.ts';
import type { EventBody } from '../../src/core/event.ts';
import type { LintRequest } from '../../src/core/request.ts';
import { dataTests } from '../../src/data-tests/index.ts';
import { check } from '../../src/lint/redshift/index.ts';
import { copyFixture, type Fixture, fixtureIn, project, type RequestOptions } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';
import { repoRoot } from '../support/shared.ts';
import { tempDir } from '../support/temp-dir.ts';

const test = suite('lint: files and projects');

interface Statement {
  readonly file: string;
  readonly line: number;
  readonly refused: boolean;
  readonly findings: readonly { readonly rule: string; readonly severity: string; readonly line: number; readonly column: number }[];
}

const asked = (lint: Partial<LintRequest>, more: RequestOptions = {}): RequestOptions => ({
  output: 'json',
  ...more,
  lint: { dialect: 'redshift', files: [], fix: false, listRules: false, ...lint },
});
const run = (shop: Fixture, lint: Partial<LintRequest> = {}, more: RequestOptions = {}): Promise<readonly EventBody[]> =>
  shop.run('lint', asked(lint, more));
const output = (events: readonly EventBody[]): string => events.map((event) => (event.type === 'output' ? event.text : '')).join('');
const statementsOf = (events: readonly EventBody[]): readonly Statement[] =>
  (JSON.parse(output(events)) as { statements: Statement[] }).statements;
const linted = async (shop: Fixture, lint: Partial<LintRequest> = {}, more: RequestOptions = {}): Promise<readonly Statement[]> =>
  statementsOf(await run(shop, lint, more));
/** ['file:line', 'rule line:column', …] */
const shown = (statements: readonly Statement[]): readonly (readonly string[])[] =>
  statements.map(({ file, line, findings }) => [`${file}:${line}`, ...findings.map((one) => `${one.rule} ${one.line}:${one.column}`)]);

const PROJECT = { 'project.yml': 'name: shop\n' };

test('functions of the project: their bodies and hooks, and what they cannot be; who calls one is in order', async () => {
  const shop = await project({
    ...PROJECT,
    'functions/cents.sql': 'select\n  string_agg($1, 1)',
    'functions/whole.sql': 'select $1 * 100',
    'functions/vague.sql': 'select 1',
    'functions/hooked.sql': "{{ config(post_hook='alter function {{ this }} owner to nobody') }}select $1",
    'functions/functions.yml': `functions:
${['cents', 'whole', 'hooked'].map((name) => `  - {name: ${name}, arguments: [{name: amount, data_type: integer}], returns: {data_type: integer}}`).join('\n')}
  - {name: vague}
`,
    'models/orders.sql': "select {{ function('whole') }}(1) as a",
  });
  const events = await run(shop);
  const found = Object.fromEntries(
    statementsOf(events).map(({ file, findings }) => [file, findings.map((one) => `${one.rule} ${one.line}:${one.column}`)]),
  );
  assert.equal(found['functions/cents.sql'], ['unknown-function 2:3']);
  assert.equal([found['functions/whole.sql'], found['models/orders.sql']], [[], []]);
  assert.is(found['functions/hooked.sql']?.length, 1);
  assert.equal(found['functions/vague.sql'], undefined);
  const problems = events.flatMap((event) => (event.type === 'problems' ? event.problems : []));
  assert.equal(
    problems.map(({ code }) => code),
    ['config-missing'],
  );
  assert.equal(shown(await linted(shop, {}, { select: 'whole' })), [['functions/whole.sql:1']]);
});

test('a file: an entry for each statement, in the form that is promised', async () => {
  const folder = fixtureIn(tempDir('lint'));
  await folder.write('a.sql', '-- all\nselect 1;\n\n/* two */ select\n  string_agg(a, 1) from t;;\r\nselect \';\' as "a;b"');
  const events = await run(folder, { files: ['a.sql'] });
  assert.equal(JSON.parse(output(events)), {
    statements: [
      { file: 'a.sql', line: 2, refused: false, findings: [] },
      {
        file: 'a.sql',
        line: 4,
        refused: true,
        findings: [
          {
            rule: 'unknown-function',
            severity: 'error',
            line: 5,
            column: 3,
            message: 'Redshift has no function STRING_AGG.',
            rewrite: 'Write listagg(x, separator) within group (order by …).',
            url: 'https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html',
          },
        ],
      },
      { file: 'a.sql', line: 6, refused: false, findings: [] },
    ],
  });
  assert.equal(
    events.filter(({ type }) => type === 'linted'),
    [{ at: (events.at(-1) as { at?: number }).at, type: 'linted', refused: 1, warnings: 0 }],
  );
});

test('files and stdin together, each by its name; a mark of the encoding is no SQL', async () => {
  const folder = fixtureIn(tempDir('lint'));
  await folder.write('sub/b.sql', '\ufeffselect a::uuid');
  assert.equal(shown(await linted(folder, { files: ['sub/b.sql', '-'], stdin: 'vacuum;\nselect now()' })), [
    ['sub/b.sql:1', 'unknown-type 1:11'],
    ['-:1'],
    ['-:2'],
  ]);
  assert.equal(await linted(folder, { files: ['-'], stdin: ' -- nothing' }), []);
});

test('as text: place, rule, reason, the line, the rewrite, the page, and a count', async () => {
  const folder = fixtureIn(tempDir('lint'));
  await folder.write('a.sql', 'select 1;\nselect a from t limit 1, 2;\nselect 7 / 2');
  assert.is(
    output(await run(folder, { files: ['a.sql'] }, { output: 'text' })),
    `a.sql:2:24 error[limit-comma] LIMIT takes one number.
  2 | select a from t limit 1, 2;
                             ^
  Write limit … offset ….
  https://docs.aws.amazon.com/redshift/latest/dg/r_ORDER_BY_clause.html

a.sql:3:8 warning[integer-division] Integers are divided: 7 / 2 is 3 on Redshift and Postgres, and 3.5 on DuckDB.
  3 | select 7 / 2
             ^
  Cast one side to decimal; or write floor(a / b) or trunc(a / b) where whole numbers are meant.
  https://docs.aws.amazon.com/redshift/latest/dg/r_OPERATOR_SYMBOLS.html

3 statements: 1 refused, 1 warning
`,
  );
});

test('what cannot be read: all of it is named, and nothing is looked at', async () => {
  const folder = fixtureIn(tempDir('lint'));
  await folder.write('a.sql', 'select 1');
  const asking = (): Promise<unknown> => run(folder, { files: ['a.sql', 'no.sql', '.'] });
  await rejects(asking(), { code: 'lint-unreadable', message: /^no\.sql cannot be read: ENOENT/ });
  await rejects(asking(), { code: 'lint-unreadable', message: /^\. cannot be read: EISDIR/ });
});

test('--fix writes what is repaired, and tells of the rest; a second time nothing is written', async () => {
  const folder = fixtureIn(tempDir('lint'));
  const text = '\ufeffselect a from t limit 1, 2;\r\nselect count(*) filter (where a > 1) from t; -- filter (where)\nselect a::uuid';
  const [good, other] = ['a.sql', 'latin.sql'];
  await folder.write(good, text);
  writeFileSync(folder.path(other), Buffer.from('select a as \u00e4 from t limit 1, 2', 'latin1'));
  const events = await run(folder, { files: [good, other], fix: true }, { output: 'text' });
  const after =
    '\ufeffselect a from t limit 2 offset 1;\r\nselect count(case when a > 1 then 1 end) from t; -- filter (where)\nselect a::uuid';
  assert.is(await folder.read(good), after);
  assert.is(readFileSync(folder.path(other), 'latin1'), 'select a as \u00e4 from t limit 1, 2', 'no UTF-8: it would be damaged');
  assert.match(output(events), /\n2 repairs; 4 statements: 2 refused, 0 warnings\n$/);
  await run(folder, { files: [good], fix: true });
  assert.is(await folder.read(good), after);
});

test('models: at their own lines, as what they become', async () => {
  const shop = await project({
    ...PROJECT,
    'macros/m.sql': "{% macro joined(a) %}string_agg({{ a }}, ',' order by 1){% endmacro %}",
    'models/raw.sql': 'select 1 as id, 2 as n',
    'models/view.sql': "{{ config(materialized='view') }}\n\nselect id,\n  {{ joined('id') }} as ids\nfrom {{ ref('raw') }}",
    'models/late.sql': "{{ config(materialized='view') }}\nselect current_schema() as s",
    'models/table.sql': "{{ config(materialized='table') }}\n{# why #}\nselect current_schema() as s",
    'models/mv.sql': "{{ config(materialized='materialized_view') }}\nselect id from {{ ref('raw') }}\norder by id;",
    'models/fresh.sql':
      "{{ config(materialized='incremental') }}\nselect id from {{ ref('raw') }}\n{% if is_incremental() %}\nwhere id > any (array[1])\n{% endif %}",
    'models/part.sql': "{{ config(materialized='ephemeral') }}\nselect id, now() - '1 day'::intervall as t\nfrom {{ ref('raw') }}",
    'models/whole.sql': "{{ config(materialized='view') }}\nselect * from {{ ref('part') }}",
    'models/asks.sql': "select {{ run_query('select 1').rows[0][0] if execute else 1 }} as id",
    'models/broken.sql': 'select {% if execute %}{{ no_such }}{% endif %}',
    'models/s.yml': 'models:\n  - name: raw\n    columns: [{name: id, data_tests: [unique]}]\n',
    'tests/t.sql':
      "with recursive r (n) as (select 1 union all select n + 1 from r) select * from r\nwhere n in (select id from {{ ref('raw') }})",
    'analyses/q.sql': "\nselect avg(n) from {{ ref('raw') }}",
  });
  const events = await run(shop);
  const entries = Object.fromEntries(shown(statementsOf(events)).map(([place = '', ...findings]) => [place, findings]));
  assert.equal(entries, {
    'models/raw.sql:1': [],
    'models/view.sql:3': ['aggregate-order 4:6'],
    'models/late.sql:2': [],
    'models/table.sql:3': ['leader-function 3:8'],
    'models/mv.sql:2': ['mv-clause 3:10'],
    'models/fresh.sql:2': ['any-array 4:17'],
    'models/part.sql:2': ['leader-function 2:12', 'unknown-type 2:29'],
    'models/whole.sql:2': ['leader-function 1:1', 'unknown-type 1:1'],
    'models/s.yml:3': [],
    'tests/t.sql:1': ['recursive-subquery 1:1'],
    'analyses/q.sql:2': [],
  });
  const said = events.flatMap((event) => (event.type === 'problems' ? event.problems : []));
  assert.equal(
    said.map(({ code, at, detail }) => [code, at?.file ?? detail]),
    [
      ['undefined-name', 'models/broken.sql'],
      ['lint-not-compiled', ['model.shop.asks']],
    ],
  );
  assert.equal(shown(await linted(shop, {}, { select: 'table' })), [['models/table.sql:3', 'leader-function 3:8']]);
  assert.equal(shown(await linted(shop, { dialect: 'postgres' }, { select: 'view mv table' })), [
    ['models/table.sql:3'],
    ['models/mv.sql:2'],
    ['models/view.sql:3'],
  ]);
});

test('hooks of models and of the project, and snapshots as the tables that they are', async () => {
  const shop = await project({
    'project.yml': "name: shop\non-run-start: ['select 1; create index i on t (a)']\n",
    'models/a.sql':
      "{{ config(materialized='table', pre_hook='vacuum {{ this }}', post_hook={'sql': 'vacuum', 'transaction': false}) }}\nselect 1 as id",
    'snapshots/s.sql':
      "{% snapshot s %}\n{{ config(unique_key='id', strategy='check', check_cols='all') }}\nselect 1 as id, current_schema() as s\n{% endsnapshot %}",
  });
  const statements = await linted(shop);
  const found = statements.flatMap(({ file, findings }) => findings.map((one) => `${file} ${one.rule} ${one.line}`)).sort();
  assert.equal(found, ['models/a.sql in-transaction 1', 'project.yml no-create-index 2', 'snapshots/s.sql leader-function 3']);
  assert.equal(
    (await linted(shop, {}, { select: 'a' })).map(({ file }) => file),
    ['models/a.sql'],
  );
});

test('what a project knows: types, keys, NULLs, and where its relations stand', async () => {
  const shop = await project({
    ...PROJECT,
    'models/s.yml': `models:
  - name: a
    config: {materialized: table, dist: id}
    columns: [{name: id, data_type: int, data_tests: [not_null]}, {name: n, data_type: bigint}]
  - name: b
    config: {materialized: table, dist: even, schema: mart}
    columns: [{name: id, data_type: int}]
`,
    'models/a.sql': 'select 1 as id, 2 as n',
    'models/b.sql': 'select 1 as id',
    'analyses/q.sql': "select a.n / 2 as x from {{ ref('a') }} as a\njoin {{ ref('b') }} as b on a.id = b.id\norder by a.id desc, n desc",
    'v.sql': 'create view v as select id from b with no schema binding',
  });
  assert.equal(shown(await linted(shop, {}, { select: 'q' })), [
    ['analyses/q.sql:1', 'integer-division 1:8', 'join-distribution 2:29', 'null-order 3:21'],
  ]);
  await run(shop, { files: ['v.sql'], fix: true });
  assert.is(await shop.read('v.sql'), 'create view v as select id from main_mart.b with no schema binding');
  // A project that cannot be read is no reason not to look at a file.
  await shop.write('models/s.yml', 'models: [');
  assert.equal((await linted(shop, { files: ['v.sql'] }))[0]?.refused, false);
});

test('--fix of models: what stands in them word for word, and nothing that a template made', async () => {
  const files = {
    'models/a.sql': `{{ config(materialized='table') }}
{% set cols = ['x', 'y'] %}
with t as materialized (select 1 as x, 2 as y)
select {% for c in cols %}count(*) filter (where 1 = 1) as {{ c }}, {% endfor %}
  sum({{ cols[0] }}) filter (where y > 1) as s,
  {{ "sum(x) filter (where y > 2)" }} as r
from t`,
    'models/b.sql':
      "{{ config(materialized='incremental') }}\nselect * from only {{ ref('a') }}\n{% if is_incremental() %}fetch first row only{% endif %}",
  };
  const target = { type: 'redshift', host: 'nowhere', user: 'me', password: 'x', dbname: 'dev', schema: 'public' };
  const shop = await project({
    ...PROJECT,
    'profiles.yml': JSON.stringify({ shop: { target: 'dev', outputs: { dev: target } } }),
    ...files,
  });
  await shop.write('project.yml', 'name: shop\nprofile: shop\n');
  const events = await run(shop, { fix: true }, { output: 'text' });
  assert.is(
    await shop.read('models/a.sql'),
    files['models/a.sql']
      .replace('as materialized (', 'as (')
      .replace('count(*) filter (where 1 = 1)', 'count(case when 1 = 1 then 1 end)'),
  );
  assert.is(
    await shop.read('models/b.sql'),
    files['models/b.sql'].replace('from only {{', 'from {{').replace('fetch first row only', 'limit 1'),
  );
  assert.match(output(events), /4 repairs; 2 statements: 1 refused/);
  const [own, other] = [await shop.read('models/a.sql'), await shop.read('models/b.sql')];
  await run(shop, { fix: true });
  assert.equal([await shop.read('models/a.sql'), await shop.read('models/b.sql')], [own, other]);
});

test('--fix: a view that binds late names its schema; packages are left as they are', async () => {
  const target = { type: 'redshift', host: 'nowhere', user: 'me', password: 'x', dbname: 'dev', schema: 'mart' };
  const text = 'select 1 as id from {{ ref("b") }} limit 1, 2';
  const shop = await project({
    'project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': JSON.stringify({ shop: { target: 'dev', outputs: { dev: target } } }),
    'models/b.sql': 'select 1 as id',
    'models/late.sql': "{{ config(materialized='view', bind=false) }}\nselect id from b",
    'models/same.sql': text,
    'dbt_packages/other/dbt_project.yml': 'name: other\n',
    'dbt_packages/other/models/same.sql': `{{ config(alias='other_same') }}${text.replace('"b"', '"c"')}`,
    'dbt_packages/other/models/c.sql': 'select 2 as id',
    'packages.yml': 'packages: [{local: other}]\n',
  });
  assert.equal(
    (await linted(shop, {}, { select: 'late' })).flatMap(({ findings }) =>
      findings.map((one) => [one.rule, (one as { rewrite?: string }).rewrite]),
    ),
    [['unqualified-in-late-binding-view', 'Write mart.b.']],
  );
  await run(shop, { fix: true });
  assert.match(await shop.read('models/late.sql'), /\nselect id from mart\.b$/);
  assert.match(await shop.read('models/same.sql'), 'limit 2 offset 1');
  assert.match(await shop.read('dbt_packages/other/models/same.sql'), 'limit 1, 2');
});

test('--fix writes no models as another warehouse than the target’s reads them', async () => {
  const shop = await project({ ...PROJECT, 'models/a.sql': 'select id from (select nullif(1, 1) as id) t order by id desc limit 1' });
  await rejects(run(shop, { fix: true }), { code: 'usage', message: 'the target is on duckdb' });
  await run(shop, { fix: true, dialect: 'duckdb' });
  assert.is(await shop.read('models/a.sql'), 'select id from (select nullif(1, 1) as id) t order by id desc nulls last limit 1');
});

test('looking does not cost the target its parse cache', async () => {
  const shop = copyFixture('shop');
  await shop.run('parse');
  const kept = await shop.read('target/partial_parse.files.json');
  await linted(shop);
  assert.is(await shop.read('target/partial_parse.files.json'), kept);
});

for (const folder of ['', ...readdirSync(join(repoRoot, 'tests/fixtures')).map((name) => `tests/fixtures/${name}`)]) {
  const dir = join(repoRoot, folder);
  if (!readdirSync(dir).some((file) => /^(dbt_)?project\.yml$/.test(file))) continue;
  test(`every node of ${folder === '' ? 'this repository' : folder} is clean on Redshift, as a first run and as later ones`, async () => {
    const events = await fixtureIn(dir).run('lint', asked({}, { targetPath: tempDir('target'), env: { HOME: tempDir('home') } }));
    const statements = statementsOf(events);
    assert.ok(statements.length > 4);
    assert.equal(shown(statements.filter(({ refused }) => refused)), []);
    assert.equal(
      events.flatMap((event) => (event.type === 'problems' ? event.problems : [])),
      [],
    );
  });
}

test('every data test of dwh is clean on Redshift', () => {
  const column = { name: 'amount', type: 'integer' };
  for (const one of dataTests.values()) {
    // A ref becomes a relation before the test sees it.
    const given = Object.fromEntries(
      Object.entries(one.example).map(([name, value]) => [name, String(value).startsWith('ref(') ? '"public"."other"' : value]),
    );
    const columns = Object.fromEntries(one.columnsOf(given).map((name) => [name, [column]]));
    const sql = one.sql({ model: '"public"."m"', arguments: given, columns, ...(one.on === 'column' && { column: 'c' }) }, redshiftDialect);
    const wrapped = `select count(*) as failures from (\n${sql}\n) as dbt_internal_test`;
    assert.equal(
      check(wrapped).flatMap(({ findings }) => findings.map(({ rule, says }) => `${rule}: ${says}`)),
      [],
      `${one.name}: ${sql}`,
    );
  }
});

test('every macro of dwh is clean on Redshift', async () => {
  const calls: Readonly<Record<string, string>> = {
    strings: `{{ dbt.concat(["a", "'b'"]) }}, {{ dbt.hash('a') }}, {{ dbt.length('a') }}, {{ dbt.position("'c'", 'a') }},
      {{ dbt.replace('a', "'-'", "'+'") }}, {{ dbt.right('a', 2) }}, {{ dbt.split_part('a', "'|'", 2) }}, {{ dbt.split_part('a', "'|'", -2) }},
      {{ dbt.string_literal('it') }}, {{ dbt.cast('a', dbt.type_int()) }}, {{ dbt.safe_cast('a', dbt.type_int()) }},
      {{ dbt.cast_bool_to_text('a = 1') }}`,
    types: `cast(a as {{ dbt.type_string() }}), cast(a as {{ dbt.type_timestamp() }}), cast(a as {{ dbt.type_float() }}),
      cast(a as {{ dbt.type_numeric() }}), cast(a as {{ dbt.type_bigint() }}), cast(a as {{ dbt.type_boolean() }})`,
    dates: `{{ dbt.current_timestamp() }}, {{ dbt.current_timestamp_in_utc() }}, {{ dbt.date(2024, 2, 29) }}, {{ dbt.dateadd('day', -1, 'd') }},
      {{ dbt.datediff('d', 'e', 'hour') }}, {{ dbt.date_trunc('month', 'd') }}, {{ dbt.last_day('d', 'month') }}, {{ dbt.last_day('d', 'quarter') }}`,
    sets: `{{ dbt.any_value('a') }}, {{ dbt.bool_or('a > 2') }}, {{ dbt.listagg('a', "'|'", 'order by b desc', 3) }}, {{ dbt.listagg('a') }}`,
    arrays: `{{ dbt.array_construct(['1', '2']) }}, {{ dbt.array_append('a', '2') }}, {{ dbt.array_concat('a', 'b') }}`,
  };
  const shop = await project({
    ...PROJECT,
    'models/t.sql': 'select 1 as a, 2 as b',
    ...Object.fromEntries(Object.entries(calls).map(([name, list]) => [`analyses/${name}.sql`, `select ${list}\nfrom {{ ref('t') }}`])),
    'analyses/series.sql': '{{ dbt.generate_series(100) }}',
    'analyses/pairs.sql': 'select 1 as a {{ dbt.except() }} select 2 as a {{ dbt.intersect() }} select 3 as a',
    'analyses/equal.sql': "select a from {{ ref('t') }} where {{ dbt.equals('a', 'b') }}",
  });
  const events = await run(shop);
  const statements = statementsOf(events);
  assert.equal(
    events.flatMap((event) => (event.type === 'problems' ? event.problems : [])),
    [],
  );
  assert.is(statements.length, Object.keys(calls).length + 4);
  assert.equal(
    statements.flatMap(({ file, findings }) =>
      findings.filter(({ severity }) => severity === 'error').map(({ rule, line, column }) => `${file}:${line}:${column} ${rule}`),
    ),
    [],
  );
});

test('the rules, as text and as JSON', async () => {
  const folder = fixtureIn(tempDir('lint'));
  const { rules } = JSON.parse(output(await run(folder, { listRules: true }))) as { rules: readonly Record<string, unknown>[] };
  assert.ok(rules.length > 150);
  assert.equal(Object.keys(rules[0] ?? {}), ['rule', 'severity', 'message', 'rewrite', 'url']);
  const lines = output(await run(folder, { listRules: true }, { output: 'text' }))
    .trimEnd()
    .split('\n');
  assert.equal(
    lines.map((line) => line.split(/ +/)[1]),
    rules.map(({ rule }) => rule),
  );
});

test('a target that cannot be read yet is no hindrance; one that is asked for by name, and mistakes of the project, are', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': 'shop:\n  outputs:\n    default: {type: redshift, host: "{{ env_var(\'NO_SUCH_HOST\') }}", schema: a}\n',
    'models/a.sql': 'select now() from b.c',
  });
  const events = await run(shop);
  assert.equal(shown(statementsOf(events)), [['models/a.sql:1', 'leader-function 1:8']]);
  assert.ok(events.some((event) => event.type === 'note' && event.message.includes("'NO_SUCH_HOST' is not set")));
  await rejects(run(shop, {}, { target: 'default' }), { code: 'env-var-missing' });
  await shop.write('models/b.sql', "select * from {{ ref('nowhere') }}");
  await rejects(run(shop), { code: 'ref-not-found' });
});

test.run();
