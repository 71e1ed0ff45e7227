// Flags of dbt's behaviour changes that mean something here. https://docs.getdbt.com/reference/global-configs/behavior-changes
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { output, project } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { parsed, problemsOf, warningsOf } from './project-of.ts';

const test = suite('project: flags of behaviour changes');

const shop = (flags: string, files: Readonly<Record<string, string>>) =>
  project({ 'project.yml': `name: shop\n${flags === '' ? '' : `flags: {${flags}}\n`}`, ...files });

test('names with blanks are refused, or warned of', async () => {
  const files = { 'models/my orders.sql': 'select 1 as id', 'models/s.yml': 'sources: [{name: raw, tables: [{name: two words}]}]\n' };
  hasProblem(await problemsOf(await shop('', files)), {
    code: 'name-with-blanks',
    message: "the model 'my orders' has a blank in its name",
    at: 'models/my orders.sql:1:1',
  });
  const warnings = await warningsOf(await shop('require_resource_names_without_spaces: false', files));
  assert.equal(
    warnings.map(({ code }) => code),
    ['name-with-blanks'],
  );
});

test('a model and a seed of one name: two of them in one package are refused where the flag says so', async () => {
  const files = { 'models/orders.sql': "{{ config(alias='other') }} select 1 as id", 'seeds/orders.csv': 'id\n1\n' };
  assert.equal(await warningsOf(await shop('', files)), []);
  hasProblem(await problemsOf(await shop('require_unique_project_resource_names: true', files)), {
    code: 'duplicate-name',
    message: "model and seed share the name 'orders'",
    at: 'seeds/orders.csv:1:1',
  });
  const versions = {
    'models/orders_v1.sql': 'select 1 as id',
    'models/orders_v2.sql': 'select 1 as id',
    'models/s.yml': 'models: [{name: orders, versions: [{v: 1}, {v: 2}]}]\n',
  };
  assert.is((await parsed(await shop('require_unique_project_resource_names: true', versions))).nodes.size, 2);
});

test('validate_macro_args: names, number and types of arguments are held against the macro, which fills in what is not described', async () => {
  const files = {
    'models/orders.sql': 'select 1 as id',
    'macros/m.sql': '{% macro cents(amount, digits=2) %}{% endmacro %}{% macro plain(x) %}{% endmacro %}',
    'macros/m.yml': `macros:
  - name: cents
    arguments:
      - {name: amount, type: 'optional[dict[str, list[int]]]'}
      - {name: places, type: 'list[number]'}
      - {name: more}
  - {name: plain}
`,
  };
  assert.equal(await warningsOf(await shop('', files)), []);
  const found = await warningsOf(await shop('validate_macro_args: true', files));
  assert.equal(
    found.map(({ code, message, at }) => [code, message, `${at?.line}:${at?.column}`]),
    [
      ['macro-arguments', "argument 2 of the macro 'cents' is 'digits', and not 'places'", '5:9'],
      ['macro-arguments', "the macro 'cents' has 2 arguments, and 3 are described", '3:5'],
      ['macro-arguments', "'list[number]' is no type of an argument", '5:24'],
    ],
  );
  const fixture = await shop('validate_macro_args: true', files);
  await fixture.run('parse');
  const { macros } = JSON.parse(await fixture.read('target/manifest.json'));
  assert.equal(macros['macro.shop.plain'].arguments, [{ name: 'x', type: null, description: '' }]);
});

test('enable_truthy_nulls_equals_macro: NULLs are equal to dbt.equals(); adapter.behavior has what adapters ask for', async () => {
  const inline = `select {{ dbt.equals('null', 'null') }} as same, '{{ adapter.behavior.enable_truthy_nulls_equals_macro.no_warn }}' as asked,
'{{ 1 if adapter.behavior.restrict_direct_pg_catalog_access else 0 }}' as other`;
  const answer = async (flags: string): Promise<unknown> =>
    JSON.parse(output(await (await shop(flags, { 'models/orders.sql': 'select 1 as id' })).run('show', { inline, output: 'json' }))).show;
  assert.equal(await answer(''), [{ same: null, asked: 'False', other: '0' }]);
  assert.equal(await answer('enable_truthy_nulls_equals_macro: true'), [{ same: true, asked: 'True', other: '0' }]);
});

test.run();
