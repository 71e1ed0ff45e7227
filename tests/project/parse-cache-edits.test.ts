import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc, { toStringMethod } from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RequestOptions } from '../support/fixture.ts';
import { tempDir } from '../support/temp-dir.ts';
import { cold, LATER, warm } from './outcome.ts';

const test = suite('project: parse cache: edits');

/** A project is files (path → text) and how it is called; the first variant of each is what a case begins with. */
type Files = ReadonlyMap<string, string>;
interface State {
  readonly files: Files;
  readonly options: RequestOptions;
}

const GONE = undefined;
const PROJECT = `name: shop
profile: shop
models: {shop: {+tags: [base], staging: {+materialized: view, +meta: {owner: sales}}}, tools: {+schema: tools}}
vars: {currency: EUR, tools: {unit: day}}
dispatch: [{macro_namespace: tools, search_order: ["{{ var('first', 'tools') }}", shop, tools]}]
on-run-start: ["select '{{ var('currency') }}' from {{ ref('orders') }}"]
clean-targets: ["{{ var('tag', 'target') }}"]
`;
const PROFILES = `shop: {target: dev, outputs: {dev: {type: duckdb, schema: dev}, prod: {type: duckdb, schema: prod}}}
other: {outputs: {default: {type: duckdb, path: other.db}}}
`;
const SCHEMA = `models:
  - name: stg_orders
    description: "{{ doc('orders') }}"
    columns: [{name: id, tags: [key], data_tests: [unique, {not_null: {config: {severity: "{{ var('severity', 'warn') }}"}}}]}]
  - name: orders
    config: {meta: {office: "{{ env_var('OFFICE', 'none') }}", currency: "{{ var('currency') }}"}}
    columns: [{name: amount, data_tests: [not_negative, {relationships: {arguments: {to: ref('stg_orders'), field: id}}}]}]
sources: [{name: raw, schema: "{{ target.schema }}", tables: [{name: t, columns: [{name: c, tests: [unique]}]}]}]
`;
const VARIANTS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  'project.yml': [
    PROJECT,
    `# moved down\n${PROJECT}`,
    PROJECT.replace('owner: sales', 'owner: office').replace('EUR', 'SEK').replace('+schema: tools', '+schema: devices'),
    `name: shop
version: "2"
models: {shop: {+schema: "{{ env_var('WHERE', 'here') }}", staging: {+materialized: "{{ var('kind', 'table') }}"}}}
`,
    `${PROJECT}data_tests: {+severity: warn}\nflags: {store_failures: true}\n`,
    'name: store\nmodel-paths: [models, more]\nvars: {currency: EUR}\nmodels: {store: {+stagin: 1}}\n',
    'name: [shop]\n',
    GONE,
  ],
  'dbt_project.yml': [GONE, 'name: other\nvars: {currency: USD}\n'],
  'profiles.yml': [PROFILES, PROFILES.replace('schema: dev', "schema: \"{{ env_var('WHERE', 'dev') }}\", threads: 2"), GONE],
  'models/staging/stg_orders.sql': [
    "select * from {{ ref('raw_orders') }}{% if config.get('meta').owner == 'office' %} join {{ ref('orders') }}{% endif %}",
    "{{ config(materialized='table', tags=['x']) }} select * from {{ ref('raw_orders') }}\n\n",
    "{{ config(materialised='table') }} select 1",
    GONE,
  ],
  'models/orders.sql': [
    "select {{ cents('amount') }} as amount, {{ tools.unit_of('at') }} as unit from {{ ref('stg_orders') }}",
    "{{ config(alias='sales') }} {{ tools.unit_of('at') }}",
    '{{ undefined_thing }}',
  ],
  'models/schema.yml': [
    SCHEMA,
    `# moved down\n${SCHEMA.replace('[unique, ', '[{unique: {config: {where: id > 0}}}, ')}`,
    `models:
  - {name: orders, config: {meta: {currency: "{{ var('currency') }}"}}, columns: [{name: amount, data_tests: [not_negative]}]}
  - {name: nobody}
`,
    'models: [{name: orders}, {name: orders}]\n',
    'models: [name: orders\n',
    GONE,
  ],
  'models/more.yml': [GONE, 'models: [{name: extra, config: {alias: other}}]\n', 'models: [{name: extra, descripton: x}]\n'],
  'models/docs.md': ['{% docs orders %}All orders.{% enddocs %}', '{% docs orders %}All *paid* orders.{% enddocs %}', GONE],
  'macros/money.sql': [
    '{% macro cents(column) %}{{ column }} / 100{% endmacro %}{% macro default__unit_of(column) %}{{ ref("extra") }}{% endmacro %}',
    '{% macro cents(column) %}{{ column }} / {{ var("hundred", 100) }}{% do log("cents") %}{% endmacro %}',
    "{% macro cents(column) %}{{ ref('raw_orders').identifier }}{% endmacro %}",
    GONE,
  ],
  'macros/names.sql': [
    "{% macro generate_alias_name(custom, node) %}{{ custom or node.name }}_{{ env_var('WHERE', 'x') }}{% endmacro %}{% macro generate_schema_name(custom, node) %}{{ custom or 'none' }}{% endmacro %}",
    "{% macro generate_schema_name(custom, node) %}{{ var('prefix', 'p') }}_{{ custom or 'none' }}_{{ node.name }}{% endmacro %}",
    "{% macro ref(name) %}{% do return(builtins.ref('raw_orders')) %}{% endmacro %}",
    GONE,
  ],
  'tests/generic/not_negative.sql': [
    '{% test not_negative(model, column_name) %}select * from {{ model }} where {{ column_name }} < 0{% endtest %}',
    "{% test not_negative(model, column_name) %}{{ config(severity='warn') }}select * from {{ ref('raw_orders') }}{% endtest %}",
    GONE,
  ],
  'tests/paid.sql': [GONE, "{{ config(severity=var('severity', 'warn')) }} select * from {{ ref('orders') }} where not paid"],
  'analyses/best.sql': [
    "{{ config(expect='best.csv') }} select * from {{ ref('orders') }}",
    "{{ config(expect='none.csv') }} select 1",
    'select 1',
  ],
  'analyses/best.csv': ['amount\n1\n', 'amount\n2\n', GONE],
  'seeds/raw_orders.csv': ['id,amount\n1,2\n', 'id,amount\n1,3\n', GONE],
  'seeds/raw_more.csv': [GONE, 'a\n1\n'],
  'selectors.yml': [GONE, 'selectors: [{name: nightly, definition: "tag:x"}]\n'],
  '.dbtignore': [GONE, 'models/staging\n', '*.md\n'],
  'dbt_packages/tools/dbt_project.yml': [
    'name: tools\nvars: {unit: hour}\n',
    'name: tools\nvars: {unit: week}\nmodels: {+tags: [tool]}\n',
    GONE,
  ],
  'dbt_packages/tools/models/tool.sql': ["{{ config(tags=[var('unit')]) }} select 1", "select * from {{ ref('orders') }}", GONE],
  'dbt_packages/tools/macros/units.sql': [
    "{% macro unit_of(column) %}{{ return(adapter.dispatch('unit_of', 'tools')(column)) }}{% endmacro %}{% macro default__unit_of(column) %}1{% endmacro %}",
    "{% macro unit_of(column) %}{{ ref('tool') }}{% endmacro %}",
    GONE,
  ],
  'models/extra.sql': [
    "{{ config(tags=[var('tag', 'none')], schema=env_var('WHERE', 'here')) }} select 1",
    "{{ config(meta={'id': 9007199254740993, 'none': none, 'real': 1.5}) }} select 1",
    GONE,
  ],
  // What changes from run to run: printed, which makes no difference, and used.
  'models/times/printed.sql': ["select '{{ run_started_at }}' as at, '{{ invocation_id }}' as run, '{{ flags.WHICH }}' as command"],
  'models/times/used.sql': ["{{ config(meta={'at': run_started_at.isoformat(), 'run': invocation_id, 'command': flags.WHICH}) }} select 1"],
  'models/times/refreshed.sql': ["{% if should_full_refresh() %}{{ ref('raw_orders') }}{% endif %}", GONE],
  'models/target.sql': [
    "{{ config(tags=[target.name, target.threads ~ ' threads']) }} select 1",
    '{% if target.name == "prod" %}{{ x }}{% endif %}',
  ],
  'models/hooked.sql': ["{{ config(pre_hook=\"insert into {{ ref('raw_orders') }} select '{{ var('tag', 1) }}'\") }} select 1", GONE],
  'models/warned.sql': [
    "{% do exceptions.warn('this is odd') %}{% if var('tag', '') == 'x' %}{{ source('raw', 't') }}{% endif %}",
    "{{ config(materialised='view') }} select 1",
    GONE,
  ],
};
const CALLS: readonly RequestOptions[] = [
  { vars: { tag: 'x', kind: 'view' } },
  { vars: { currency: 'SEK', severity: 'error', prefix: 'q' } },
  { vars: { first: 'shop' } },
  { vars: {} },
  { env: { WHERE: 'dev', OFFICE: 'desk' } },
  { env: { WHERE: 'there', UNREAD: '1' } },
  { env: {} },
  { target: 'prod' },
  { target: 'dev' },
  { profile: 'other' },
  { fullRefresh: true },
  { fullRefresh: false, command: 'run' },
  { threads: 7 },
  { version: '0.0.1-other' },
  { startedAt: LATER.startedAt + 60_000, invocationId: '00000000-0000-4000-8000-000000000001' },
];

