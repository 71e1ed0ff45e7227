import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { project } from '../support/fixture.ts';
import { type ExpectedProblem, hasProblem } from '../support/rejects.ts';
import { problemsOf, warningsOf } from './project-of.ts';

const test = suite('project: mistakes in configs');

type Files = Readonly<Record<string, string>>;
const shop = (files: Files) => project({ 'project.yml': 'name: shop\n', 'models/a.sql': 'select 1 as id', ...files });

/** Exactly these problems, errors or, when there are none, warnings. */
async function told(files: Files, ...wanted: ExpectedProblem[]): Promise<void> {
  const one = await shop(files);
  const errors = await problemsOf(one);
  const problems = errors.length > 0 ? errors : await warningsOf(one);
  for (const expected of wanted) hasProblem(problems, expected);
  assert.is(problems.length, wanted.length, problems.map(({ code, message }) => `${code}: ${message}`).join('\n'));
}

test('grants and comments of functions are told to have no effect, where they ask for something', async () => {
  await told(
    {
      'functions/one.sql': "{{ config(persist_docs={'relation': true}) }} select 1",
      'functions/two.sql': 'select 2',
      'functions/three.sql': "{{ config(persist_docs={'relation': false}, grants={}) }} select 3",
      'functions/functions.yml': 'functions:\n  - {name: two, config: {grants: {execute: [reader]}}}\n',
    },
    {
      code: 'not-supported-yet',
      at: 'functions/one.sql:1:1',
      message: "'persist_docs' of the function 'one' has no effect",
      hint: 'post-hook',
    },
    { code: 'not-supported-yet', at: 'functions/two.sql:1:1', message: "'grants' of the function 'two' has no effect", hint: 'post-hook' },
  );
});

test('a config of the wrong kind is told with its value, wherever it stands', async () => {
  await told(
    {
      'project.yml': 'name: shop\nmodels:\n  +enabled: maybe\n  shop:\n    +persist_docs: true\n    +pre-hook: {sq: vacuum}\n',
      'models/a.sql': "{{ config(\n  schema=['x'], access='protectd') }} select 1",
      'models/a.yml': `models:
  - name: a
    meta: owner
    config:
      tags: {x: 1}
      unique_key: [id, {a: b}]
      grants: [select]
    columns:
      - name: id
        tests: [{unique: {limit: many, config: {where: [x], store_failures_as: tabel}}}]
sources:
  - name: s
    config: {enabled: 1}
    tables: [{name: t, config: {meta: x}}, {name: u}]
`,
    },
    { code: 'config-kind', at: 'project.yml:3:3', message: '\'enabled\' should be true or false, and is the text "maybe"' },
    { code: 'config-kind', at: 'project.yml:5:5', message: "'persist_docs' should be a mapping, and is true" },
    {
      code: 'config-kind',
      at: 'project.yml:6:5',
      message: 'a hook in \'pre-hook\' should be SQL, or a mapping with \'sql\', and is {"sq":"vacuum"}',
    },
    { code: 'config-kind', at: 'models/a.sql:2:3', message: "'schema' should be text, and is a list" },
    { code: 'config-value', at: 'models/a.sql:2:17', message: "'access' is 'protectd'", hint: "'protected'" },
    { code: 'config-kind', at: 'models/a.yml:3:5', message: '\'meta\' should be a mapping, and is the text "owner"' },
    { code: 'config-kind', at: 'models/a.yml:5:7', message: "'tags' should be text or a list of texts, and is a mapping" },
    { code: 'config-kind', at: 'models/a.yml:6:24', message: "item 2 of 'unique_key' should be text, and is a mapping" },
    { code: 'config-kind', at: 'models/a.yml:7:7', message: "'grants'" },
    { code: 'config-kind', at: 'models/a.yml:10:27', message: '\'limit\' should be a number, and is the text "many"' },
    { code: 'config-kind', at: 'models/a.yml:10:49', message: "'where' should be text, and is a list" },
    { code: 'config-value', at: 'models/a.yml:10:61', message: "'store_failures_as' is 'tabel'", hint: "'table'" },
    { code: 'config-kind', at: 'models/a.yml:13:14', message: "'enabled' should be true or false, and is 1" },
    { code: 'config-kind', at: 'models/a.yml:14:33', message: '\'meta\' should be a mapping, and is the text "x"' },
  );
});

test('a mistake within a text of the project file is told at its own column', async () => {
  await told(
    { 'project.yml': "name: shop\nmodels:\n  +schema: 'of_{{ no_such }}'\n" },
    { code: 'undefined-name', at: 'project.yml:3:19', message: 'no_such' },
  );
  await told(
    { 'project.yml': "name: shop\non-run-start:\n  - 'select {{ nobody }}'\non-run-end: |\n  select {{ noone }}\n" },
    { code: 'undefined-name', at: 'project.yml:3:16', message: 'nobody' },
    { code: 'undefined-name', at: 'project.yml:5:13', message: 'noone' },
  );
});

