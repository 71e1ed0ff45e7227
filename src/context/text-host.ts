// What texts in YAML and profiles see: no macros, no refs.
import type { Host, TemplateValue } from '../template/types.ts';
import { textMakers } from './makers.ts';
import type { TextScope } from './types.ts';
import { envVarFunction, varFunction } from './variables.ts';

/** `secrets`: DBT_ENV_SECRET… may be read (profiles and packages). `more`: names that come before all others. */
export function textHost(
  scope: TextScope,
  { secrets, more = {} }: { readonly secrets?: boolean; readonly more?: Readonly<Record<string, TemplateValue>> } = {},
): Host {
  const value = (name: string): TemplateValue | undefined => {
    if (Object.hasOwn(more, name)) return more[name];
    if (name === 'var') return varFunction(scope, () => host);
    if (name === 'env_var' && secrets) return envVarFunction(scope, true);
    return Object.hasOwn(textMakers, name) ? textMakers[name]?.(scope) : undefined;
  };
  const made = new Map<string, TemplateValue>();
  const host: Host = {
    resolve(name) {
      const known = made.get(name);
      if (known !== undefined) return known;
      const found = value(name);
      if (found !== undefined) made.set(name, found);
      return found;
    },
    names: () => new Set([...Object.keys(textMakers), 'var', ...Object.keys(more)]),
  };
  return host;
}
