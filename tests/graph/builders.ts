// Small graphs in a few words: model('b', { refs: ['a'] }) as parse would hand it on, and projects made of such nodes.
import fc from 'fast-check';
import type { Location } from '../../src/core/location.ts';
import type { Manifest } from '../../src/core/manifest.ts';
import {
  type GroupEntry,
  type ModelNode,
  type Node,
  type RefCall,
  type SeedNode,
  type SourceNode,
  type TestNode,
  type UnitTestNode,
  uniqueId,
} from '../../src/core/node.ts';
import { type LinkInput, link } from '../../src/graph/link.ts';
import type { Past } from '../../src/graph/past.ts';

export interface Spec {
  /** 'orders', or 'package.orders', or ref with version 'orders:2'. */
  readonly refs?: readonly string[];
  /** 'raw.orders' */
  readonly sources?: readonly string[];
  readonly package?: string;
  /** Of the file, below models/ or where the kind lives. */
  readonly folder?: string;
  readonly file?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
}

const at = (file: string, line: number, column = 1): Location => ({ file, line, column });

function refCall(text: string, file: string, line: number): RefCall {
  const [path = '', version] = text.split(':');
  const parts = path.split('.');
  const name = parts.at(-1) ?? '';
  return {
    name,
    ...(parts.length > 1 && parts[0] !== undefined && { package: parts[0] }),
    ...(version !== undefined && { version: Number(version) }),
    at: at(file, line, 3),
  };
}

const rootFolders = { model: 'models', seed: 'seeds', test: 'data-tests', source: 'models', analysis: 'analyses' } as const;

function base(kind: keyof typeof rootFolders, name: string, spec: Spec, extension: string) {
  const pkg = spec.package ?? 'shop';
  const folders = spec.folder === undefined ? [] : spec.folder.split('/');
  const path = [...folders, `${name}.${extension}`].join('/');
  const original_file_path = spec.file ?? `${rootFolders[kind]}/${path}`;
  const file = pkg === 'shop' ? original_file_path : `dbt_packages/${pkg}/${original_file_path}`;
  return {
    unique_id: uniqueId(kind, pkg, name),
    name,
    package_name: pkg,
    path,
    original_file_path,
    fqn: [pkg, ...folders, name],
    at: at(file, 1),
    description: '',
    config: spec.config ?? {},
    tags: spec.tags ?? [],
    meta: {},
    columns: [],
    checksum: '',
    refs: (spec.refs ?? []).map((text, index) => refCall(text, file, index + 2)),
    sources: (spec.sources ?? []).map((text, index) => {
      const [source = '', table = ''] = text.split('.');
      return { source, table, at: at(file, index + 2, 3) };
    }),
    depends_on_macros: [],
    depends_on: [],
  };
}

export const model = (
  name: string,
  spec: Spec & { materialized?: string; alias?: string; version?: number; latest?: number } = {},
): ModelNode => {
  const node = base('model', name, spec, 'sql');
  const alias = spec.alias ?? (spec.version === undefined ? name : `${name}_v${spec.version}`);
  return {
    ...node,
    ...(spec.version !== undefined && {
      unique_id: uniqueId('model', node.package_name, name, `v${spec.version}`),
      fqn: [...node.fqn, `v${spec.version}`],
    }),
    resource_type: 'model',
    materialized: spec.materialized ?? 'table',
    alias,
    relation: { schema: 'analytics', identifier: spec.package === undefined ? alias : `${spec.package}__${alias}` },
    raw_code: 'select 1',
    pre_hooks: [],
    post_hooks: [],
    extra: { ...(spec.version !== undefined && { version: spec.version, latest_version: spec.latest ?? spec.version }) },
  };
};

export const seed = (name: string, spec: Spec & { alias?: string } = {}): SeedNode => ({
  ...base('seed', name, spec, 'csv'),
  resource_type: 'seed',
  materialized: 'seed',
  alias: spec.alias ?? name,
  relation: { schema: 'analytics', identifier: spec.alias ?? name },
  pre_hooks: [],
  post_hooks: [],
});

/** 'raw.orders' */
export const source = (text: string, spec: Spec & { load?: boolean; identifier?: string } = {}): SourceNode => {
  const [name = '', table = ''] = text.split('.');
  const node = base('source', table, { file: 'models/sources.yml', ...spec }, 'yml');
  return {
    ...node,
    unique_id: uniqueId('source', node.package_name, name, table),
    fqn: [node.package_name, name, table],
    resource_type: 'source',
    source_name: name,
    source_description: '',
    loader: '',
    relation: { schema: name, identifier: spec.identifier ?? table },
    ...(spec.load && {
      load: {
        from: 'data/',
        format: 'json',
        jsonpaths: 'auto',
        mode: 'append',
        on_error: 'abort',
        on_change: 'error',
        truncate_columns: false,
        allow_empty: false,
        options: {},
        at: node.at,
      },
    }),
  };
};

/** A generic test, declared by the properties of `on` ('orders', or the source 'raw.orders'). */
export const unitTest = (name: string, of: string): UnitTestNode => ({
  ...base('model', name, { file: 'models/units.yml', refs: [of] }, 'yml'),
  unique_id: uniqueId('unit_test', 'shop', of, name),
  fqn: ['shop', of, name],
  resource_type: 'unit_test',
  model: of,
  schema: 'analytics',
  given: [],
  expect: { format: 'dict', fixture: null, rows: [], at: at('models/units.yml', 1), rowsAt: [] },
});

