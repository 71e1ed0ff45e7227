// `state:`: nodes against those of an earlier manifest.json, dbt's or ours. What counts as a change of which kind of node is
// dbt's choice. Configs are compared by what they come to, but where both are the same template in the project file: what another
// target makes of it is no change.
// https://docs.getdbt.com/reference/node-selection/state-comparison-caveats
import { isMapping } from '../core/config-reader.ts';
import type { MacroEntry, Node } from '../core/node.ts';
import type { Json, Past } from './past.ts';

/** Does a node, as it is and as it was (undefined: it was not there), fit? */
type Fits = (now: Json, before: Json | undefined, node: Node) => boolean;

/** Of macros that come with the program, another version is no change of the project. */
const BUILTIN = new Set(['dbt', 'dbt_duckdb', 'dbt_postgres', 'dbt_redshift']);

/** They come with each node's config, or are compared elsewhere, or not at all. */
const NOT_COMPARED = new Set(['tags', 'meta', 'group', 'schema', 'database', 'alias', 'description', 'name']);

/** What a config holds where nobody has set it, in dbt's manifest or in ours. */
const UNSET: Readonly<Record<string, unknown>> = {
  enabled: true,
  access: 'protected',
  docs: { show: true, node_color: null },
  contract: { enforced: false, alias_types: true },
  on_schema_change: 'ignore',
  on_configuration_change: 'apply',
  lookback: 1,
  severity: 'ERROR',
  fail_calc: 'count(*)',
  warn_if: '!= 0',
  error_if: '!= 0',
  delimiter: ',',
};

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (Array.isArray(value) && value.length === 0) ||
  (isMapping(value) && Object.values(value).every(isEmpty));

/** As text that is equal when the values are: keys in order, and nothing that is empty. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    isMapping(item)
      ? Object.fromEntries(
          Object.entries(item)
            .filter(([, one]) => !isEmpty(one))
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : item,
  ) ?? '';

const isSame = (one: unknown, other: unknown): boolean =>
  one === other || (isEmpty(one) && isEmpty(other)) || canonical(one) === canonical(other);
const sameAt =
  (...keys: readonly string[]): ((now: Json, before: Json) => boolean) =>
  (now, before) =>
    keys.every((key) => isSame(now[key], before[key]));

const configOf = (node: Json): Json => (isMapping(node.config) ? node.config : {});

function sameConfig(now: Json, before: Json): boolean {
  const [one, other] = [configOf(now), configOf(before)];
  const setting = (config: Json, key: string): unknown => {
    const value = config[key] ?? UNSET[key];
    return key === 'severity' ? String(value).toUpperCase() : isSame(value, UNSET[key]) ? undefined : value;
  };
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every(
    (key) => NOT_COMPARED.has(key) || sameTemplate(now, before, key) || isSame(setting(one, key), setting(other, key)),
  );
}

function sameTemplate(now: Json, before: Json, key: string): boolean {
  const [one, other] = [now, before].map(({ unrendered_config: written }) => (isMapping(written) ? written[key] : undefined));
  const isTemplate = /\{[{%]/.test(canonical(one));
  return isTemplate && isSame(one, other);
}

/** What dbt keeps of a file has the line ends of that file. */
const trimmed = (value: unknown): string =>
  String(value ?? '')
    .replaceAll('\r\n', '\n')
    .trim();

function sameBody(now: Json, before: Json): boolean {
  if (now.resource_type !== 'seed') return trimmed(now.raw_code) === trimmed(before.raw_code);
  // Of a large seed dbt keeps its path only, which says nothing of what is in it.
  const [one, other] = [now.checksum, before.checksum];
  return isMapping(one) && isMapping(other) && (other.name === 'path' || one.checksum === other.checksum);
}

function sameDescriptions(now: Json, before: Json): boolean {
  const { persist_docs: persisted } = configOf(now);
  if (!isMapping(persisted)) return true;
  const ofColumns = ({ columns }: Json): Json =>
    isMapping(columns)
      ? Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, isMapping(column) ? column.description : '']))
      : {};
  return (
    (persisted.relation !== true || isSame(now.description ?? '', before.description ?? '')) &&
    (persisted.columns !== true || isSame(ofColumns(now), ofColumns(before)))
  );
}

/** As configured, not as it comes out: another target is no change. */
const sameRelation = (now: Json, before: Json): boolean =>
  now.resource_type === 'source'
    ? sameAt('schema', 'identifier')(now, before) && (isEmpty(now.database) || isEmpty(before.database) || now.database === before.database)
    : now.resource_type === 'test' ||
      ['schema', 'database', 'alias'].every((key) => sameTemplate(now, before, key) || isSame(configOf(now)[key], configOf(before)[key]));

function sameContract(now: Json, before: Json): boolean {
  const enforced = (node: Json): boolean => {
    const { contract } = configOf(node);
    return isMapping(contract) && contract.enforced === true;
  };
  if (!enforced(now) && !enforced(before)) return true;
  if (enforced(now) !== enforced(before)) return false;
  const promised = ({ columns, constraints }: Json): unknown => [
    constraints ?? [],
    isMapping(columns)
      ? Object.entries(columns)
          .map(([name, column]) => [name, isMapping(column) ? [column.data_type ?? null, column.constraints ?? []] : []])
          .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
      : [],
  ];
  return isSame(promised(now), promised(before));
}

