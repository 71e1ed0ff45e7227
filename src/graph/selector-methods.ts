// `method:value` → nodes: one entry per method of dbt's grammar, and `git`.
// https://docs.getdbt.com/reference/node-selection/methods
import { nearestName } from '../core/nearest.ts';
import type { MacroEntry, Node, UniqueId } from '../core/node.ts';
import { fail } from '../core/problem.ts';
import { compareVersions, versionOf } from '../core/versions.ts';
import { configAt, configMatcher } from './config-selection.ts';
import type { FindByName } from './fqn-selection.ts';
import type { Past } from './past.ts';
import { resourceTypes } from './resource-types.ts';
import type { Term } from './selector-grammar.ts';
import { STATES, stateMatcher } from './state-selection.ts';
import { pathMatcher, textMatcher } from './wildcards.ts';

/** The nodes that can be selected: all but hooks. */
export interface Selectable {
  readonly nodes: readonly Node[];
  readonly projectName: string;
  readonly byName: FindByName;
  readonly macros: ReadonlyMap<string, MacroEntry>;
  readonly past: Past;
}

interface Method {
  readonly find: (term: Term, among: Selectable) => Iterable<UniqueId>;
  /** Values that would find something, for "did you mean". */
  readonly values: (among: Selectable, term: Term) => Iterable<string | undefined>;
}

type Fits = (node: Node) => boolean;

const idsOf = (nodes: readonly Node[]): readonly UniqueId[] => nodes.map((node) => node.unique_id);

/** A method that looks at each node by itself. */
const each = (
  fits: (term: Term, among: Selectable) => Fits,
  values: (node: Node, term: Term) => readonly (string | undefined)[],
): Method => ({
  find: (term, among) => idsOf(among.nodes.filter(fits(term, among))),
  values: (among, term) => among.nodes.flatMap((node) => values(node, term)),
});

const typeOf = (node: Node): string => node.resource_type;
const text = (value: unknown): string | undefined => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);
const extra = (node: Node, key: string): unknown => node.config[key] ?? (node.resource_type === 'model' ? node.extra[key] : undefined);

const group = (node: Node): string | undefined => text(extra(node, 'group'));
const access = (node: Node): string | undefined =>
  node.resource_type === 'model' ? (text(extra(node, 'access')) ?? 'protected') : undefined;
const testName = (node: Node): string | undefined =>
  node.resource_type === 'test' ? node.test_metadata?.name : typeOf(node) === 'unit_test' ? node.name : undefined;

const fileName = (node: Node): string => node.original_file_path.slice(node.original_file_path.lastIndexOf('/') + 1);
const withoutEnding = (name: string): string => name.replace(/(?<=.)\.[^.]*$/, '');
/** Of the node's project, seen from the root project's folder: '' or 'dbt_packages/name/'. */
const folder = ({ at, original_file_path }: Node): string =>
  at.file.endsWith(`/${original_file_path}`) ? at.file.slice(0, -original_file_path.length) : '';

const orUndefined =
  (matches: (text: string) => boolean) =>
  (value: string | undefined): boolean =>
    value !== undefined && matches(value);

const wrongValue = (term: Term, message: string, allowed: readonly string[]): never => {
  const near = nearestName(term.value, allowed);
  return fail({
    code: 'selector-value',
    message: `'${term.raw}': ${message}`,
    hint: near ? `Did you mean '${term.method}:${near}'?` : `Write one of: ${allowed.join(', ')}`,
  });
};

const source = each(
  (term) => {
    const parts = term.value.split('.');
    if (parts.length > 3)
      fail({
        code: 'selector-value',
        message: `'${term.raw}' has too many dots for a source`,
        hint: 'Write source:name, source:name.table or source:package.name.table',
      });
    const [table = '*', name = '*', pkg = '*'] = parts.length === 1 ? ['*', parts[0]] : parts.reverse();
    const [fitsTable, fitsName, fitsPackage] = [textMatcher(table), textMatcher(name), textMatcher(pkg)];
    return (node) =>
      node.resource_type === 'source' && fitsTable(node.name) && fitsName(node.source_name) && fitsPackage(node.package_name);
  },
  (node, term) =>
    node.resource_type === 'source' ? [term.value.includes('.') ? `${node.source_name}.${node.name}` : node.source_name] : [],
);

