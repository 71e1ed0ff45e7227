// selectors.yml: named selections, as read; the graph gives them their meaning.
// https://docs.getdbt.com/reference/node-selection/yaml-selectors
import { isMapping } from '../core/config-reader.ts';
import { fail } from '../core/problem.ts';
import type { SourceFile } from './types.ts';
import { readYaml } from './yaml.ts';

/** By name: {name, description?, default?, definition}. Throws DwhError. */
export function readSelectors(source: SourceFile | undefined): Readonly<Record<string, unknown>> {
  if (!source) return {};
  const yaml = readYaml(source.text(), source.file);
  const list = isMapping(yaml.value) ? yaml.value.selectors : undefined;
  if (yaml.value === undefined || yaml.value === null) return {};
  if (!Array.isArray(list))
    return fail({
      code: 'selectors-invalid',
      message: `${source.file} should hold a list under 'selectors:'`,
      at: yaml.locate([]),
      hint: 'For example:  selectors: [{name: nightly, definition: "tag:nightly"}]',
    });
  return Object.fromEntries(
    list.map((item: unknown, index): [string, unknown] => {
      if (isMapping(item) && typeof item.name === 'string' && item.definition !== undefined) return [item.name, item];
      return fail({
        code: 'selectors-invalid',
        message: 'a selector needs a name and a definition',
        at: yaml.locate(['selectors', index]),
      });
    }),
  );
}
