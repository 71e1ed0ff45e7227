// A project that has a thing of every kind, and edits of it: what partial-parse.test.ts makes up from a seed. Texts that are
// well may be combined freely; those that are not, and files that go or move, are followed by what sets them right again.
import type { RequestOptions } from '../support/fixture.ts';

/** Plain data, so that a list of them can be printed, cut and done again. */
export type Edit =
  | { readonly write: string; readonly text: string }
  | { readonly remove: string }
  | { readonly move: string; readonly to: string }
  /** New times, the same text. */
  | { readonly touch: string }
  /** Another digit, with the size and the time that the file had. */
  | { readonly hidden: string }
  | { readonly call: RequestOptions };

/** Numbers from 0 up to 1 that follow from the seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Chance {
  readonly one: <T>(list: readonly T[]) => T;
  readonly some: (list: readonly string[], between?: string) => string;
  readonly digit: () => number;
  readonly happens: (share: number) => boolean;
}

function chanceOf(random: () => number): Chance {
  const happens = (share: number): boolean => random() < share;
  return {
    one<T>(list: readonly T[]): T {
      return list[Math.floor(random() * list.length)] as T;
    },
    some: (list, between = '\n') => list.filter(() => happens(0.6)).join(between),
    digit: () => Math.floor(random() * 10),
    happens,
  };
}

type Text = (chance: Chance) => string;

/** What a template asks that is not in its own file. */
const asks = (chance: Chance): string =>
  chance.some(
    [
      `{{ cents('amount') }}`,
      `{{ tools.unit_of('at') }}`,
      `{% if var('wide', false) %} join {{ ref('raw_orders') }}{% endif %}`,
      `{% if env_var('OFFICE', 'none') == 'desk' %} join {{ source('raw', 't') }}{% endif %}`,
      `{% if target.name == 'prod' %} join {{ ref('raw_more') }}{% endif %}`,
      `{% if flags.FULL_REFRESH %} join {{ ref('raw_more') }}{% endif %}`,
      `{% if is_incremental() %} where at > (select max(at) from {{ this }}){% endif %}`,
      `{% if config.get('meta', {}).get('owner') == 'sales' %} join {{ ref('raw_orders') }}{% endif %}`,
      `{% do log('parsed') %}`,
      `{% do exceptions.warn('odd ${chance.digit()}') %}`,
      `{% set n = namespace(found=0) %}{% for x in var('list', [1, 2]) %}{% set n.found = n.found + x %}{% endfor %}{{ n.found }}`,
      `{% if execute %}{% do run_query('select ${chance.digit()}') %}{% endif %}`,
      `{{ dbt.date_trunc('day', 'at') }} {{ run_started_at.year }} {{ graph.nodes.values() | list | length if execute else 0 }}`,
      `{{ from_import(3) }}`,
    ],
    ' ',
  );

const own = (chance: Chance): string =>
  chance.one([
    '',
    `{{ config(materialized='${chance.one(['table', 'view', 'ephemeral', 'incremental'])}') }}`,
    `{{ config(tags=[var('tag', 'none'), 't${chance.digit()}'], meta={'owner': env_var('OFFICE', 'none'), 'n': ${chance.digit()}}) }}`,
    `{{ config(schema=env_var('WHERE', 'here')) }}`,
    `{{ config(pre_hook="insert into {{ ref('raw_orders') }} values ({{ var('tag', '1') }})", post_hook=[{'sql': "select ${chance.digit()}", 'transaction': false}]) }}`,
    `{{ config({'alias': 'renamed_' ~ model.name, 'group': 'sales', 'docs': {'show': false}}) }}`,
    `{{ config(meta={'at': run_started_at.isoformat(), 'command': flags.WHICH}) }}`,
  ]);

const model =
  (...parents: readonly string[]): Text =>
  (chance) =>
    `${own(chance)}
select ${chance.digit()} as digit ${asks(chance)} from {{ ref('${chance.one(parents)}') }}
${chance.happens(0.3) ? `-- {{ ref('${chance.one(parents)}') }}` : ''}`;

