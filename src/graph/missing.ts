// What to say of a name that leads nowhere: the problem, and the name that was probably meant.
import { locationText } from '../core/location.ts';
import { nearestName } from '../core/nearest.ts';
import type { FunctionCall, Node, RefCall, SourceCall } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import { compareVersions, versionOf } from '../core/versions.ts';
import { isRefable } from './resolve.ts';

export interface Missing {
  readonly ref: (call: RefCall, disabled: Node | undefined) => Problem;
  readonly source: (call: SourceCall, disabled: Node | undefined) => Problem;
  readonly function: (call: FunctionCall, disabled: Node | undefined) => Problem;
}

/** Comparing with every name takes time: after so many names the rest go without a suggestion. */
const maxSuggestions = 100;

const refText = (call: Pick<RefCall, 'name' | 'package' | 'version'>): string =>
  `ref(${call.package === undefined ? '' : `'${call.package}', `}'${call.name}'${call.version === undefined ? '' : `, v=${call.version}`})`;

const disabledHint = (node: Node): string => `Enable it (${locationText(node.at)}), or take the reference out`;

/** `passedOver`: what the project has, and dwh makes no node of. */
export function missingNames(packages: readonly string[], nodes: readonly Node[], passedOver: readonly Problem[] = []): Missing {
  // Made when the first name is missing.
  let index:
    | { readonly refs: ReadonlyMap<string, readonly Node[]>; readonly sources: ReadonlyMap<string, ReadonlySet<string>> }
    | undefined;
  const known = () => {
    index ??= { refs: refsByName(nodes), sources: tablesBySource(nodes) };
    return index;
  };
  const hints = new Map<string, string | undefined>();
  const remembered = (key: string, suggest: () => string | undefined): string | undefined => {
    if (!hints.has(key) && hints.size < maxSuggestions) hints.set(key, suggest());
    return hints.get(key);
  };

  const suggestRef = (call: RefCall): string | undefined => {
    const { refs, sources } = known();
    const python = passedOver.find(({ code, at }) => code === 'not-supported-yet' && at?.file.endsWith(`/${call.name}.py`));
    if (python?.at) return `${python.at.file} is a Python model, which dwh does not run: write it in SQL, or make a source of its table`;
    if (call.package !== undefined && !packages.includes(call.package)) {
      const near = nearestName(call.package, packages);
      return `There is no package '${call.package}'; ${near ? `did you mean '${near}'?` : `there are: ${packages.join(', ')}`}`;
    }
    const same = refs.get(call.name) ?? [];
    const versions = same.flatMap((node) => versionOf(node)?.v ?? []).sort(compareVersions);
    if (call.version !== undefined && same.length > 0)
      return versions.length > 0 ? `Its versions are: ${versions.join(', ')}` : 'It has no versions';
    const [latest] = same.flatMap((node) => versionOf(node)?.latest ?? []);
    if (latest !== undefined)
      return `Its latest version is ${latest}, which is not there; name one that is: ref('${call.name}', v=${versions.join(' or ')})`;
    const [elsewhere] = same;
    if (elsewhere) return `Did you mean ref('${elsewhere.package_name}', '${call.name}')?`;
    const source = [...sources].find(([, tables]) => tables.has(call.name))?.[0];
    if (source !== undefined) return `It is a source table: source('${source}', '${call.name}')`;
    const near = nearestName(call.name, refs.keys());
    return near && `Did you mean ref('${near}')?`;
  };

  const suggestSource = (call: SourceCall): string | undefined => {
    const { refs, sources } = known();
    const tables = sources.get(call.source);
    const nearTable = tables && nearestName(call.table, tables);
    if (nearTable) return `Did you mean source('${call.source}', '${nearTable}')?`;
    const nearSource = tables ? undefined : nearestName(call.source, sources.keys());
    if (nearSource) {
      const table = sources.get(nearSource)?.has(call.table) ? call.table : nearestName(call.table, sources.get(nearSource) ?? []);
      return `Did you mean source('${nearSource}', '${table ?? call.table}')?`;
    }
    if (refs.has(call.table)) return `It is a node of this project: ref('${call.table}')`;
    return tables && `The tables of '${call.source}' are: ${[...tables].join(', ')}`;
  };

  return {
    ref: (call, disabled) => {
      if (disabled)
        return {
          code: 'ref-disabled',
          at: call.at,
          message: `${refText(call)} is a ${disabled.resource_type} that is disabled`,
          hint: disabledHint(disabled),
        };
      const hint = remembered(refText(call), () => suggestRef(call)) ?? 'List the names with: dwh ls';
      const where = call.package === undefined ? '' : ` in package '${call.package}'`;
      const what = call.version === undefined ? `'${call.name}'` : `'${call.name}' in version ${call.version}`;
      return {
        code: 'ref-not-found',
        at: call.at,
        message: `${what} was not found: no model, seed or snapshot${where} has this name`,
        hint,
      };
    },
    source: (call, disabled) => {
      const name = `${call.source}.${call.table}`;
      if (disabled) return { code: 'source-disabled', at: call.at, message: `source '${name}' is disabled`, hint: disabledHint(disabled) };
      const hint = remembered(`source ${name}`, () => suggestSource(call)) ?? 'List the sources with: dwh ls --resource-type source';
      const what = known().sources.has(call.source)
        ? `source '${call.source}' has no table '${call.table}'`
        : `no source has the name '${call.source}'`;
      return { code: 'source-not-found', at: call.at, message: `source '${name}' was not found: ${what}`, hint };
    },
    function: (call, disabled) => {
      const name = call.package === undefined ? call.function : `${call.package}.${call.function}`;
      if (disabled)
        return { code: 'function-disabled', at: call.at, message: `function '${name}' is disabled`, hint: disabledHint(disabled) };
      const suggest = (): string | undefined => {
        const there = nodes.filter(({ resource_type }) => resource_type === 'function');
        const near = nearestName(
          call.function,
          there.map((node) => node.name),
        );
        return near && `Did you mean function('${near}')?`;
      };
      const hint = remembered(`function ${name}`, suggest) ?? 'List the functions with: dwh ls --resource-type function';
      return {
        code: 'function-not-found',
        at: call.at,
        message: `function '${name}' was not found: no file of it is in the project`,
        hint,
      };
    },
  };
}

function refsByName(nodes: readonly Node[]): ReadonlyMap<string, readonly Node[]> {
  const refs = new Map<string, Node[]>();
  for (const node of nodes.filter(isRefable)) refs.set(node.name, [...(refs.get(node.name) ?? []), node]);
  return refs;
}

function tablesBySource(nodes: readonly Node[]): ReadonlyMap<string, ReadonlySet<string>> {
  const sources = new Map<string, Set<string>>();
  for (const node of nodes) {
    if (node.resource_type !== 'source') continue;
    const tables = sources.get(node.source_name);
    if (tables) tables.add(node.name);
    else sources.set(node.source_name, new Set([node.name]));
  }
  return sources;
}
