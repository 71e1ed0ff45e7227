// manifest.json of an unchanged project is stamped anew, and else as it was; whenever it could say anything else it is written.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyFixture, type Fixture, output, project, type RequestOptions } from '../support/fixture.ts';

const test = suite('engine: manifest.json');

// Files were written long before the run began: their times are trusted.
const LATER = Date.now() + 3_600_000;

interface Written {
  readonly text: string;
  readonly generatedAt: string;
  readonly invocationId: string;
  readonly inode: number;
}

async function after(shop: Fixture, command: string, options: RequestOptions = {}): Promise<Written> {
  await shop.run(command, { partialParse: true, startedAt: LATER, ...options });
  const file = join(shop.dir, 'target', 'manifest.json');
  const text = readFileSync(file, 'utf8');
  const { metadata } = JSON.parse(text) as { metadata: { generated_at: string; invocation_id: string } };
  return { text, generatedAt: metadata.generated_at, invocationId: metadata.invocation_id, inode: statSync(file).ino };
}

const [FIRST, SECOND] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];

test('of an unchanged project only the time and the id of the run change, in place', async () => {
  const shop = copyFixture('shop');
  const first = await after(shop, 'parse', { invocationId: FIRST });
  const second = await after(shop, 'parse', { invocationId: SECOND, startedAt: LATER + 1000 });
  assert.is(second.inode, first.inode);
  assert.is(second.generatedAt, new Date(LATER + 1000).toISOString());
  assert.is(second.invocationId, SECOND);
  assert.is(second.text.replaceAll(second.generatedAt, first.generatedAt).replace(SECOND, FIRST), first.text);
  // A run's is the same file: the ids of manifest.json and run_results.json are equal.
  const third = await after(shop, 'seed', { invocationId: FIRST });
  assert.is(third.inode, first.inode);
  assert.is(third.text, first.text);
  // And what was stamped is what would be written.
  rmSync(join(shop.dir, 'target'), { recursive: true });
  assert.is((await after(shop, 'parse', { invocationId: FIRST })).text, first.text);
});

test('it is written when the project, a var that counts, or the file itself has changed', async () => {
  const shop = copyFixture('shop');
  await shop.write('models/tagged.sql', "{{ config(tags=[var('tag', 'none')]) }} select 1 as id");
  const file = join(shop.dir, 'target', 'manifest.json');
  const invocationId = FIRST;
  const cold = async (options: RequestOptions = {}): Promise<string> => {
    const other = copyFixture('shop');
    for (const name of ['models/tagged.sql', 'models/marts/customers.sql'])
      await other.write(name, readFileSync(join(shop.dir, name), 'utf8'));
    return (await after(other, 'parse', { invocationId, ...options })).text;
  };
  const first = await after(shop, 'parse', { invocationId });
  assert.is(first.text, await cold());

  const tagged = await after(shop, 'parse', { invocationId, vars: { tag: 'x' } });
  assert.is(tagged.text, await cold({ vars: { tag: 'x' } }));
  assert.is.not(tagged.text, first.text);

  await shop.write('models/marts/customers.sql', "select 1 as customer_id from {{ ref('stg_orders') }}");
  const edited = await after(shop, 'parse', { invocationId });
  assert.is(edited.text, await cold());

  // By someone else, to a text of the same length.
  writeFileSync(file, edited.text.replace('"nodes":{', '"Nodes":{'));
  assert.is((await after(shop, 'parse', { invocationId })).text, edited.text);
  writeFileSync(file, '{}');
  assert.is((await after(shop, 'parse', { invocationId })).text, edited.text);
  rmSync(file);
  assert.is((await after(shop, 'parse', { invocationId })).text, edited.text);
});

test('an id of another length does not fit in place', async () => {
  const shop = copyFixture('shop');
  await after(shop, 'parse', { invocationId: FIRST });
  assert.is((await after(shop, 'parse', { invocationId: 'short' })).invocationId, 'short');
});