const tests = (chance: Chance): string =>
  chance.one([
    '[unique, not_null]',
    `[{not_null: {config: {severity: "{{ var('severity', 'warn') }}", tags: [t${chance.digit()}]}}}]`,
    '[not_negative]',
    `[{relationships: {arguments: {to: ref('raw_orders'), field: id}, config: {where: "digit > ${chance.digit()}"}}}]`,
    `[{accepted_values: {name: digits_${chance.digit()}, arguments: {values: [${chance.digit()}]}}}]`,
    `[{tools.at_most: {arguments: {limit: "{{ var('limit', ${chance.digit()}) }}"}}}]`,
  ]);

const described = (name: string, chance: Chance): string =>
  `  - {name: ${name}, description: "${chance.one(["{{ doc('orders') }}", 'plain', `number ${chance.digit()}`, "{{ var('tag', 'x') }}"])}", config: {${chance.some(
    [
      `meta: {k${chance.digit()}: 1}`,
      `tags: [y${chance.digit()}]`,
      `materialized: ${chance.one(['table', 'view'])}`,
      'persist_docs: {relation: false}',
    ],
    ', ',
  )}}, columns: [{name: digit, tags: [c${chance.digit()}], data_tests: ${tests(chance)}}]}`;

const GOOD: Readonly<Record<string, Text>> = {
  'dbt_project.yml': (chance) => `name: shop
profile: shop
models:
  +tags: [base${chance.digit()}]
  shop: {staging: {+materialized: ${chance.one(['view', 'table', `"{{ var('kind', 'view') }}"`])}, +meta: {owner: ${chance.one(['sales', 'office'])}}}, marts: {+schema: "{{ env_var('WHERE', 'here') }}", +post-hook: ["select '{{ var('currency') }}'"]}}
  tools: {+schema: tools${chance.digit()}, +enabled: ${chance.one(['true', 'true', '"{{ target.name != \'nowhere\' }}"'])}}
seeds: {+quote_columns: ${chance.one(['true', 'false'])}, shop: {+column_types: {id: ${chance.one(['bigint', 'varchar'])}}}}
snapshots: {+target_schema: snaps${chance.digit()}}
data_tests: {+severity: ${chance.one(['warn', 'error'])}, +store_failures: ${chance.one(['true', 'false'])}}
vars: {currency: ${chance.one(['EUR', 'SEK'])}, tools: {unit: ${chance.one(['day', 'week'])}}}
dispatch: [{macro_namespace: tools, search_order: ${chance.one(['[shop, tools]', '[tools]', `["{{ var('first', 'tools') }}", tools]`])}}]
on-run-start: ["select '{{ var('currency') }}' from {{ ref('stg_a') }}"]
on-run-end: "{{ cents('${chance.digit()}') }}"
query-comment: ${chance.one(['null', 'hello'])}
flags: {${chance.one(['', 'indirect_selection: cautious', 'store_failures: true'])}}
`,
  'profiles.yml': (chance) => `shop:
  target: dev
  outputs:
    dev: {type: duckdb, schema: ${chance.one(['dev', "\"{{ env_var('WHERE', 'dev') }}\""])}, threads: ${1 + (chance.digit() % 3)}}
    prod: {type: duckdb, schema: prod${chance.digit()}}
other: {outputs: {default: {type: duckdb, path: other.db}}}
`,
  'models/staging/stg_a.sql': model('raw_orders', 'raw_more'),
  'models/staging/stg_b.sql': model('raw_orders', 'stg_a'),
  'models/marts/orders.sql': model('stg_a', 'stg_b'),
  'models/marts/deep/sums.sql': model('orders', 'stg_b', 'tool'),
  'models/marts/leaf.sql': (chance) =>
    `{{ config(enabled=${chance.one(['true', 'false', "var('on', true)", "target.name == 'dev'"])}) }} ${model('orders', 'sums')(chance)}`,
  'models/staging/schema.yml': (chance) => `version: 2
models:
${described('stg_a', chance)}
${described('stg_b', chance)}
sources: [{name: raw, schema: "{{ target.schema }}", config: {meta: {d: ${chance.digit()}}}, tables: [{name: t, description: "t${chance.digit()}", columns: [{name: c, data_tests: ${chance.one(['[unique]', '[not_negative]', '[]'])}}]}]}]
`,
  'models/marts/schema.yml': (chance) => `models:
${described('orders', chance)}
${described('leaf', chance)}
exposures:
  - {name: board, type: dashboard, owner: {email: a${chance.digit()}@b.c}, depends_on: ["ref('orders')", "source('raw', 't')"], description: "{{ doc('orders') }}"}
groups: [{name: sales, owner: {email: s${chance.digit()}@b.c}}]
unit_tests:
  - {name: adds_up, model: stg_a, given: [{input: ref('raw_orders'), rows: [{id: ${chance.digit()}}]}], expect: {rows: [{digit: ${chance.digit()}}]}}
`,
  'models/marts/versions.yml': (chance) => `models:
  - name: prices
    latest_version: ${1 + (chance.digit() % 2)}
    config: {meta: {m: ${chance.digit()}}}
    columns: [{name: digit, data_tests: ${chance.one(['[unique]', '[not_null]'])}}]
    versions: [{v: 1, defined_in: prices_old}, {v: 2${chance.one(['', ', config: {alias: p}', ', description: two'])}}]
`,
  'models/marts/prices_old.sql': model('stg_a'),
  'models/marts/prices_v2.sql': model('stg_a', 'stg_b'),
  'models/docs.md': (chance) => `{% docs orders %}All ${chance.one(['*paid*', 'good', String(chance.digit())])} orders.{% enddocs %}`,
  'macros/money.sql': (chance) =>
    `{% macro cents(column) %}{{ column }} / ${chance.one([
      String(1 + chance.digit()),
      `{{ var('hundred', ${chance.digit()}) }}`,
      `{{ env_var('HUNDRED', '${chance.digit()}') }}`,
      '{{ half(column) }}',
      "{{ ref('raw_orders').identifier }}",
      '{{ tools.unit_of(column) }}',
    ])}{% endmacro %}
{% macro half(column) %}${chance.digit()}{% if var('half', 0) %}{{ ref('raw_more') }}{% endif %}{% endmacro %}
{% macro from_import(n) %}{{ n * ${chance.digit()} }}{% endmacro %}
${chance.one(['', `{% macro default__unit_of(column) %}shop ${chance.digit()}{% endmacro %}`, `{% macro duckdb__unit_of(column) %}{{ ref('raw_more') }}{% endmacro %}`])}`,
  'macros/names.sql': (chance) =>
    chance.one([
      '',
      `{% macro generate_schema_name(custom, node) %}{{ var('prefix', 'p${chance.digit()}') }}_{{ custom or 'none' }}{% endmacro %}`,
      `{% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ custom_alias_name or node.name }}_{{ env_var('WHERE', 'x') }}${chance.digit()}{% endmacro %}`,
      `{% macro generate_database_name(custom, node) %}{{ 'dwh' if node.resource_type == 'seed' else target.database }}{% endmacro %}`,
      `{% macro ref() %}{% do return(builtins.ref(*varargs, **kwargs)) %}{% endmacro %}`,
    ]),
  'macros/schema.yml': (chance) => `macros: [{name: cents, description: "c${chance.digit()}", arguments: [{name: column, type: text}]}]\n`,
  'tests/generic/not_negative.sql': (chance) =>
    `{% test not_negative(model, column_name) %}{{ config(severity='${chance.one(['warn', 'error'])}') }}select * from {{ model }} where {{ column_name }} < ${chance.one(
      [String(chance.digit()), `(select 1 from {{ ref('raw_orders') }})`, `{{ cents('1') }}`],
    )}{% endtest %}`,
  'tests/paid.sql': (chance) =>
    `{{ config(severity=var('severity', 'warn'), tags=['p${chance.digit()}']) }} select * from {{ ref('orders') }} where ${asks(chance)}`,
  'tests/schema.yml': (chance) =>
    `data_tests: [{name: paid, description: "paid ${chance.digit()}", config: {meta: {a: ${chance.digit()}}}}]\n`,
  'analyses/best.sql': (chance) =>
    `{{ config(expect='best.csv', tolerance=0.${1 + (chance.digit() % 9)}) }} select * from {{ ref('orders') }}`,
  'analyses/best.csv': (chance) => `digit\n${chance.digit()}\n`,
  'seeds/raw_orders.csv': (chance) => `id,amount\n${chance.digit()},${chance.digit()}\n`,
  'seeds/raw_more.csv': (chance) => `a\n${chance.digit()}\n`,
  'seeds/schema.yml': (chance) =>
    `seeds: [{name: raw_orders, description: "{{ var('tag', 'none') }}", config: {column_types: {amount: ${chance.one(['integer', 'varchar'])}}, tags: [s${chance.digit()}]}, columns: [{name: id, data_tests: ${tests(chance)}}]}]\n`,
  'snapshots/kept.sql': (chance) =>
    `{% snapshot kept %}{{ config(unique_key='id', strategy='check', check_cols=${chance.one(["'all'", "['amount']"])}, tags=[var('tag', 'none')]) }}select ${chance.digit()} as id from {{ ref('${chance.one(['raw_orders', 'stg_a'])}') }}{% endsnapshot %}`,
  'snapshots/kept.yml': (chance) => `snapshots:
  - {name: followed, relation: ref('orders'), config: {unique_key: digit, strategy: timestamp, updated_at: at, hard_deletes: ${chance.one(['ignore', 'invalidate'])}}}
  - {name: kept, description: "k${chance.digit()}"}
`,
  'selectors.yml': (chance) =>
    `selectors: [{name: nightly, default: ${chance.one(['true', 'false'])}, definition: "tag:${chance.one(['x', 'base1', 'none'])}"}]\n`,
  '.dbtignore': (chance) => chance.one(['', 'nothing/\n', '*.bak\n']),
  'dbt_packages/tools/dbt_project.yml': (chance) =>
    `name: tools\nvars: {unit: hour${chance.digit()}}\nmodels: {+tags: [tool${chance.digit()}]}\n`,
  'dbt_packages/tools/models/tool.sql': (chance) =>
    `{{ config(tags=[var('unit')], materialized='${chance.one(['table', 'view'])}') }} select ${chance.digit()} as digit`,
  'dbt_packages/tools/macros/units.sql': (
    chance,
  ) => `{% macro unit_of(column) %}{{ return(adapter.dispatch('unit_of', 'tools')(column)) }}{% endmacro %}
{% macro default__unit_of(column) %}${chance.one([String(chance.digit()), "{{ var('unit') }}", "{{ ref('tool') }}"])}{% endmacro %}
{% test at_most(model, column_name, limit=1) %}select * from {{ model }} where {{ column_name }} > {{ limit }} + ${chance.digit()}{% endtest %}`,
};

