// What a project and its packages say of one another: refs over packages, variables, macros, rights.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { project } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';

const test = suite('packages: references');

const PROJECT = 'name: shop\n';
const kit = (name: string, files: Readonly<Record<string, string>>): Record<string, string> => ({
  [`dbt_packages/${name}/dbt_project.yml`]: `name: ${name}\n`,
  ...Object.fromEntries(Object.entries(files).map(([file, text]) => [`dbt_packages/${name}/${file}`, text])),
});
const FIRST_OWN = 'flags:\n  require_ref_searches_node_package_before_root: true\n';

test('a ref in a package means the project’s node before its own, or after it where the flag says so; both may be named', async () => {
  const both = "select a.who as bare, b.who as named from {{ ref('kit', 'base') }} as b cross join {{ ref('base') }} as a";
  const shop = await project({
    'project.yml': PROJECT,
    'models/base.sql': "{{ config(schema='own') }} select 'shop' as who",
    ...kit('kit', { 'models/base.sql': "select 'kit' as who", 'models/reader.sql': both }),
  });
  await shop.run('run');
  assert.equal(await shop.query('from reader'), [['shop', 'kit']]);
  // Read warm, what is linked is linked anew.
  await shop.write('project.yml', PROJECT + FIRST_OWN);
  await shop.run('run');
  assert.equal(await shop.query('from reader'), [['kit', 'kit']]);
});

test('a ref that fits two packages is refused until it names one', async () => {
  const shop = await project({
    'project.yml': PROJECT,
    'models/reader.sql': "select * from {{ ref('base') }}",
    ...kit('alpha', { 'models/base.sql': "{{ config(schema='alpha') }} select 1 as a" }),
    ...kit('beta', { 'models/base.sql': "{{ config(schema='beta') }} select 2 as a" }),
  });
  await rejects(shop.run('parse'), {
    code: 'ref-ambiguous',
    at: 'models/reader.sql:1',
    message: 'model.beta.base (dbt_packages/beta/models/base.sql:1:1)',
    hint: "ref('alpha', 'base') or ref('beta', 'base')",
  });
  await shop.write('models/reader.sql', "select * from {{ ref('beta', 'base') }}");
  await shop.run('run');
  assert.equal(await shop.query('from reader'), [['2']]);
});

test('what a package lacks is said of the package: a variable, a macro, a model for others', async () => {
  const model = { 'models/a.sql': 'select 1 as n' };
  const closed = { 'dbt_packages/kit/dbt_project.yml': 'name: kit\nrestrict-access: true\n' };
  const group = {
    'dbt_packages/kit/models/a.yml': 'groups: [{name: g, owner: {name: x}}]\nmodels: [{name: a, config: {access: private, group: g}}]\n',
  };
  const cases: readonly (readonly [files: Record<string, string>, query: string, problem: Parameters<typeof rejects>[1]])[] = [
    [
      { 'models/a.sql': "select {{ var('unit') }} as n" },
      'select 1 as n',
      {
        code: 'var-undefined',
        message: "the var 'unit' of the package 'kit'",
        hint: 'vars: {kit: {unit: …}}',
        at: 'dbt_packages/kit/models/a.sql:1',
      },
    ],
    [
      { 'macros/a.sql': '{% macro surrogate() %}1{% endmacro %}' },
      'select {{ kit.surogate() }}',
      {
        code: 'undefined-name',
        message: "the package 'kit' has no macro 'surogate'",
        hint: "Did you mean 'surrogate'?",
        at: 'models/b.sql:1',
      },
    ],
    [
      { 'macros/a.sql': "{% macro m() %}{{ adapter.dispatch('mm', 'kit')() }}{% endmacro %}" },
      'select {{ kit.m() }}',
      { code: 'macro-not-found', message: "adapter.dispatch('mm')", hint: 'kit.default__mm', at: 'dbt_packages/kit/macros/a.sql:1' },
    ],
    [
      {},
      "select {{ adapter.dispatch('mm', 'kitt')() }}",
      { code: 'macro-not-found', hint: "There is no package 'kitt'", at: 'models/b.sql:1' },
    ],
    [
      { 'models/a.sql': '{{ config(enabled=false) }} select 1 as n' },
      "select * from {{ ref('kit', 'a') }}",
      { code: 'ref-disabled', message: "ref('kit', 'a')", hint: 'dbt_packages/kit/models/a.sql:1:1' },
    ],
    [model, "select * from {{ ref('kitt', 'a') }}", { code: 'ref-not-found', hint: "did you mean 'kit'?" }],
    [
      { ...model, closed: '' },
      "select * from {{ ref('a') }}",
      { code: 'access-refused', message: "protected model 'a'", hint: 'access: public' },
    ],
    [
      { ...model, closed: '', group: '' },
      "select * from {{ ref('a') }}",
      { code: 'access-refused', message: "private model 'a'", hint: "group 'g'" },
    ],
  ];
  for (const [{ closed: isClosed, group: isGrouped, ...files }, query, problem] of cases) {
    const shop = await project({
      'project.yml': PROJECT,
      ...kit('kit', files),
      ...(isClosed !== undefined && closed),
      ...(isGrouped !== undefined && group),
      'models/b.sql': query,
    });
    await rejects(shop.run('parse'), problem);
  }
});

test.run();