interface Edit {
  readonly name: string;
  apply(state: State): State;
  readonly [toStringMethod]: () => string;
}

/** fast-check shows the name. */
const named = (name: string, apply: Edit['apply']): Edit => ({ name, apply, [toStringMethod]: () => name });

const put = (file: string, text: string | undefined): Edit =>
  named(`${file}: ${text ?? 'gone'}`, ({ files, options }) => {
    const { [file]: _, ...others } = Object.fromEntries(files);
    return { files: new Map(Object.entries(text === undefined ? others : { ...others, [file]: text })), options };
  });
const move = (from: string, to: string): Edit =>
  named(`${from} becomes ${to}`, (state) => put(to, state.files.get(from)).apply(put(from, GONE).apply(state)));
const call = (change: RequestOptions): Edit =>
  named(JSON.stringify(change), ({ files, options }) => ({ files, options: { ...options, ...change } }));

const variants = Object.entries(VARIANTS).flatMap(([file, texts]) => texts.map((text) => put(file, text)));
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...variants) },
  { weight: 3, arbitrary: fc.constantFrom(...CALLS.map(call)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      move('models/orders.sql', 'models/staging/orders.sql'),
      move('models/orders.sql', 'models/sales.sql'),
      move('models/extra.sql', 'more/extra.sql'),
      move('models/extra.sql', 'dbt_packages/tools/models/extra.sql'),
      move('models/schema.yml', 'models/staging/schema.yml'),
      move('models/docs.md', 'macros/docs.md'),
      move('macros/money.sql', 'macros/cents.sql'),
      move('seeds/raw_orders.csv', 'seeds/raw/raw_orders.csv'),
      move('project.yml', 'dbt_project.yml'),
      move('dbt_packages/tools/models/tool.sql', 'models/tool.sql'),
    ),
  },
);