/** Each of them stops the project, or takes from it what others name. */
const BAD: Readonly<Record<string, readonly string[]>> = {
  sql: [
    "select * from {{ ref('raw_orders' }}",
    '{% if x %}select 1',
    "select * from {{ ref('nobody') }}",
    '{{ undefined_thing }}',
    "{{ config(materialised='table') }} select {{ ref('raw_orders') }}",
    "{% macro cents(column) %}{% endmacro %} {{ config(tags=5, materialized=['x']) }} select 1",
    '{{ config(enabled=false) }} select 1',
    '',
  ],
  yml: [
    'models: [{name: orders}, {name: orders}]\n',
    'models:\n\t- name: orders\n',
    'models: {name: orders}\n',
    'models: [{name: nobody, descripton: x}]\n',
    'name: [shop]\n',
    'models: [name: orders\n',
    '- 1\n',
    '',
  ],
  md: ['{% docs orders %}', '{% docs other %}x{% enddocs %}', ''],
  csv: ['', 'id,id\n1,2\n', 'id,amount\n1\n'],
  dbtignore: ['models/staging\n', '*.md\n', 'seeds/*.csv\n', '**/schema.yml\n'],
};
const ending = (file: string): string => file.slice(file.lastIndexOf('.') + 1);

const MOVES: readonly (readonly [string, string])[] = [
  ['models/marts/orders.sql', 'models/staging/orders.sql'],
  ['models/marts/orders.sql', 'models/marts/sales.sql'],
  ['models/staging/stg_b.sql', 'models/marts/deep/stg_b.sql'],
  ['models/marts/leaf.sql', 'dbt_packages/tools/models/leaf.sql'],
  ['models/marts/schema.yml', 'models/staging/more.yml'],
  ['models/docs.md', 'macros/docs.md'],
  ['macros/money.sql', 'macros/deep/cents.sql'],
  ['macros/names.sql', 'dbt_packages/tools/macros/names.sql'],
  ['seeds/raw_orders.csv', 'seeds/deep/raw_orders.csv'],
  ['seeds/raw_orders.csv', 'seeds/RAW_ORDERS.csv'],
  ['snapshots/kept.sql', 'snapshots/deep/other.sql'],
  ['tests/paid.sql', 'tests/generic/paid.sql'],
  ['analyses/best.csv', 'analyses/deep/best.csv'],
  ['dbt_project.yml', 'project.yml'],
  ['dbt_packages/tools/models/tool.sql', 'models/tool.sql'],
  ['dbt_packages/tools/dbt_project.yml', 'dbt_packages/tools/project.yml'],
  ['models/staging', 'models/landing'],
  ['dbt_packages/tools', 'dbt_packages/toolbox'],
];

