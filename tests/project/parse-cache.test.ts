import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DwhError } from '../../src/core/problem.ts';
import { load, type Project, parse, rememberParse } from '../../src/project/index.ts';
import { copyFixture, type Fixture, type RequestOptions, request } from '../support/fixture.ts';
import { adapterFor } from './project-of.ts';

const test = suite('project: parse cache');

/** All that a parse says, as text: errors, too. */
interface Outcome {
  readonly text: string;
  /** Nothing was parsed. */
  readonly restored: boolean;
}

const told = (project: Project): string =>
  JSON.stringify(
    {
      ...project,
      macros: [...project.macros],
      docs: [...project.docs],
      target: project.scope().target,
      scopeMacros: [...project.scope().macros.names('shop')],
    },
    null,
    1,
  );

// Files were written long before the run began: times are trusted.
const LATER = { startedAt: Date.now() + 3_600_000 };

async function outcome(shop: Fixture, options: RequestOptions, warm: boolean): Promise<Outcome> {
  const asked = request('parse', shop.dir, { ...LATER, ...options, partialParse: warm });
  try {
    const files = await load(asked);
    const project = parse(files, asked, adapterFor(files));
    if (warm) rememberParse(files, project);
    return { text: told(project), restored: project.remember === undefined };
  } catch (error) {
    if (error instanceof DwhError) return { text: JSON.stringify(error.problems, null, 1), restored: false };
    throw error;
  }
}

const warm = (shop: Fixture, options: RequestOptions = {}): Promise<Outcome> => outcome(shop, options, true);
const cold = (shop: Fixture, options: RequestOptions = {}): Promise<Outcome> => outcome(shop, options, false);

test('nothing changed: nothing is parsed, and the answer is the same', async () => {
  const shop = copyFixture('shop');
  const first = await warm(shop);
  assert.is(first.restored, false);
  const second = await warm(shop);
  assert.is(second.restored, true);
  assert.is(second.text, first.text);
});

test('--no-partial-parse neither uses nor needs what was kept', async () => {
  const shop = copyFixture('shop');
  await warm(shop);
  assert.is((await cold(shop)).restored, false);
});

test('an environment variable or var counts when it was read, and only then', async () => {
  const library = copyFixture('library');
  await library.write('models/core/more.sql', "{{ config(tags=[env_var('TAG', 'none')], meta={'v': var('extra', 1)}) }} select 1");
  await warm(library);
  assert.is((await warm(library, { env: { UNREAD: 'x' }, vars: { unread: 1 } })).restored, true);
  const tagged = await warm(library, { env: { TAG: 'x' } });
  assert.is(tagged.restored, false);
  assert.is(tagged.text, (await cold(library, { env: { TAG: 'x' } })).text);
  assert.is((await warm(library, { vars: { extra: 2 } })).text, (await cold(library, { vars: { extra: 2 } })).text);
  assert.is((await warm(library, { target: 'prod' })).restored, false);
});

test('what depends on the time of the run is made again in every run', async () => {
  const shop = copyFixture('shop');
  await shop.write('models/now.sql', "{{ config(meta={'at': run_started_at.isoformat()}) }} select 1");
  await shop.write('models/flagged.sql', "{{ config(meta={'command': flags.WHICH}) }} select 1");
  await warm(shop, { startedAt: LATER.startedAt });
  const next = { startedAt: LATER.startedAt + 60_000, command: 'run' };
  assert.is((await warm(shop, next)).text, (await cold(shop, next)).text);
});

test('a file that changed without changing its size or time is seen when it was young at the last run', async () => {
  const shop = copyFixture('shop');
  const file = shop.path('models/marts/customers.sql');
  const before = readFileSync(file, 'utf8');
  const stamp = new Date();
  utimesSync(file, stamp, stamp);
  const young = { startedAt: stamp.getTime() + 100 };
  await warm(shop, young);
  writeFileSync(file, before.replace('paid', 'peid'));
  utimesSync(file, stamp, stamp);
  assert.is((await warm(shop, young)).text, (await cold(shop, young)).text);
});

