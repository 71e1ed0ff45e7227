// Configs that a node asks for and that are not carried out yet: a contract that nobody holds it to must not look as if
// somebody did. One warning for each key, at the first node that has it.
import { isMapping } from '../core/config-reader.ts';
import type { Node } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';

const ASKS: Readonly<Record<string, (value: Readonly<Record<string, unknown>>) => boolean>> = {
  contract: ({ enforced }) => enforced === true,
};

export function configsWithoutEffect(nodes: readonly Node[]): readonly Problem[] {
  return Object.entries(ASKS).flatMap(([key, asks]) => {
    const asking = nodes.filter(({ config }) => isMapping(config[key]) && asks(config[key]));
    const [first] = asking;
    if (!first) return [];
    const others = asking.length > 1 ? ` and of ${asking.length - 1} more` : '';
    return [
      {
        code: 'not-supported-yet',
        severity: 'warning',
        at: first.at,
        message: `the config '${key}' of '${first.name}'${others} is in the manifest, and has no other effect yet`,
      },
    ];
  });
}