/** Some of the values, each of them there or not. */
function given(chance: Chance, values: Readonly<Record<string, readonly unknown[]>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, some]) => (chance.happens(0.5) ? [[name, chance.one(some)]] : [])));
}

function callOf(chance: Chance): RequestOptions {
  return chance.one<() => RequestOptions>([
    () => ({
      env: given(chance, { WHERE: ['dev', 'there'], OFFICE: ['desk', 'sales'], HUNDRED: ['9'], UNREAD: ['1', '2'] }) as NodeJS.ProcessEnv,
    }),
    () => ({
      env: given(chance, { WHERE: ['dev', 'there'], OFFICE: ['desk', 'sales'], HUNDRED: ['9'], UNREAD: ['1', '2'] }) as NodeJS.ProcessEnv,
    }),
    () => ({
      vars: given(chance, { tag: ['x', 'y'], kind: ['table'], wide: [true], severity: ['error', 'warn'], on: [false], list: [[5]] }),
    }),
    () => ({
      vars: given(chance, {
        tag: ['x'],
        currency: ['DKK'],
        prefix: ['q'],
        first: ['shop'],
        hundred: [7],
        half: [1],
        limit: [3],
        unit: ['year'],
      }),
    }),
    () =>
      chance.one<RequestOptions>([
        { target: 'prod' },
        { target: 'dev' },
        { profile: 'other', target: 'default' },
        { profile: 'shop', target: 'dev' },
      ]),
    () => ({ fullRefresh: chance.happens(0.5), storeFailures: chance.happens(0.5) }),
    () => chance.one<RequestOptions>([{ threads: 1 + chance.digit() }, { version: `0.0.${chance.digit()}` }]),
    () => ({ invocationId: `00000000-0000-4000-8000-00000000000${chance.digit()}` }),
  ])();
}