test('grants and contract are looked into, on a warehouse without users too', async () => {
  await told(
    {
      'project.yml': 'name: shop\nmodels:\n  +grants: {select: [ann, {b: c}]}\n  shop:\n    +contract:\n      enforced: [true]\n',
      'models/a.sql': "{{ config(grants={'select': {'a': 'b'}},\n  contract={'enforced': 5}) }} select 1 as id",
      'models/a.yml': `models:
  - name: a
    config:
      grants:
        +select: {a: b}
      contract: {alias_types: 'x'}
  - name: b
    contract: {enforced: 'x'}
`,
      'models/b.sql': 'select 1 as id',
      'seeds/c.csv': 'id\n1\n',
      'seeds/c.yml': 'seeds: [{name: c, config: {grants: {select: {a: b}}}}]',
    },
    { code: 'config-kind', at: 'project.yml:3:27', message: "item 2 of 'select' should be text, and is a mapping" },
    { code: 'config-kind', at: 'project.yml:6:7', message: "'enforced' should be true or false, and is a list" },
    { code: 'config-kind', at: 'models/a.sql:1:11', message: "'select' should be text or a list of texts, and is a mapping" },
    { code: 'config-kind', at: 'models/a.sql:2:3', message: "'enforced' should be true or false, and is 5" },
    { code: 'config-kind', at: 'models/a.yml:5:9', message: "'+select' should be text or a list of texts, and is a mapping" },
    { code: 'config-kind', at: 'models/a.yml:6:18', message: '\'alias_types\' should be true or false, and is the text "x"' },
    { code: 'config-kind', at: 'models/a.yml:8:16', message: '\'enforced\' should be true or false, and is the text "x"' },
    { code: 'config-kind', at: 'seeds/c.yml:1:37', message: "'select'" },
  );
  await told({
    'project.yml':
      'name: shop\nmodels:\n  +grants: {select: "{{ [\'ann\'] }}"}\n  +contract: {enforced: "{{ target.name == \'prod\' }}"}\n',
    'models/a.yml': "models: [{name: a, config: {grants: {select: 5, insert: null}, contract: {enforced: 'false'}}}]\n",
  });
});

test('what a materialization reads is told where it is written, once for all models that it holds for', async () => {
  const batches = "materialized='incremental', incremental_strategy='microbatch', event_time='t', begin='2024-01-01'";
  await told(
    {
      'models/a.sql': `{{ config(${batches}, batch_size='day',\n  lookback='x', concurrent_batches='maybe') }} select 1 as id`,
      'models/b.sql': `{{ config(${batches}, batch_size='day', lookback=-1) }} select 1 as id`,
      'snapshots/s.sql':
        "{% snapshot s %}{{ config(unique_key={'a': 1}, strategy='check', check_cols='all') }} select 1 as id{% endsnapshot %}",
    },
    { code: 'config-kind', at: 'models/a.sql:2:3', message: '\'lookback\' should be a number, and is the text "x"' },
    { code: 'config-kind', at: 'models/a.sql:2:17', message: "'concurrent_batches' should be true or false" },
    { code: 'config-value', at: 'models/b.sql:1:1', message: "'lookback' is -1, and should be a whole number from 0" },
    { code: 'config-kind', at: 'snapshots/s.sql:1:27', message: "'unique_key'" },
  );
  await told(
    {
      'project.yml': 'name: shop\nmodels:\n  shop:\n    +unique_key: {a: 1}\n    +materialized: incremental\n',
      'models/b.sql': 'select 1 as id',
    },
    { code: 'config-kind', at: 'project.yml:4:5', message: "'unique_key'" },
  );
});

test("a materialization of the project's own is known by its whole name", async () => {
  await told(
    {
      'macros/own.sql': "{% materialization big_view, adapter='duckdb' %}{{ return({'relations': []}) }}{% endmaterialization %}",
      'models/a.sql': "{{ config(materialized='big_view') }} select 1 as id",
      'models/b.sql': "{{ config(materialized='big') }} select 1 as id",
    },
    { code: 'materialization-not-found', at: 'models/b.sql:1:1', message: "'big'", hint: 'big_view' },
  );
});

test('a mistake of a source is told once, and not for each of its tables', async () => {
  await told(
    {
      'models/a.yml': 'sources:\n  - name: s\n    freshness: {warn_after: {count: 1, period: week}}\n    tables: [{name: t}, {name: u}]\n',
    },
    { code: 'config-value', at: 'models/a.yml:3:17', message: 'and is {"count":1,"period":"week"}', hint: 'period: hour' },
  );
  await told(
    { 'models/a.yml': 'sources: [{name: s, tables: [{name: t, load: data/}]}]\n' },
    { code: 'config-kind', at: 'models/a.yml:1:40', message: '\'load\' should be a mapping, and is the text "data/"' },
  );
});

