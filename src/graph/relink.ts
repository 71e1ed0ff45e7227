// What link would make, from what it made of the parse before: most edits change texts only, which link does not look at.
import { isSame } from '../core/is-same.ts';
import type { Manifest } from '../core/manifest.ts';
import type { Node } from '../core/node.ts';
import type { Before } from '../project/index.ts';
import type { LinkInput } from './link.ts';

/** undefined: something that link looks at is otherwise. Nodes that are as they were are those of `before`. */
export function relink(
  project: Pick<LinkInput, 'nodes' | 'disabled' | 'macros' | 'warnings'>,
  before: Before | undefined,
): Manifest | undefined {
  if (!before?.manifest || !before.sameNames) return undefined;
  // A warning says where a call stands.
  if (before.manifest.warnings.length > project.warnings.length) return undefined;
  const nodes = replaced(project.nodes, before.manifest.nodes);
  const disabled = nodes && replaced(project.disabled, before.manifest.disabled);
  return disabled && { ...before.manifest, nodes, disabled, macros: project.macros };
}

function replaced(nodes: readonly Node[], before: Manifest['nodes']): Manifest['nodes'] | undefined {
  if (nodes.length !== before.size || new Set(nodes.map(({ unique_id }) => unique_id)).size !== before.size) return undefined;
  const found = new Map(before);
  for (const node of nodes) {
    const old = before.get(node.unique_id);
    if (node === old) continue;
    const made = old && relinked(node, old);
    if (!made) return undefined;
    found.set(node.unique_id, made);
  }
  return found;
}

/** What link adds. */
const ADDED = new Set(['depends_on', 'attached_node', 'group']);
/** What it does not look at, but for what calls name. */
const TEXTS = new Set(['raw_code', 'checksum', 'refs', 'sources', 'functions']);

function relinked(node: Node, old: Node): Node | undefined {
  const [now, then] = [node as unknown as Fields, old as unknown as Fields];
  const keys = Object.keys(now).filter((key) => !ADDED.has(key));
  const others = Object.keys(then).filter((key) => !ADDED.has(key));
  if (!isSame(keys, others) || keys.some((key) => !TEXTS.has(key) && !isSame(now[key], then[key])) || !isSame(named(node), named(old)))
    return undefined;
  if (keys.every((key) => !TEXTS.has(key) || isSame(now[key], then[key]))) return old;
  const { depends_on } = old;
  if (node.resource_type !== 'test' || old.resource_type !== 'test') return { ...node, depends_on };
  return { ...node, attached_node: old.attached_node, ...(node.group !== old.group && { group: old.group }), depends_on };
}

type Fields = Readonly<Record<string, unknown>>;

const named = ({ refs, sources, functions = [] }: Node): unknown => [
  refs.map(({ name, package: of, version }) => [name, of, version]),
  sources.map(({ source, table }) => [source, table]),
  functions.map(({ function: name, package: of }) => [name, of]),
];