test('a damaged, foreign or unwritable cache is as good as none', async () => {
  const shop = copyFixture('shop');
  const good = (await warm(shop)).text;
  const bin = shop.path('target/partial_parse.bin');
  const table = shop.path('target/partial_parse.files.json');
  const bytes = readFileSync(bin);
  for (const damaged of [
    Buffer.alloc(0),
    bytes.subarray(0, bytes.length - 7),
    Buffer.from(bytes.map((byte, index) => (index === bytes.length - 9 ? byte ^ 1 : byte))),
    Buffer.from('{"format":"other"}\n'),
  ]) {
    writeFileSync(bin, damaged);
    assert.is((await warm(shop)).text, good);
  }
  writeFileSync(table, readFileSync(table, 'utf8').replace(/\d/, '7'));
  assert.is((await warm(shop)).text, good);
  rmSync(shop.path('target'), { recursive: true });
  writeFileSync(shop.path('target'), 'a file where the folder should be');
  assert.is((await warm(shop)).text, good);
});

/** One change to a project or to how it is called. */
interface Edit {
  readonly name: string;
  apply(dir: string, options: RequestOptions): RequestOptions;
}

const write = (file: string, text: string | ((before: string) => string)): Edit => ({
  name: `write ${file}`,
  apply(dir, options) {
    const path = join(dir, file);
    let before = '';
    try {
      before = readFileSync(path, 'utf8');
    } catch {
      mkdirSync(dirname(path), { recursive: true });
    }
    writeFileSync(path, typeof text === 'string' ? text : text(before));
    return options;
  },
});
const remove = (file: string): Edit => ({
  name: `remove ${file}`,
  apply(dir, options) {
    rmSync(join(dir, file), { force: true });
    return options;
  },
});
const rename = (from: string, to: string): Edit => ({
  name: `rename ${from} ${to}`,
  apply(dir, options) {
    try {
      renameSync(join(dir, from), join(dir, to));
    } catch {
      // Gone already.
    }
    return options;
  },
});
const call = (change: RequestOptions): Edit => ({ name: JSON.stringify(change), apply: (_, options) => ({ ...options, ...change }) });

