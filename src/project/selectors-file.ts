// selectors.yml: named selections, as read, their templates rendered; the graph gives them their meaning.
// https://docs.getdbt.com/reference/node-selection/yaml-selectors
import { isMapping } from '../core/config-reader.ts';
import { fail, type Problem } from '../core/problem.ts';
import type { Host } from '../template/types.ts';
import { renderAll } from './render-text.ts';
import type { SourceFile } from './types.ts';
import { readYaml } from './yaml.ts';

/** By name: {name, description?, default?, definition}. Throws DwhError; mistakes of templates are added to `problems`. */
export function readSelectors(
  source: SourceFile | undefined,
  host: Host,
  packageName: string,
  problems: Problem[],
): Readonly<Record<string, unknown>> {
  if (!source) return {};
  const yaml = readYaml(source.text(), source.file, problems);
  const list = isMapping(yaml.value) ? yaml.value.selectors : undefined;
  if (yaml.value === undefined || yaml.value === null) return {};
  if (!Array.isArray(list))
    return fail({
      code: 'selectors-invalid',
      message: `${source.file} should hold a list under 'selectors:'`,
      at: yaml.locate([]),
      hint: 'For example:  selectors: [{name: nightly, definition: "tag:nightly"}]',
    });
  const place = { file: source.file, package: packageName, locate: yaml.locateValue };
  return Object.fromEntries(
    list.map((item: unknown, index): [string, unknown] => {
      const path = ['selectors', index];
      if (isMapping(item) && typeof item.name === 'string' && item.definition !== undefined)
        return [item.name, renderAll(item, host, place, problems, path)];
      return fail({ code: 'selectors-invalid', message: 'a selector needs a name and a definition', at: yaml.locate(path) });
    }),
  );
}