const START: State = {
  files: new Map(Object.entries(VARIANTS).flatMap(([file, [text]]) => (text === undefined ? [] : [[file, text]]))),
  options: {},
};

/** A folder in which files are changed one by one. Each write has a time of its own, so that no change hides behind another. */
function folderOf(dir: string): (files: Files) => void {
  let there: Files = new Map();
  let seconds = 1_000_000_000;
  return (files) => {
    for (const file of there.keys()) if (!files.has(file)) rmSync(join(dir, file));
    for (const [file, text] of files) {
      if (there.get(file) === text) continue;
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), text);
      seconds++;
      utimesSync(join(dir, file), seconds, seconds);
    }
    there = files;
  };
}

test('after any edits, a warm parse says exactly what a cold one says', async () => {
  const dir = tempDir('edits');
  const write = folderOf(dir);
  write(START.files);
  assert.is((await warm(dir)).failed, false);
  const cache = ['partial_parse.bin', 'partial_parse.files.json'].map((name) => {
    const path = join(dir, 'target', name);
    return { path, bytes: readFileSync(path) };
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(edit, fc.boolean()), { minLength: 1, maxLength: 4 }), async (steps) => {
      write(START.files);
      for (const { path, bytes } of cache) writeFileSync(path, bytes);
      let state = START;
      const done: string[] = [];
      for (const [index, [change, look]] of steps.entries()) {
        state = change.apply(state);
        done.push(change.name);
        if (!look && index < steps.length - 1) continue;
        write(state.files);
        const expected = await cold(dir, state.options);
        assert.is((await warm(dir, state.options)).text, expected.text, done.join('\n'));
        if (index < steps.length - 1) continue;
        const again = await warm(dir, state.options);
        assert.is(again.text, expected.text, `${done.join('\n')}\nagain`);
        assert.is(again.restored, !expected.failed, `${done.join('\n')}\nagain`);
      }
    }),
    { numRuns: 200 },
  );
});

test.run();
