// What a snapshot does with rows that are gone, as `adapter.get_hard_deletes_behavior` tells macros.
import { callNow, text } from '../template/index.ts';
import type { CallSite, TemplateValue } from '../template/types.ts';
import { problemError } from './values.ts';

/** `hard_deletes`, or what the older `invalidate_hard_deletes` stands for. */
export function hardDeletesOf(config: TemplateValue, site: CallSite): string {
  const asked = typeof config === 'object' && config !== null && 'kind' in config && config.kind === 'host' ? config.get('get') : undefined;
  const get = (key: string): TemplateValue => {
    if (config instanceof Map) return config.get(key) ?? null;
    return typeof asked === 'object' && asked !== null && 'kind' in asked && asked.kind === 'function'
      ? callNow(asked, [key], new Map(), site)
      : null;
  };
  const [deletes, older] = [get('hard_deletes'), get('invalidate_hard_deletes')];
  if (deletes === null) return older === true ? 'invalidate' : 'ignore';
  const word = text(deletes);
  if (['ignore', 'invalidate', 'new_record'].includes(word)) return word;
  throw problemError({ code: 'config-value', message: `hard_deletes is '${word}', and may be ignore, invalidate, new_record` });
}