/** A unit test of a model with versions is also found by its version: name_v2. */
const namesOf = (node: Node): readonly string[] =>
  node.resource_type === 'unit_test' && node.version !== undefined ? [node.name, `${node.name}_v${node.version}`] : [node.name];

/** Kinds that are found by name, or package.name. */
const named = (type: string): Method =>
  each(
    (term) => {
      const parts = term.value.split('.');
      if (parts.length > 2)
        fail({ code: 'selector-value', message: `'${term.raw}' has too many dots`, hint: `Write ${type}:name or ${type}:package.name` });
      const [name = '*', pkg = '*'] = parts.reverse();
      const [fitsName, fitsPackage] = [textMatcher(name), textMatcher(pkg)];
      return (node) => typeOf(node) === type && namesOf(node).some(fitsName) && fitsPackage(node.package_name);
    },
    (node) => (typeOf(node) === type ? [node.name] : []),
  );

const withParents = (path: string): readonly string[] => {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
};

/** The properties file, within the node's project. */
const patchPath = (node: Node): readonly string[] => (node.patch_path === undefined ? [] : [node.patch_path.replace(/^.*?:\/\//, '')]);

/**
 * Paths are seen from the root project's folder. As in dbt, which looks for the paths that exist there and compares them with
 * paths within each project, `models/staging` also takes in the folder `models/staging` of a package.
 */
const path = each(
  (term, among) => {
    const matcher = pathMatcher(term.value);
    const ofRoot = among.nodes.filter((node) => node.package_name === among.projectName);
    const inRoot = new Set(ofRoot.flatMap((node) => [...withParents(node.original_file_path), ...patchPath(node)]).filter(matcher.exact));
    return (node) =>
      matcher.within(folder(node) + node.original_file_path) ||
      patchPath(node).some((patch) => inRoot.has(patch) || matcher.exact(folder(node) + patch)) ||
      (inRoot.size > 0 && withParents(node.original_file_path).some((parent) => inRoot.has(parent)));
  },
  (node) => [folder(node) + node.original_file_path],
);

const file = each(
  (term) => {
    const fits = textMatcher(term.value);
    return (node) => fits(fileName(node)) || fits(withoutEnding(fileName(node)));
  },
  (node) => [fileName(node)],
);

const testKinds: Readonly<Record<string, Fits>> = {
  generic: (node) => node.resource_type === 'test' && node.test_kind === 'generic',
  singular: (node) => node.resource_type === 'test' && node.test_kind === 'singular',
  question: (node) => node.resource_type === 'test' && node.test_kind === 'question',
  data: (node) => node.resource_type === 'test',
  unit: (node) => typeOf(node) === 'unit_test',
};
const oldTestKinds: Readonly<Record<string, string>> = { schema: 'generic' };

const versions: Readonly<Record<string, (node: Node) => boolean>> = {
  latest: (node) => againstLatest(node) === 0,
  prerelease: (node) => againstLatest(node) > 0,
  old: (node) => againstLatest(node) < 0,
  none: (node) => node.resource_type === 'model' && versionOf(node) === undefined,
};

/** Of a model with versions, against its latest; NaN for all else. */
function againstLatest(node: Node): number {
  const version = versionOf(node);
  return version ? compareVersions(version.v, version.latest) : Number.NaN;
}

/** A method with a fixed set of values. */
const oneOf = (cases: Readonly<Record<string, Fits>>, aliases: Readonly<Record<string, string>> = {}): Method =>
  each(
    (term) => {
      const fits = cases[aliases[term.value] ?? term.value];
      return fits ?? wrongValue(term, `there is no ${term.method} '${term.value}'`, Object.keys(cases));
    },
    () => [],
  );

const state: Method = each(
  (term, { past, macros }) => {
    const wanted = [term.value, ...term.arguments].join('.');
    if (!STATES.includes(wanted)) wrongValue(term, `there is no state '${wanted}'`, STATES);
    return stateMatcher(wanted, past, macros);
  },
  () => [],
);

const result: Method = {
  find: (term, { nodes, past }) => {
    const results = past.results();
    return idsOf(nodes.filter(({ unique_id }) => results.get(unique_id) === term.value));
  },
  values: (among) => among.past.results().values(),
};

/** Sources whose newest rows are newer than they were. */
const sourceStatus: Method = {
  find: (term, { nodes, past }) => {
    if (term.value !== 'fresher') wrongValue(term, `there is no source_status '${term.value}'`, ['fresher']);
    const { before, now } = past.freshness();
    const isFresher = ({ unique_id }: Node): boolean =>
      (now.get(unique_id) ?? Number.NaN) > (before.get(unique_id) ?? Number.NEGATIVE_INFINITY);
    return idsOf(nodes.filter(isFresher));
  },
  values: () => [],
};

/** Nodes whose file, properties file or macros have changed since a commit. */
const git: Method = each(
  (term, { past, macros }) => {
    const changed = past.changedSince(term.value);
    const macroFile = (id: string): string => macros.get(id)?.at.file ?? '';
    return (node) =>
      changed.has(node.at.file) ||
      patchPath(node).some((patch) => changed.has(folder(node) + patch)) ||
      (node.reached_macros ?? node.depends_on_macros).some((id) => changed.has(macroFile(id)));
  },
  () => [],
);

const methods: Readonly<Record<string, Method>> = {
  fqn: {
    find: (term, among) => among.byName(term.value),
    values: (among) => among.nodes.flatMap((node) => (typeOf(node) === 'source' ? [] : [node.name])),
  },
  tag: each(
    (term) => {
      const fits = textMatcher(term.value);
      return (node) => node.tags.some(fits);
    },
    (node) => node.tags,
  ),
  group: each(
    (term) => {
      const fits = orUndefined(textMatcher(term.value));
      return (node) => fits(group(node));
    },
    (node) => [group(node)],
  ),
  access: each(
    (term) => (node) => access(node) === term.value,
    (node) => [access(node)],
  ),
  source,
  path,
  file,
  package: each(
    (term, among) => {
      const fits = textMatcher(term.value === 'this' ? among.projectName : term.value);
      return (node) => fits(node.package_name);
    },
    (node) => [node.package_name],
  ),
  config: each(
    (term) => configMatcher(term.arguments, term.value),
    (node, term) => [configAt(node, term.arguments)].flat().map(text),
  ),
  test_name: each(
    (term) => {
      const fits = orUndefined(textMatcher(term.value));
      return (node) => fits(testName(node));
    },
    (node) => [testName(node)],
  ),
  test_type: oneOf(testKinds, oldTestKinds),
  resource_type: each(
    (term) => {
      const types: readonly string[] = resourceTypes(term.value);
      return (node) => types.includes(typeOf(node));
    },
    (node) => [typeOf(node)],
  ),
  version: oneOf(versions),
  exposure: named('exposure'),
  metric: named('metric'),
  semantic_model: named('semantic_model'),
  saved_query: named('saved_query'),
  unit_test: named('unit_test'),
  state,
  result,
  source_status: sourceStatus,
  git,
};

/** The method of a term. Throws DwhError when there is none. */
function methodOf(term: Term): Method {
  const method = methods[term.method];
  if (method) return method;
  const near = nearestName(term.method, Object.keys(methods));
  return fail({
    code: 'selector-method',
    message: `'${term.raw}': there is no selection method '${term.method}'`,
    hint: near ? `Did you mean '${near}:'?` : `The methods are: ${Object.keys(methods).join(', ')}`,
  });
}

export const findNodes = (term: Term, among: Selectable): ReadonlySet<UniqueId> => new Set(methodOf(term).find(term, among));

/** Values of the term's method that would have found something, each once. */
export function knownValues(term: Term, among: Selectable): ReadonlySet<string> {
  const known = new Set<string>();
  for (const value of methodOf(term).values(among, term)) if (value !== undefined) known.add(value);
  return known;
}
