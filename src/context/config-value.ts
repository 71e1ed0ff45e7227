// `config`: called at the top of a file to set keys, and asked later for what they came to.
// https://docs.getdbt.com/reference/dbt-jinja-functions/config
import { isMapping } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import { fromTemplate, repr, toTemplate } from '../template/index.ts';
import type { HostObject, TemplateValue } from '../template/types.ts';
import { hostFunction, hostObject, type Kwargs, problemError } from './values.ts';

const settingsOf = (positional: readonly TemplateValue[], named: Kwargs): Record<string, unknown> => {
  const settings: Record<string, unknown> = {};
  const [first] = positional;
  if (first !== undefined && !(first instanceof Map)) {
    throw problemError({
      code: 'template-arguments',
      message: `config() takes settings by name, and got ${repr(first)}`,
      hint: "For example: config(materialized='table')",
    });
  }
  if (positional.length > 1) {
    throw problemError({
      code: 'template-arguments',
      message: `config() takes one mapping, and got ${positional.length}`,
      hint: 'Put all settings into one, or give them by name.',
    });
  }
  if (first instanceof Map) for (const [key, value] of first) settings[String(key)] = fromTemplate(value);
  for (const [key, value] of named) settings[key.replace(/^(pre|post)_hook$/, '$1-hook')] = fromTemplate(value);
  return settings;
};

/** `read` answers a key from the merged config; `record` takes the settings of a call, and does nothing when running. */
export function configValue(
  read: (key: string) => unknown,
  record: (settings: Record<string, unknown>) => void,
  keys: () => Iterable<string>,
): HostObject {
  const lookup = (key: string): unknown => read(key) ?? read(key.replace(/^(pre|post)_hook$/, '$1-hook'));
  const required = (key: string, found: unknown): unknown => {
    if (found !== undefined && found !== null) return found;
    const near = nearestName(key, keys());
    throw problemError({
      code: 'config-missing',
      message: `the config '${key}' is required and not set`,
      ...(near && { hint: `Did you mean '${near}'?` }),
    });
  };
  const meta = (key: string): unknown => {
    const values = read('meta');
    return isMapping(values) ? values[key] : undefined;
  };
  return hostObject(
    'config',
    {
      get: hostFunction('get', (args) => {
        const found = lookup(args.needText(0, 'name'));
        return found === undefined || found === null ? (args.get(1, 'default') ?? null) : toTemplate(found);
      }),
      require: hostFunction('require', (args) => {
        const key = args.needText(0, 'name');
        return toTemplate(required(key, lookup(key)));
      }),
      set: hostFunction('set', (args) => {
        record({ [args.needText(0, 'name')]: fromTemplate(args.need(1, 'value')) });
        return '';
      }),
      meta_get: hostFunction('meta_get', (args) => {
        const found = meta(args.needText(0, 'name'));
        return found === undefined || found === null ? (args.get(1, 'default') ?? null) : toTemplate(found);
      }),
      meta_require: hostFunction('meta_require', (args) => {
        const key = args.needText(0, 'name');
        return toTemplate(required(`meta.${key}`, meta(key)));
      }),
      persist_relation_docs: hostFunction('persist_relation_docs', () => {
        const docs = read('persist_docs');
        return isMapping(docs) && docs.relation === true;
      }),
      persist_column_docs: hostFunction('persist_column_docs', () => {
        const docs = read('persist_docs');
        return isMapping(docs) && docs.columns === true;
      }),
    },
    {
      call: (args, named) => {
        record(settingsOf(args, named));
        return '';
      },
    },
  );
}
