// A generated project for selection: layers of models on seeds and sources, tests of all kinds, groups, access, exposures, a
// package, selectors. It has two versions: `before`, whose artifacts are the state, and what it is now. No chance is in it: the
// same answers belong to it wherever it is made.

export type Files = Readonly<Record<string, string>>;

/** A small generator of numbers that are spread well enough (Lehmer). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 0x7fffffff;
    return state % below;
  };
}

const LAYERS = [
  { folder: 'staging', prefix: 'stg', count: 6 },
  { folder: 'middle', prefix: 'mid', count: 7 },
  { folder: 'marts/core', prefix: 'dim', count: 5 },
  { folder: 'marts/money', prefix: 'fct', count: 6 },
] as const;

const SEEDS = ['ports', 'flags', 'berths'];
const SOURCES = { customs: ['ships', 'cargo', 'crew'], tower: ['calls', 'weather'] } as const;

interface Model {
  readonly name: string;
  readonly folder: string;
  readonly parents: readonly string[];
}

/** Each reads one to three of the layer below, and now and then one from farther down. */
function models(): readonly Model[] {
  const next = numbers(20);
  let below: string[] = [
    ...Object.entries(SOURCES).flatMap(([source, tables]) => tables.map((table) => `source('${source}', '${table}')`)),
    ...SEEDS.map((seed) => `ref('${seed}')`),
  ];
  const all: Model[] = [];
  for (const { folder, prefix, count } of LAYERS) {
    const layer: string[] = [];
    for (let number = 1; number <= count; number++) {
      const parents = new Set(Array.from({ length: 1 + next(2) }, () => below[next(below.length)] ?? ''));
      const far = all[next(30)];
      if (far && far.folder !== folder) parents.add(`ref('${far.name}')`);
      const name = `${prefix}_${number}`;
      all.push({ name, folder, parents: [...parents] });
      layer.push(`ref('${name}')`);
    }
    below = layer;
  }
  return all;
}

const CONFIGS: Readonly<Record<string, string>> = {
  stg_1: "{{ config(tags=['nightly', 'input'], meta={'owner': {'team': 'sea'}, 'level': 3}) }}",
  stg_2: "{{ config(tags='nightly') }}",
  mid_1: "{{ config(materialized='ephemeral') }}",
  mid_2: "{{ config(tags=['nightly-late', 'core']) }}",
  mid_5: "{{ config(meta={'owner': {'team': 'land'}, 'pii': true, 'codes': ['a', 'b']}) }}",
  dim_1: "{{ config(materialized='incremental', unique_key=['id', 'day'], on_schema_change='fail') }}",
  dim_3: "{{ config(materialized='view', schema='slow') }}",
  fct_2: "{{ config(enabled=var('with_fct_2', true)) }}",
  fct_6: '{{ config(enabled=false) }}',
};

function modelText({ name, parents }: Model, before: boolean): string {
  const config = before && name === 'mid_2' ? CONFIGS.mid_2?.replace("'core'", "'old'") : CONFIGS[name];
  const measure = name === 'mid_4' ? "{{ knots('1') }}" : name === 'dim_2' ? "{{ fathoms('1') }}" : before && name === 'fct_1' ? '2' : '1';
  const own = `select ${measure} as id, 'x' as day`;
  const union = parents.map((parent) => `select id, day from {{ ${parent} }}`).join('\nunion all\n');
  return `${config ? `${config}\n` : ''}${own}\nfrom (\n${union}\n) as parts\n`;
}

const GROUPED: Readonly<Record<string, string>> = {
  dim_1: 'group: pilots',
  dim_2: 'group: pilots, access: public',
  fct_1: 'group: clerks, access: protected',
  fct_3: 'group: clerks',
  fct_5: 'group: clerks, access: private',
};

const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ');

function properties(folder: string, all: readonly Model[], before: boolean): string {
  const entries = all
    .filter((model) => model.folder === folder)
    .map(({ name }, index) => {
      const config = [
        ...(GROUPED[name] ? [GROUPED[name]] : []),
        ...(name === 'dim_4' ? [`persist_docs: {relation: true}`] : []),
        ...(name === 'mid_3' ? [`alias: ${before ? 'mid_three' : 'middle_three'}`] : []),
      ];
      const tests = [
        ...(index % 2 === 0 ? [name === 'stg_3' ? 'unique: {config: {severity: warn, tags: [slow]}}' : 'unique'] : []),
        ...(index % 3 === 0 ? ['not_null'] : []),
        ...(name === 'dim_2' ? ["relationships: {arguments: {to: ref('dim_1'), field: id}}"] : []),
        ...(name === 'fct_1' ? ["relationships: {arguments: {to: ref('dim_2'), field: id}, config: {where: 'id > 0'}}"] : []),
        ...(name === 'fct_3' ? ["relationships: {arguments: {to: ref('stg_3'), field: id}}"] : []),
        ...(name === 'fct_5' && !before ? ['tides.afloat'] : []),
      ];
      const described = before && (name === 'dim_4' || name === 'dim_5') ? 'as it was' : 'as it is';
      return [
        `- name: ${name}`,
        `  description: ${described}`,
        ...(config.length > 0 ? [`  config: {${config.join(', ')}}`] : []),
        '  columns:',
        `    - name: id`,
        ...(tests.length > 0 ? ['      data_tests:', ...tests.map((test) => `        - ${test}`)] : []),
      ].join('\n');
    });
  return `models:\n${indented(entries.join('\n'))}\n`;
}