export const dataTest = (name: string, spec: Spec & { on?: string; kind?: TestNode['test_kind']; test?: string } = {}): TestNode => {
  const onSource = spec.on?.includes('.');
  const [first = '', second = ''] = (spec.on ?? '').split('.');
  const kind = spec.kind ?? (spec.on === undefined ? 'singular' : 'generic');
  return {
    ...base(
      'test',
      name,
      {
        ...(kind === 'generic' && { file: 'models/schema.yml' }),
        ...spec,
        ...(spec.on !== undefined && !onSource && { refs: [...(spec.refs ?? []), spec.on] }),
        ...(onSource && spec.on !== undefined && { sources: [...(spec.sources ?? []), spec.on] }),
      },
      'sql',
    ),
    resource_type: 'test',
    test_kind: kind,
    alias: name,
    relation: { schema: 'audit', identifier: name },
    raw_code: 'select 1',
    ...(kind === 'generic' && { test_metadata: { name: spec.test ?? 'unique', kwargs: {} } }),
    ...(spec.on !== undefined && {
      attached_to: onSource ? { kind: 'source', source: first, table: second } : { kind: 'node', name: spec.on },
    }),
  };
};

export const project = (nodes: readonly Node[], more: Partial<LinkInput> = {}): LinkInput => ({
  project_name: 'shop',
  adapter_type: 'duckdb',
  packageOrder: ['shop', ...[...new Set(nodes.map((node) => node.package_name))].filter((name) => name !== 'shop')],
  ownPackageFirst: false,
  nodes,
  disabled: [],
  macros: new Map(),
  docs: new Map(),
  groups: [],
  restricted: [],
  selectors: {},
  warnings: [],
  ...more,
});

export const linked = (nodes: readonly Node[], more: Partial<LinkInput> = {}): Manifest => link(project(nodes, more));

/** m0 ← m1 ← … */
export const chain = (length: number): readonly ModelNode[] =>
  Array.from({ length }, (_, index) => model(`m${index}`, index === 0 ? {} : { refs: [`m${index - 1}`] }));

/** `width` models in each of `layers`, each with up to three parents in the layer before. */
export const layers = (count: number, width: number): readonly ModelNode[] =>
  Array.from({ length: count * width }, (_, index) => {
    const layer = Math.floor(index / width);
    const parents = layer === 0 ? [] : [0, 7, 31].map((step) => `m${(layer - 1) * width + ((index + step) % width)}`);
    return model(`m${index}`, { refs: [...new Set(parents)] });
  });

/** A random graph: models (some ephemeral), sources (some loaded), seeds, and tests on one to three of them. Order of nodes is random. */
export const anyProject: fc.Arbitrary<readonly Node[]> = fc
  .record({
    sources: fc.array(fc.boolean(), { maxLength: 3 }),
    seeds: fc.integer({ min: 0, max: 2 }),
    models: fc.array(
      fc.record({
        parents: fc.array(fc.nat(1000), { maxLength: 3 }),
        kind: fc.constantFrom('table', 'table', 'view', 'incremental', 'ephemeral'),
        tags: fc.subarray(['daily', 'core']),
        folder: fc.constantFrom('staging', 'star', 'star/dims'),
        publish: fc.constantFrom(undefined, undefined, undefined, 'always'),
      }),
      { minLength: 1, maxLength: 12 },
    ),
    tests: fc.array(fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }), { maxLength: 10 }),
    unitTests: fc.array(fc.nat(1000), { maxLength: 4 }),
    shuffle: fc.infiniteStream(fc.nat(1_000_000)),
  })
  .map(({ sources, seeds, models, tests, unitTests, shuffle }) => {
    const nodes: Node[] = [];
    const refs: { readonly ref?: string; readonly source?: string }[] = [];
    const pick = (numbers: readonly number[]) => numbers.flatMap((number) => (refs.length === 0 ? [] : [refs[number % refs.length] ?? {}]));
    const calls = (numbers: readonly number[]): Pick<Spec, 'refs' | 'sources'> => ({
      refs: [...new Set(pick(numbers).flatMap(({ ref }) => (ref === undefined ? [] : [ref])))],
      sources: [...new Set(pick(numbers).flatMap(({ source: name }) => (name === undefined ? [] : [name])))],
    });
    for (const [index, load] of sources.entries()) {
      nodes.push(source(`raw.s${index}`, { load }));
      refs.push({ source: `raw.s${index}` });
    }
    for (let index = 0; index < seeds; index++) {
      nodes.push(seed(`seed${index}`));
      refs.push({ ref: `seed${index}` });
    }
    for (const [index, { parents, kind, tags, folder, publish }] of models.entries()) {
      nodes.push(
        model(`m${index}`, {
          ...calls(parents),
          materialized: kind,
          tags,
          folder,
          config: { materialized: kind, ...(publish && { publish }) },
        }),
      );
      refs.push({ ref: `m${index}` });
    }
    for (const [index, on] of tests.entries()) nodes.push(dataTest(`t${index}`, calls(on)));
    for (const [index, on] of unitTests.entries()) nodes.push(unitTest(`u${index}`, `m${on % models.length}`));
    const keyed = nodes.map((node) => ({ node, key: shuffle.next().value ?? 0 }));
    return keyed.sort((a, b) => a.key - b.key).map(({ node }) => node);
  });

export const group = (name: string): GroupEntry => ({
  unique_id: `group.shop.${name}`,
  name,
  package_name: 'shop',
  path: 'groups.yml',
  original_file_path: 'models/groups.yml',
  owner: { name: 'Ann', email: null },
  description: null,
  config: {},
  at: at('models/groups.yml', 2, 5),
});

const nothing = (): never => {
  throw new Error('nothing is known of the past');
};
export const noPast: Past = { manifest: nothing, today: nothing, results: nothing, freshness: nothing, changedSince: nothing };
