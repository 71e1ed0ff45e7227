// Which entries of manifest.json say the same for two manifests of one target. Nodes and macros that are the same are one object in
// both, see relink().
import type { Manifest } from '../core/manifest.ts';
import type { Node } from '../core/node.ts';

/** Of a member's keys; undefined: nobody looked. */
export function sameEntries(now: Manifest, before: Manifest): (member: string) => ((key: string) => boolean) | undefined {
  const others = [...othersIn(now.nodes, before.nodes), ...othersIn(now.disabled, before.disabled)];
  const changed = new Set<string>(others.map(({ unique_id }) => unique_id));
  // A model's primary key comes from its tests, and who depends on a node is said by others.
  const tested = new Set<string | undefined>(others.flatMap((node) => (node.resource_type === 'test' ? [node.attached_node] : [])));
  const parents = new Set<string>(
    others.flatMap(({ unique_id, depends_on }) => {
      const same = now.nodes.get(unique_id)?.depends_on === before.nodes.get(unique_id)?.depends_on;
      return same ? [] : depends_on;
    }),
  );
  const inOrder = isList(now.nodes.keys(), [...before.nodes.keys()]);
  const sameMacros = isList(now.macros.values(), [...before.macros.values()]);
  return (member) => {
    switch (member) {
      case 'nodes':
      case 'sources':
      case 'exposures':
      case 'unit_tests':
      case 'functions':
        return (key) => !changed.has(key) && !tested.has(key);
      case 'parent_map':
        return (key) => !changed.has(key);
      case 'child_map':
        return (key) => inOrder && !parents.has(key);
      // Of another macro with the name of one that it calls it would call that.
      case 'macros':
        return () => sameMacros;
      default:
        return undefined;
    }
  };
}

/** Nodes of one that are not in the other, from both. */
function othersIn(now: Manifest['nodes'], before: Manifest['nodes']): readonly Node[] {
  const others: Node[] = [];
  let both = 0;
  for (const [id, node] of now) {
    const old = before.get(id);
    if (old) both++;
    if (node !== old) others.push(node, ...(old ? [old] : []));
  }
  if (both < before.size) for (const [id, node] of before) if (!now.has(id)) others.push(node);
  return others;
}

function isList<T>(items: Iterable<T>, list: readonly T[]): boolean {
  let index = 0;
  for (const item of items) if (list[index++] !== item) return false;
  return index === list.length;
}