const sources = (before: boolean): string => `sources:
  - name: customs
    tags: [outside]
    schema: main
    tables:
      - {name: ships, identifier: ports, columns: [{name: id, data_tests: [not_null]}]}
      - {name: cargo, identifier: ${before ? 'flags' : 'berths'}, tags: [heavy]}
      - {name: crew, identifier: ports}
  - name: tower
    schema: main
    config: {freshness: {warn_after: {count: ${before ? 1 : 2}, period: day}}, loaded_at_field: day}
    tables:
      - {name: calls, identifier: ports, config: {meta: {owner: {team: sea}}}}
      - {name: weather, identifier: ports}
`;

const exposures = (before: boolean): string => `exposures:
  - name: board
    type: dashboard
    ${before ? 'label: Old board' : 'label: The board'}
    owner: {name: Ann}
    tags: [nightly]
    depends_on: ["ref('fct_1')", "ref('dim_2')"]
  - name: tariff_app
    type: application
    owner: {email: tariff@example.org}
    config: {meta: {level: 3}}
    depends_on: ["ref('fct_3')", "source('tower', 'weather')"]
  - name: shelved
    type: notebook
    owner: {name: Bob}
    config: {enabled: false}
    depends_on: ["ref('fct_1')"]
`;

const SELECTORS = `selectors:
  - name: text
    description: one term as text
    definition: "tag:nightly+"
  - name: pair
    definition: {tag: nightly}
  - name: hops
    definition: {method: fqn, value: mid_2, parents: true, parents_depth: 1, children: true, indirect_selection: cautious}
  - name: around
    definition: {method: fqn, value: mid_5, childrens_parents: true}
  - name: joined
    definition:
      union:
        - {method: path, value: models/staging}
        - "fct_1"
        - intersection: [{method: tag, value: core}, {method: fqn, value: "mid_*", parents: true}]
        - exclude: [{method: tag, value: input}, stg_3]
  - name: less
    definition: {method: path, value: models/staging, exclude: [{method: tag, value: input}, stg_3]}
  - name: nested_less
    definition:
      union:
        - {method: path, value: models/staging, exclude: [{method: tag, value: input}]}
        - fct_1
  - name: crossed
    definition:
      intersection:
        - {method: fqn, value: marts, parents: true}
        - {method: config.materialized, value: view}
        - exclude: ["stg_2+", {method: package, value: tides}]
  - name: heir
    definition: {method: selector, value: joined}
  - name: grown
    definition:
      union:
        - {method: selector, value: joined}
        - {method: selector, value: pair}
        - exclude: [{method: selector, value: text}]
  - name: careful
    definition: {method: fqn, value: dim_2, indirect_selection: buildable}
  - name: bare
    definition: {method: fqn, value: dim_2, indirect_selection: empty}
  - name: careful_pair
    definition: {union: [{method: fqn, value: dim_1, indirect_selection: cautious}, {method: fqn, value: dim_2, indirect_selection: cautious}]}
  - name: usual
    default: "{{ var('usual', false) | as_bool }}"
    definition: {method: group, value: pilots}
  - name: rendered
    definition: {method: tag, value: "{{ var('wanted', 'slow') }}"}
  - name: levels
    definition: {method: config.meta.pii, value: true}
`;

const tides = (before: boolean): Files => ({
  'dbt_project.yml': "name: tides\nversion: '1.0'\nconfig-version: 2\nprofile: harbour\nmodels: {tides: {+tags: [pack]}}\n",
  'models/staging/tide_times.sql': `select ${before ? 0 : 1} as id, 'x' as day\n`,
  'models/staging/tide_heights.sql': "select * from {{ ref('tide_times') }}\n",
  'models/staging/properties.yml': 'models: [{name: tide_heights, columns: [{name: id, data_tests: [unique, tides.afloat]}]}]\n',
  'models/sources.yml': 'sources: [{name: moon, schema: main, tables: [{name: phases, identifier: ports}]}]\n',
  'macros/afloat.sql': '{% test afloat(model, column_name) %}select * from {{ model }} where {{ column_name }} < 0{% endtest %}\n',
});