const MODELS = ['models/staging/stg_orders.sql', 'models/marts/orders.sql', 'models/marts/customers.sql', 'models/extra.sql'];
const SNIPPETS = [
  "{{ config(tags=[var('tag', 'untagged')], materialized='view') }}",
  "{{ config(schema=env_var('WHERE', 'here')) }}",
  '{{ cents_to_units("x", 3) }}',
  "{{ ref('stg_customers') }}",
  "{% if var('currency') == 'SEK' %}{{ ref('raw_customers') }}{% endif %}",
  "{{ config(meta={'flag': flags.FULL_REFRESH, 'target': target.name}) }}",
  "{{ config(pre_hook=\"select {{ var('hooked', 1) }} from {{ ref('raw_orders') }}\") }}",
  '{{ undefined_thing }}',
  '-- nothing\n\n',
];
const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...MODELS), fc.constantFrom(...SNIPPETS), fc.boolean())
    .map(([file, snippet, replace]) => write(file, (before) => (replace ? snippet : `${before}\n${snippet}`))),
  fc.constantFrom(
    write('models/staging/staging.yml', (before) => `# moved\n${before}`),
    write('models/staging/staging.yml', (before) =>
      before.replace('unique, not_null', "unique, {not_null: {config: {severity: \"{{ var('sev', 'warn') }}\"}}}"),
    ),
    write('models/staging/staging.yml', (before) => before.replace('office', "{{ env_var('OFFICE', 'office') }}")),
    write('models/marts/marts.yml', (before) => before.replace('ada', 'bo')),
    write('models/marts/marts.yml', 'models: [{name: orders, columns: [{name: order_id, tests: [not_negative]}]}]\n'),
    write('models/more.yml', 'sources: [{name: s, tables: [{name: t, columns: [{name: c, tests: [unique]}]}]}]\n'),
    write('models/more.yml', 'models: [{name: extra, config: {alias: other}}]\n'),
    write('models/marts/docs.md', (before) => before.replace('Returned', 'All')),
    write('macros/money.sql', '{% macro cents_to_units(column, digits=2) %}{{ column }} / {{ var("hundred", 100) }}{% endmacro %}'),
    write('macros/money.sql', "{% macro cents_to_units(column, digits=2) %}{% do return(ref('raw_customers')) %}{% endmacro %}"),
    write(
      'macros/names.sql',
      "{% macro generate_schema_name(custom, node) %}{{ var('prefix', 'p') }}_{{ custom or 'none' }}_{{ node.name }}{% endmacro %}",
    ),
    write('macros/names.sql', "{% macro ref(name) %}{% do return(builtins.ref('raw_orders')) %}{% endmacro %}"),
    write('tests/generic/not_negative.sql', "{% test not_negative(model, column_name) %}select * from {{ ref('customers') }}{% endtest %}"),
    write('dbt_project.yml', (before) => before.replace('owner: sales', 'owner: office')),
    write('dbt_project.yml', (before) => before.replace('+materialized: view', `+materialized: "{{ env_var('KIND', 'view') }}"`)),
    write('dbt_project.yml', (before) =>
      `${before}\non-run-start: ["select {{ var('currency') }}"]\n`.replace(/(\non-run-start.*)+/, '$1'),
    ),
    write('dbt_project.yml', (before) => before.replace('currency: EUR', 'currency: SEK')),
    write('dbt_packages/tools/dbt_project.yml', 'name: tools\nvars: {unit: day}\n'),
    write('dbt_packages/tools/models/tool.sql', "{{ config(tags=[var('unit')]) }} select 1"),
    write('dbt_packages/tools/macros/m.sql', '{% macro cents_to_units(column) %}x{% endmacro %}'),
    write('seeds/raw_orders.csv', (before) => `${before}105,1,2024-03-01,5,paid\n`),
    write('seeds/raw_more.csv', 'a\n1\n'),
    write('analyses/best_customers.csv', 'customer_name,paid\n'),
    write('tests/no_paid_order_without_customer.sql', "{{ config(severity=var('sev', 'warn')) }} select * from {{ ref('orders') }}"),
    write('selectors.yml', 'selectors: [{name: a, definition: "tag:x"}]\n'),
    write('.dbtignore', 'models/marts\n'),
    remove('.dbtignore'),
    remove('models/marts/marts.yml'),
    remove('macros/money.sql'),
    remove('macros/names.sql'),
    remove('analyses/best_customers.csv'),
    remove('dbt_packages/tools/dbt_project.yml'),
    rename('models/marts/customers.sql', 'models/staging/customers.sql'),
    rename('models/staging/stg_orders.sql', 'models/staging/orders_staged.sql'),
    rename('seeds/raw_more.csv', 'seeds/raw_most.csv'),
  ),
  fc.constantFrom(
    call({ vars: { tag: 'x' } }),
    call({ vars: { currency: 'SEK', sev: 'error', prefix: 'q' } }),
    call({ vars: {} }),
    call({ env: { WHERE: 'there', OFFICE: 'desk', KIND: 'table' } }),
    call({ env: {} }),
    call({ fullRefresh: true }),
    call({ fullRefresh: false }),
    call({ threads: 7 }),
    call({ command: 'run' }),
  ),
);

test('after any edits, a warm parse says exactly what a cold one says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(edits, fc.boolean()), { minLength: 1, maxLength: 6 }), async (changes) => {
      const shop = copyFixture('shop');
      let options: RequestOptions = {};
      await shop.write('models/extra.sql', "{{ config(tags=[var('tag', 'untagged')], schema=env_var('WHERE', 'here')) }} select 1");
      await warm(shop);
      for (const [edit, parseBetween] of changes) {
        options = edit.apply(shop.dir, options);
        if (parseBetween) await warm(shop, options);
      }
      const name = changes.map(([edit]) => edit.name).join(', ');
      const expected = (await cold(shop, options)).text;
      assert.is((await warm(shop, options)).text, expected, name);
      assert.is((await warm(shop, options)).text, expected, `${name}, again`);
      rmSync(shop.dir, { recursive: true });
    }),
    { numRuns: 200 },
  );
});

test.run();
