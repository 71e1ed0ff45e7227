// The arguments of a generic test, rendered: what its macro receives. Parsing records what they refer to; a run needs their
// values.
import { isMapping } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import { renderValue, toTemplate } from '../template/index.ts';
import type { Host, TemplateValue } from '../template/types.ts';
import { hasJinja } from './render-text.ts';

/** The name under which a generic test's raw_code finds its arguments. */
export const KWARGS_NAME = '_dbt_generic_test_kwargs';

/** A text that is nothing but such a call is rendered as if it stood in braces: `to: ref('orders')`. */
export const isCall = (text: string): boolean => /^\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*$/.test(text);

export function renderKwargs(
  kwargs: Readonly<Record<string, unknown>>,
  host: Host,
  place: { readonly file: string; readonly package: string; readonly at: Location },
): Map<TemplateValue, TemplateValue> {
  const render = (value: unknown): TemplateValue => {
    if (typeof value === 'string') {
      const text = isCall(value) ? `{{ ${value} }}` : value;
      return hasJinja(text) ? renderValue(text, place, host) : text;
    }
    if (Array.isArray(value)) return value.map(render);
    if (isMapping(value)) return new Map(Object.entries(value).map(([key, item]): [TemplateValue, TemplateValue] => [key, render(item)]));
    return toTemplate(value);
  };
  return new Map(
    // A column's name is never a template.
    Object.entries(kwargs).map(([key, value]): [TemplateValue, TemplateValue] => [
      key,
      key === 'column_name' ? toTemplate(value) : render(value),
    ]),
  );
}
