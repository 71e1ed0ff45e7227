// deprecation_date: warnings of a model whose day has come, and of models that refer to one, before and after that day. They
// depend on the clock, and so are no part of what is kept of a parse.
import { epochOf } from '../core/dates.ts';
import { locationText } from '../core/location.ts';
import type { ModelNode, Node } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import { versionOf } from '../core/versions.ts';
import { fitsVersion } from './resolve.ts';

/** `now`: epoch ms. */
export function deprecations(nodes: Iterable<Node>, now: number): readonly Problem[] {
  const dated = new Map<string, { readonly node: ModelNode; readonly past: boolean; readonly day: string }>();
  const all = [...nodes];
  for (const node of all) {
    if (node.resource_type !== 'model' || node.extra.deprecation_date === undefined) continue;
    const epoch = epochOf(node.extra.deprecation_date);
    if (epoch !== undefined) dated.set(node.unique_id, { node, past: epoch < now, day: new Date(epoch).toISOString().slice(0, 10) });
  }
  if (dated.size === 0) return [];
  const gone = [...dated.values()].filter(({ past }) => past).map(({ node, day }) => deprecated(node, day));
  const refs = all.flatMap((from) => {
    if (from.resource_type !== 'model') return [];
    return from.depends_on.flatMap((id) => {
      const found = dated.get(id);
      return found ? [reference(from, found.node, found.day, found.past)] : [];
    });
  });
  return [...gone, ...refs];
}

const shown = (node: Node): string => {
  const version = versionOf(node);
  return version ? `'${node.name}' (version ${version.v})` : `'${node.name}'`;
};

const deprecated = (node: ModelNode, day: string): Problem => ({
  code: 'deprecated-model',
  severity: 'warning',
  at: node.at,
  message: `the model ${shown(node)} is past its deprecation_date, ${day}`,
  hint: 'Take it out, or move the date.',
});

function reference(from: ModelNode, to: ModelNode, day: string, past: boolean): Problem {
  const call = from.refs.find(
    (ref) => ref.name === to.name && (ref.package ?? to.package_name) === to.package_name && fitsVersion(to, ref.version),
  );
  const version = versionOf(to);
  const other =
    version && String(version.v) !== String(version.latest)
      ? `Move to the latest version: ref('${to.name}', v=${version.latest})`
      : `Refer to another model, or ask who owns it (${locationText(to.at)}).`;
  return {
    code: past ? 'deprecated-reference' : 'upcoming-deprecation',
    severity: 'warning',
    at: call?.at ?? from.at,
    message: `'${from.name}' refers to the model ${shown(to)}, which ${past ? `has been deprecated since ${day}` : `will be deprecated on ${day}`}`,
    hint: other,
  };
}
