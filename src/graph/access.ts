// Who may ref() what: a private model only from its own group; a model that is not public not from another package, where its
// own restricts access. https://docs.getdbt.com/docs/mesh/govern/model-access
import { type Location, locationText } from '../core/location.ts';
import { nearestName } from '../core/nearest.ts';
import type { GroupEntry, Node } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';

/** Of a test that is declared at a model: the model's. */
export function groupOf(node: Node): string | undefined {
  const group = node.resource_type === 'test' ? (node.group ?? node.config.group) : node.config.group;
  return typeof group === 'string' && node.resource_type !== 'exposure' ? group : undefined;
}

export const accessOf = (node: Node): unknown => (node.resource_type === 'model' ? (node.extra.access ?? 'protected') : undefined);

const inGroup = (group: string | undefined): string => (group === undefined ? 'is in no group' : `is in the group '${group}'`);
const kindOf = ({ resource_type }: Node): string => resource_type.replace('_', ' ');

/** `at`: where `from` refers to `to`. `restricted`: packages that keep to themselves what is not public. */
export function refusedAccess(from: Node, to: Node, at: Location, restricted: ReadonlySet<string>): Problem | undefined {
  const access = accessOf(to);
  if (access === undefined || access === 'public') return undefined;
  const isForeign = from.package_name !== to.package_name && restricted.has(to.package_name);
  const [group, own] = [groupOf(to), groupOf(from)];
  if (access === 'private' && (own === undefined || own !== group || isForeign)) {
    const why =
      own !== group || own === undefined
        ? `${inGroup(group)}, and the ${kindOf(from)} ${inGroup(own)}`
        : `is of the package '${to.package_name}', which restricts access`;
    return {
      code: 'access-refused',
      at,
      message: `the ${kindOf(from)} '${from.name}' refers to the private model '${to.name}' (${locationText(to.at)}), which ${why}`,
      hint:
        from.resource_type === 'exposure'
          ? `Give '${to.name}' another access: protected or public; an exposure is in no group.`
          : group === undefined
            ? `Put both into one group, or give '${to.name}' another access: protected or public.`
            : `Put '${from.name}' into the group '${group}', or give '${to.name}' another access: protected or public.`,
    };
  }
  if (access !== 'protected' || !isForeign) return undefined;
  return {
    code: 'access-refused',
    at,
    message: `the ${kindOf(from)} '${from.name}' refers to the protected model '${to.name}' (${locationText(to.at)}) of the package '${to.package_name}', which restricts access`,
    hint: `Only its public models are for other packages: give '${to.name}' access: public, or take restrict-access out of its project file.`,
  };
}

/** Groups that nobody defines, and models that cannot be what they say. */
export function accessProblems(nodes: readonly Node[], groups: readonly GroupEntry[]): readonly Problem[] {
  const names = new Set(groups.map(({ name }) => name));
  return [...twice(groups), ...nodes.flatMap((node) => [...unknownGroup(node, names), ...publicEphemeral(node)])];
}

function unknownGroup(node: Node, names: ReadonlySet<string>): readonly Problem[] {
  const { group } = node.config;
  if (typeof group !== 'string' || group === '' || names.has(group)) return [];
  const near = nearestName(group, names);
  const there =
    names.size === 0 ? `Define it:  groups: [{name: ${group}, owner: {name: …}}]` : `There are: ${[...names].sort().join(', ')}`;
  return [
    {
      code: 'group-not-found',
      at: node.at,
      message: `the ${kindOf(node)} '${node.name}' is in the group '${group}', and there is no such group`,
      hint: near ? `Did you mean '${near}'?` : there,
    },
  ];
}

function publicEphemeral(node: Node): readonly Problem[] {
  if (node.resource_type !== 'model' || node.materialized !== 'ephemeral' || accessOf(node) !== 'public') return [];
  return [
    {
      code: 'access-refused',
      at: node.at,
      message: `the model '${node.name}' is ephemeral, and cannot be public: nobody else could read it`,
      hint: 'Materialize it as a view or a table, or give it another access.',
    },
  ];
}

function twice(groups: readonly GroupEntry[]): readonly Problem[] {
  const byId = new Map<string, GroupEntry>();
  return groups.flatMap((group) => {
    const first = byId.get(group.unique_id);
    byId.set(group.unique_id, first ?? group);
    if (!first) return [];
    const places = `${locationText(first.at)} and ${locationText(group.at)}`;
    return [
      {
        code: 'duplicate-name',
        at: group.at,
        message: `two groups have the name '${group.name}': ${places}`,
        hint: 'Rename one of them, or take it out',
      },
    ];
  });
}