test('entries without a name say what stands there instead', async () => {
  await told(
    { 'models/a.yml': 'models:\n  - a\n  - nam: a\n  - name: off\n  - {}\n' },
    { code: 'properties-invalid', at: 'models/a.yml:2:5', message: 'and is "a"', hint: '- name: a' },
    { code: 'properties-invalid', at: 'models/a.yml:3:5', message: 'has no name', hint: "'name' instead of 'nam'" },
    { code: 'properties-invalid', at: 'models/a.yml:4:5', message: 'YAML reads it as false', hint: 'quotes' },
    { code: 'properties-invalid', at: 'models/a.yml:5:5', message: 'has no name', hint: '- name: …' },
  );
  await told(
    { 'models/a.yml': 'models: [{name: a, columns: [id, {nam: id}]}]\n' },
    { code: 'config-kind', at: 'models/a.yml:1:30', message: 'item 1 of \'columns\' should be a mapping, and is the text "id"' },
    { code: 'config-missing', at: 'models/a.yml:1:34', hint: "'name' instead of 'nam'" },
  );
});

test('folders that cannot be what was meant', async () => {
  await told(
    { 'project.yml': 'name: shop\nmodel-paths: [modles]\nseed-paths: [seeds]\n' },
    { code: 'config-value', at: 'project.yml:2:1', message: "'modles', which is not there", hint: "'models'" },
  );
  await told(
    { 'project.yml': 'name: shop\nmodel-paths: [/data/models]\n' },
    { code: 'config-value', at: 'project.yml:2:1', message: "'/data/models'" },
  );
});

test('names of projects', async () => {
  await told(
    { 'project.yml': 'name: my-shop\n' },
    { code: 'project-invalid', at: 'project.yml:1:1', message: "'my-shop'", hint: 'my_shop' },
  );
  await told(
    { 'dbt_packages/x/dbt_project.yml': 'version: 1\nname: shop\n' },
    {
      code: 'project-invalid',
      at: 'dbt_packages/x/dbt_project.yml:2:1',
      message: "'shop': project.yml and dbt_packages/x/dbt_project.yml",
    },
  );
});

test('an unknown key of the target is a warning, so that no database is made by mistake', async () => {
  await told(
    {
      'project.yml': 'name: shop\nprofile: shop\n',
      'profiles.yml': 'shop:\n  outputs:\n    default: {type: duckdb, pth: x.db}\n',
    },
    { code: 'unknown-key', at: 'profiles.yml:3:29', message: "'pth'", hint: "'path'" },
  );
});

test('a config that is a mapping needs a plus sign at every level', async () => {
  await told(
    { 'project.yml': 'name: shop\nmodels:\n  shop:\n    meta: {owner: ada}\n' },
    { code: 'config-path-unused', at: 'project.yml:4:5', hint: '+meta:' },
  );
});

test('config() takes settings by name', async () => {
  await told(
    { 'models/a.sql': "{{ config('table') }} select 1" },
    { code: 'template-arguments', at: 'models/a.sql:1:4', message: "got 'table'", hint: "materialized='table'" },
  );
});

test('columns', async () => {
  await told(
    {
      'models/a.yml': `models:
  - name: a
    columns:
      - {name: id, meta: [x], config: {meta: y, tags: {a: b}}}
      - {name: n, quote: maybe, config: [x]}
`,
    },
    { code: 'config-kind', at: 'models/a.yml:4:20', message: "'meta' should be a mapping, and is a list" },
    { code: 'config-kind', at: 'models/a.yml:4:40', message: '\'meta\' should be a mapping, and is the text "y"' },
    { code: 'config-kind', at: 'models/a.yml:4:49', message: "'tags'" },
    { code: 'config-kind', at: 'models/a.yml:5:19', message: "'quote' should be true or false" },
    { code: 'config-kind', at: 'models/a.yml:5:33', message: "'config' should be a mapping" },
  );
});

test('a test of a package that is not installed', async () => {
  await told(
    { 'models/a.yml': 'models: [{name: a, columns: [{name: id, tests: [calendar.is_holiday]}]}]\n' },
    { code: 'test-not-found', at: 'models/a.yml:1:49', message: "'calendar' is not installed", hint: 'packages.yml' },
  );
});

test('a plus sign belongs into the project file only', async () => {
  await told(
    { 'models/a.yml': 'models: [{name: a, config: {+tags: x}}]\n' },
    { code: 'config-misspelt', message: "'+tags'", hint: /'tags'/ },
  );
});

test('docs blocks of one name, and texts that only show templates', async () => {
  await told(
    { 'models/a.md': '{% docs x %}1{% enddocs %}', 'models/b.md': 'text\n{% docs x %}2{% enddocs %}' },
    { code: 'described-twice', at: 'models/b.md:2:1', message: 'models/a.md:1' },
  );
  await told({ 'models/README.md': 'Write {% for x in y %} or {% anything %} or {{ this\n' });
});

test('a value with a colon in it', async () => {
  await told(
    { 'models/a.yml': 'models:\n  - name: a\n    description: Note: it is "the" one\n' },
    { code: 'yaml-syntax', at: 'models/a.yml:3', message: 'needs quotes', hint: 'Quote it: "Note: it is \\"the\\" one"' },
  );
});

test.run();
