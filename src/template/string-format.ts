// Python's str.format(): '{} {name!r:>8} {0[key].part}'. Members are looked up by the caller's rules, so nothing else is reachable.
import { argumentError, valueError } from './errors.ts';
import { formatValue } from './format-spec.ts';
import { checkTextLength } from './limits.ts';
import type { Kwargs } from './natives.ts';
import type { TemplateValue } from './types.ts';
import { repr, text } from './values.ts';

export interface Lookups {
  attribute(value: TemplateValue, name: string): TemplateValue;
  item(value: TemplateValue, key: TemplateValue): TemplateValue;
}

export function formatText(
  format: string,
  args: readonly TemplateValue[],
  named: Kwargs,
  lookups: Lookups,
  depth = 0,
  counter = { next: 0 },
): string {
  let result = '';
  let at = 0;
  while (at < format.length) {
    const char = format[at];
    if (char !== '{' && char !== '}') {
      const next = format.slice(at).search(/[{}]/);
      const end = next < 0 ? format.length : at + next;
      result += format.slice(at, end);
      at = end;
    } else if (format[at + 1] === char) {
      result += char;
      at += 2;
    } else if (char === '}') {
      throw valueError("format(): a single '}' in the text", "Write '}}' for a brace.");
    } else {
      const end = closing(format, at);
      result += field(format.slice(at + 1, end));
      at = end + 1;
    }
    checkTextLength(result.length);
  }
  return result;

  function field(body: string): string {
    const [, path = '', conversion, spec = ''] = /^([^!:[]*(?:\[[^\]]*\][^!:[]*)*)(?:!([a-z]))?(?::(.*))?$/su.exec(body) ?? [];
    if (path + (conversion ? `!${conversion}` : '') + (spec === '' ? '' : `:${spec}`) !== body.replace(/:$/, '')) {
      throw valueError(`format(): '{${body}}' is not a place for a value`);
    }
    const value = valueAt(path);
    const shownAs = conversion === 'r' || conversion === 'a' ? repr(value) : conversion === 's' ? text(value) : value;
    if (conversion !== undefined && !'rsa'.includes(conversion)) throw valueError(`format(): '!${conversion}' is not a conversion`);
    if (spec.includes('{') && depth > 1) throw valueError('format(): places within places go one deep');
    return formatValue(shownAs, spec.includes('{') ? formatText(spec, args, named, lookups, depth + 1, counter) : spec);
  }

  function valueAt(path: string): TemplateValue {
    const [, first = '', rest = ''] = /^([^.[]*)(.*)$/su.exec(path) ?? [];
    let value = argument(first);
    for (const [, name, key] of rest.matchAll(/\.([^.[]+)|\[([^\]]+)\]/gu)) {
      value =
        name === undefined ? lookups.item(value, /^\d+$/.test(key ?? '') ? Number(key) : (key ?? '')) : lookups.attribute(value, name);
    }
    return value;
  }

  function argument(name: string): TemplateValue {
    if (name === '' || /^\d+$/.test(name)) {
      const index = name === '' ? counter.next++ : Number(name);
      const value = args[index];
      if (value === undefined) throw argumentError(`format() has no argument number ${index + 1} for '${format}'`);
      return value;
    }
    const value = named.get(name);
    if (value === undefined) throw argumentError(`format() needs the argument '${name}' for '${format}'`);
    return value;
  }
}

/** The brace that closes the one at `open`. */
function closing(format: string, open: number): number {
  let depth = 0;
  for (let at = open; at < format.length; at++) {
    if (format[at] === '{') depth++;
    else if (format[at] === '}' && --depth === 0) return at;
  }
  throw valueError("format(): a '{' is never closed", "Write '{{' for a brace.");
}
