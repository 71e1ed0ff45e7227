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

test.run();