/** As often as they stand here. */
const KINDS = [
  ...['good', 'good', 'good', 'good', 'good', 'call', 'call', 'call', 'call', 'call', 'hidden', 'hidden', 'hidden'],
  ...['touch', 'move', 'move', 'remove', 'bad'],
] as const;

/** The files that a sequence of edits begins with. */
export const firstFiles = (random: () => number): ReadonlyMap<string, string> => {
  const chance = chanceOf(random);
  return new Map(Object.entries(GOOD).map(([file, text]) => [file, text(chance)]));
};

export function makeEdits(random: () => number, count: number): readonly Edit[] {
  const chance = chanceOf(random);
  const files = Object.keys(GOOD);
  const good = (file: string): Edit => ({ write: file, text: GOOD[file]?.(chance) ?? '' });
  const turn = (): readonly Edit[] => {
    const file = chance.one(files);
    const kind = chance.one(KINDS);
    if (kind === 'good') return [good(file)];
    if (kind === 'call') return [{ call: callOf(chance) }];
    if (kind === 'touch') return [{ touch: file }];
    if (kind === 'hidden') return [{ hidden: file }];
    if (kind === 'move') {
      const [from, to] = chance.one(MOVES);
      return [{ move: from, to }, ...(chance.happens(0.4) ? [good(file)] : []), { move: to, to: from }];
    }
    const bad: Edit = kind === 'remove' ? { remove: file } : { write: file, text: chance.one(BAD[ending(file)] ?? ['']) };
    // Half of the time something else changes before it is set right.
    return [bad, ...(chance.happens(0.5) ? [good(chance.one(files))] : []), good(file)];
  };
  const edits: Edit[] = [];
  while (edits.length < count) edits.push(...turn());
  return edits.slice(0, count);
}