const nodesBelow = ({ depends_on }: Json): unknown =>
  isMapping(depends_on) && Array.isArray(depends_on.nodes) ? [...depends_on.nodes].sort() : [];

/** Whatever a full `state:modified` looks at, but macros. */
function sameContents(now: Json, before: Json | undefined): boolean {
  switch (now.resource_type) {
    case 'source':
      return (
        before === undefined ||
        (sameRelation(now, before) && sameConfig(now, before) && sameAt('fqn', 'freshness', 'loaded_at_field', 'external')(now, before))
      );
    case 'exposure':
      return (
        before === undefined ||
        (sameAt('fqn', 'type', 'maturity', 'url', 'description', 'label', 'owner')(now, before) &&
          isSame(nodesBelow(now), nodesBelow(before)) &&
          sameConfig(now, before))
      );
    case 'unit_test':
      return before !== undefined && now.checksum === before.checksum;
    default:
      if (before === undefined) return false;
      if (now.test_metadata !== undefined) return sameConfig(now, before) && sameAt('fqn')(now, before);
      return (
        sameBody(now, before) &&
        sameConfig(now, before) &&
        sameDescriptions(now, before) &&
        sameRelation(now, before) &&
        sameContract(now, before) &&
        sameAt('fqn', 'latest_version', 'deprecation_date', 'arguments', 'returns')(now, before) &&
        (now.access ?? 'protected') === (before.access ?? 'protected')
      );
  }
}

const NO_BODY = new Set<unknown>(['source', 'exposure', 'unit_test']);

/** By the word behind `state:`; those of parts also take what is new, where that part can be said of it. */
function comparisons(macroChanged: (node: Node) => boolean): Readonly<Record<string, Fits>> {
  const part =
    (same: (now: Json, before: Json) => boolean, without: ReadonlySet<unknown>): Fits =>
    (now, before) =>
      !without.has(now.resource_type) && (before === undefined || !same(now, before));
  const modified: Fits = (now, before, node) => !sameContents(now, before) || macroChanged(node);
  return {
    new: (_, before) => before === undefined,
    old: (_, before) => before !== undefined,
    modified,
    unmodified: (now, before, node) => !modified(now, before, node),
    'modified.body': part(sameBody, NO_BODY),
    'modified.configs': part(sameConfig, new Set(['unit_test'])),
    'modified.persisted_descriptions': part(sameDescriptions, NO_BODY),
    'modified.relation': part(sameRelation, new Set(['exposure', 'unit_test'])),
    'modified.macros': (_now, _before, node) => macroChanged(node),
    'modified.contract': part(sameContract, NO_BODY),
  };
}

export const STATES: readonly string[] = Object.keys(comparisons(() => false));

const section = (manifest: Json, name: string): Json => (isMapping(manifest[name]) ? manifest[name] : {});

export function stateMatcher(state: string, past: Past, macros: ReadonlyMap<string, MacroEntry>): (node: Node) => boolean {
  const manifest = past.manifest();
  const sections = ['nodes', 'sources', 'exposures', 'unit_tests', 'functions'].map((name) => section(manifest, name));
  const fits = comparisons(changedMacros(section(manifest, 'macros'), macros))[state];
  return (node) => {
    const before = sections.map((one) => one[node.unique_id]).find(isMapping);
    return fits?.(past.today(node), before, node) ?? false;
  };
}

/** Does a node call a macro that has changed, or one that calls such a macro? */
function changedMacros(before: Json, macros: ReadonlyMap<string, MacroEntry>): (node: Node) => boolean {
  const own = (id: string): boolean => !BUILTIN.has(id.split('.')[1] ?? '');
  const text = (id: string): string | undefined => {
    const macro = before[id];
    return isMapping(macro) ? trimmed(macro.macro_sql) : undefined;
  };
  const changed = new Set([...macros.keys()].filter((id) => own(id) && text(id) !== trimmed(macros.get(id)?.macro_sql)));
  for (const id of Object.keys(before)) if (own(id) && !macros.has(id)) changed.add(id);
  if (changed.size === 0) return () => false;

  // A macro that is called under a condition was not called while the node was read: its name in the text tells.
  const byName = new Map<string, string[]>();
  for (const { unique_id, name } of macros.values()) byName.set(name, [...(byName.get(name) ?? []), unique_id]);
  const known = new Map<string, boolean>();
  const reaches = (id: string): boolean => {
    const answer = known.get(id);
    if (answer !== undefined) return answer;
    known.set(id, changed.has(id));
    const words = new Set(macros.get(id)?.macro_sql.match(/\w+/g) ?? []);
    const found = changed.has(id) || [...words].some((word) => (byName.get(word) ?? []).some((other) => own(other) && reaches(other)));
    known.set(id, found);
    return found;
  };
  return (node) => node.resource_type !== 'source' && (node.reached_macros ?? node.depends_on_macros).some((id) => reaches(id));
}