/** Its files, `profiles.yml` too. */
export function harbour(version: 'before' | 'now'): Files {
  const before = version === 'before';
  const all = models();
  const files: Record<string, string> = {
    'dbt_project.yml': `name: harbour
version: '1.0'
config-version: 2
profile: harbour
model-paths: [models]
models:
  harbour:
    +persist_docs: {relation: false}
    staging: {+materialized: view, +tags: [base]}
    middle: {+materialized: view}
    marts:
      +materialized: ${before ? 'view' : 'table'}
      money: {+meta: {level: 3}, +on_schema_change: "{{ var('on_change', 'ignore') }}", +schema: "{{ var('money_schema', none) }}"}
data_tests: {harbour: {marts: {money: {+severity: warn}}}}
exposures: {harbour: {+meta: {shown: true}}}
flags: {send_anonymous_usage_stats: false}
`,
    'profiles.yml': 'harbour: {target: dev, outputs: {dev: {type: duckdb, path: harbour.duckdb, threads: 1}}}\n',
    'selectors.yml': SELECTORS,
    'macros/knots.sql': `{% macro knots(x) %}{{ x }} * ${before ? 1 : 2}{% endmacro %}\n`,
    'macros/fathoms.sql': '{% macro fathoms(x) %}{{ deeper(x) }}{% endmacro %}\n',
    'macros/deeper.sql': `{% macro deeper(x) %}{{ x }} + ${before ? 1 : 0}{% endmacro %}\n`,
    'models/sources.yml': sources(before),
    'models/marts/exposures.yml': exposures(before),
    'models/groups.yml': 'groups: [{name: pilots, owner: {name: P}}, {name: clerks, owner: {name: C}}]\n',
    'seeds/ports.csv': `id,day\n1,${before ? 'old' : 'new'}\n`,
    'seeds/flags.csv': 'id,day\n1,x\n',
    'seeds/extra/berths.csv': 'id,day\n1,x\n',
    'seeds/properties.yml': 'seeds: [{name: flags, config: {tags: [nightly]}, columns: [{name: id, data_tests: [unique]}]}]\n',
    'tests/no_ghosts.sql': "select * from {{ ref('dim_1') }} as a join {{ ref('fct_1') }} as b using (id) where false\n",
    'tests/deep/money_adds_up.sql': `{{ config(tags=['slow'], severity='${before ? 'error' : 'warn'}') }}select * from {{ ref('fct_3') }} where false\n`,
    'snapshots/history/ports_then.sql': `{% snapshot ports_then %}{{ config(unique_key='id', strategy='check', check_cols='all', tags=['nightly']) }}
select * from {{ ref('ports') }}{% endsnapshot %}\n`,
    'snapshots/kept.yml': `snapshots:
  - name: dims_then
    relation: ref('dim_1')
    config: {unique_key: id, strategy: check, check_cols: ${before ? '[day]' : 'all'}}
    columns: [{name: id, data_tests: [not_null]}]
`,
    'analyses/who_sails.sql': "select * from {{ ref('dim_1') }} join {{ ref('ports_then') }} using (id)\n",
  };
  for (const model of all) {
    const moved = !before && model.name === 'mid_7';
    const isNew = model.name === 'fct_4';
    if (!(before && isNew)) files[`models/${model.folder}/${moved ? 'moved/' : ''}${model.name}.sql`] = modelText(model, before);
  }
  if (before) files['models/marts/money/fct_gone.sql'] = "select * from {{ ref('dim_1') }}\n";
  for (const { folder } of LAYERS) {
    const known = all.filter(({ name }) => !(before && name === 'fct_4') && name !== 'fct_6');
    files[`models/${folder}/properties.yml`] = properties(folder, known, before);
  }
  for (const [path, text] of Object.entries(tides(before))) files[`dbt_packages/tides/${path}`] = text;
  return files;
}

const ROWS_CAME: Readonly<Record<'before' | 'now', Readonly<Record<string, string>>>> = {
  before: { 'tower.calls': '2024-01-01', 'customs.ships': '2024-01-01' },
  now: { 'tower.calls': '2024-01-02', 'customs.ships': '2024-01-01', 'tower.weather': '2024-01-01' },
};

/** sources.json: when the newest rows of the sources came. */
export const sourcesJson = (version: 'before' | 'now'): string =>
  JSON.stringify({
    metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/sources/v3.json', dbt_version: '1.11.0' },
    elapsed_time: 1,
    results: Object.entries(ROWS_CAME[version]).map(([table, day]) => ({
      unique_id: `source.harbour.${table}`,
      max_loaded_at: `${day}T00:00:00Z`,
      snapshotted_at: '2024-01-15T00:00:00Z',
      max_loaded_at_time_ago_in_s: 1,
      status: 'pass',
      criteria: { warn_after: { count: 1, period: 'day' }, error_after: { count: null, period: null }, filter: null },
      adapter_response: {},
      timing: [],
      thread_id: 'main',
      execution_time: 1,
    })),
  });
