// What the shell is offered to complete: names, tags, files and the like of the last parse, a part of the parse cache of its own,
// so that an answer needs neither the project nor the rest of the cache.
import { isMapping } from '../core/config-reader.ts';
import type { MacroEntry, Node } from '../core/node.ts';
import { readCache } from './cache-file.ts';

/** Lists of texts, sorted, each text once. */
export interface KnownNames {
  /** What stands alone in a selection: models, seeds, snapshots, tests that are files, unit tests. */
  readonly nodes: readonly string[];
  /** 'raw', 'raw.orders' */
  readonly sources: readonly string[];
  readonly tests: readonly string[];
  readonly exposures: readonly string[];
  readonly tags: readonly string[];
  readonly groups: readonly string[];
  readonly packages: readonly string[];
  readonly files: readonly string[];
  readonly materialized: readonly string[];
  readonly selectors: readonly string[];
  readonly macros: readonly string[];
}

export const NAMES_SECTION = 'names';

const sorted = (texts: Iterable<unknown>): readonly string[] =>
  [...new Set(texts)].filter((text): text is string => typeof text === 'string' && text !== '').sort();

interface Found {
  readonly nodes: readonly Node[];
  readonly macros: readonly MacroEntry[];
  readonly selectors: Readonly<Record<string, unknown>>;
}

export function namesOf({ nodes, macros, selectors }: Found): KnownNames {
  const named = nodes.filter((node) => node.resource_type !== 'operation');
  const of = (...types: readonly Node['resource_type'][]): readonly Node[] => named.filter((node) => types.includes(node.resource_type));
  const isGeneric = (node: Node): boolean => node.resource_type === 'test' && node.test_kind === 'generic';
  return {
    nodes: sorted(
      named.flatMap((node) => (node.resource_type === 'source' || node.resource_type === 'exposure' || isGeneric(node) ? [] : [node.name])),
    ),
    sources: sorted(
      named.flatMap((node) => (node.resource_type === 'source' ? [node.source_name, `${node.source_name}.${node.name}`] : [])),
    ),
    tests: sorted(
      of('test')
        .filter((node) => !isGeneric(node))
        .map(({ name }) => name),
    ),
    exposures: sorted(of('exposure').map(({ name }) => name)),
    tags: sorted(named.flatMap(({ tags }) => tags)),
    groups: sorted(named.map(({ config }) => config.group)),
    packages: sorted(named.map((node) => node.package_name)),
    files: sorted(named.map((node) => node.original_file_path)),
    materialized: sorted(named.map(({ config }) => config.materialized)),
    selectors: sorted(Object.keys(selectors)),
    macros: sorted(macros.filter(({ unique_id }) => !unique_id.startsWith('macro.dbt.')).map(({ name }) => name)),
  };
}

export const packNames = (names: KnownNames): Uint8Array => Buffer.from(JSON.stringify(names));

/** Of the last parse whose cache lies in `targetPath`; undefined: there is none, or it is damaged. */
export function knownNames(targetPath: string): KnownNames | undefined {
  const { whole, edits } = readCache(targetPath, { files: false });
  // Edits have them where they are others.
  const bytes = edits?.section(NAMES_SECTION) ?? whole?.section(NAMES_SECTION);
  if (!bytes) return undefined;
  const names: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  return isMapping(names) ? (names as unknown as KnownNames) : undefined;
}