test('what secrets are masked in is always written', async () => {
  const shop = copyFixture('shop');
  await shop.write(
    'profiles.yml',
    `shop: {target: dev, outputs: {dev: {type: duckdb, path: dwh.duckdb, settings: {any_token: "{{ env_var('DBT_ENV_SECRET_KEY') }}"}}}}`,
  );
  await shop.write('dbt_project.yml', 'name: shop\nprofile: shop\nvars: {currency: EUR, first_day: 2024-01-01}\n');
  await shop.write('models/said.sql', "select 'hunter2hunter2' as said");
  const open = await after(shop, 'parse', { env: { DBT_ENV_SECRET_KEY: 'another one' } });
  assert.match(open.text, 'hunter2hunter2');
  const masked = await after(shop, 'parse', { env: { DBT_ENV_SECRET_KEY: 'hunter2hunter2' } });
  assert.not.match(masked.text, 'hunter2hunter2');
});

test('what users want to find in artifacts is in it, and in dbt_metadata_envs, by the names that they gave it', async () => {
  const shop = copyFixture('shop');
  const env = { DBT_ENV_CUSTOM_ENV_team: 'data', DBT_ENV_OTHER: 'x' };
  const inline = '{{ dbt_metadata_envs }}';
  assert.match(output(await shop.run('compile', { env, inline })), "{'team': 'data'}");
  const { text } = await after(shop, 'parse', { env });
  const { metadata } = JSON.parse(text) as { metadata: { env: unknown } };
  assert.equal(metadata.env, { team: 'data' });
});

test('quoting of a source and its table is told as they say it', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/raw.yml':
      'sources:\n  - name: raw\n    quoting: {schema: false, identifier: true}\n    tables:\n      - {name: a, quoting: {identifier: false}}\n      - name: b\n  - name: plain\n    tables: [{name: c}]\n',
  });
  const { sources } = JSON.parse((await after(shop, 'parse')).text) as { sources: Record<string, { quoting: unknown }> };
  const NOTHING = { database: null, schema: null, identifier: null, column: null };
  assert.equal(sources['source.shop.raw.a']?.quoting, { ...NOTHING, schema: false, identifier: false });
  assert.equal(sources['source.shop.raw.b']?.quoting, { ...NOTHING, schema: false, identifier: true });
  assert.equal(sources['source.shop.plain.c']?.quoting, NOTHING);
});

test('texts are cut as dbt cuts them: a model from its first word to its last, a macro with the blanks that its own tags take away', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': '\n  \nselect {{ one() }} as id\n\n',
    'macros/m.sql': '{# first #}\n\n{%- macro one() -%}1{%- endmacro -%}\n\n{% macro two() %}2{% endmacro %}\n',
  });
  await shop.run('parse');
  const { nodes, macros } = JSON.parse(await shop.read('target/manifest.json')) as {
    nodes: Record<string, { raw_code: string }>;
    macros: Record<string, { macro_sql: string }>;
  };
  assert.is(nodes['model.shop.orders']?.raw_code, 'select {{ one() }} as id');
  assert.is(macros['macro.shop.one']?.macro_sql, '\n\n{%- macro one() -%}1{%- endmacro -%}\n\n');
  assert.is(macros['macro.shop.two']?.macro_sql, '{% macro two() %}2{% endmacro %}');
});

test('a state of a machine with other line ends has the same texts', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': 'select\n{{ one() }} as id',
    'macros/m.sql': '{% macro one() %}\n1\n{% endmacro %}',
  });
  await shop.run('parse');
  const written = await shop.read('target/manifest.json');
  const changed = async (): Promise<string> => output(await shop.run('ls', { select: 'state:modified', state: 'state' })).trim();
  const elsewhere = (key: string, text: string): string =>
    written.replace(new RegExp(`("${key}":")([^"]*)`, 'g'), (_, head: string, code: string) => head + code.replaceAll('\\n', text));
  await shop.write('state/manifest.json', elsewhere('(?:raw_code|macro_sql)', '\\r\\n'));
  assert.is(await changed(), '');
  await shop.write('state/manifest.json', elsewhere('macro_sql', '\\n\\n'));
  assert.is(await changed(), 'shop.orders');
});

test.run();
