// The query protocols: forms with dotted names in, XML out. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
export type Params = { readonly [key: string]: Params | string };

/** 'Tags.Tag.1.Key=a' is { Tags: { Tag: { 1: { Key: 'a' } } } }. */
export function params(body: string): Params {
  const root: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const path = name.split('.');
    const last = path.pop() ?? '';
    let at = root;
    for (const step of path) {
      at[step] ??= {};
      at = at[step] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return root as Params;
}

export const text = (of: Params, name: string): string | undefined => {
  const value = of[name];
  return typeof value === 'string' ? value : undefined;
};

/** The items of a list, whatever word stands between its name and their numbers. */
export function list(of: Params, name: string): readonly (Params | string)[] {
  let value = of[name];
  if (typeof value !== 'object') return [];
  if (!('1' in value)) value = Object.values(value)[0] ?? {};
  return typeof value === 'object' ? Object.values(value) : [];
}

export const texts = (of: Params, name: string): readonly string[] => list(of, name).filter((item) => typeof item === 'string');

export const tagsOf = (of: Params, name: string): Record<string, string> =>
  Object.fromEntries(
    list(of, name).flatMap((item) => (typeof item === 'string' ? [] : [[text(item, 'Key') ?? '', text(item, 'Value') ?? '']])),
  );

type Xml = string | number | boolean | undefined | readonly Xml[] | { readonly [name: string]: Xml };

const escaped = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** `item`: the word around each item of a list that is given as an array. */
export function xml(value: Xml, item: string): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((one: Xml) => `<${item}>${xml(one, item)}</${item}>`).join('');
  if (typeof value !== 'object') return escaped(String(value));
  return Object.entries(value)
    .map(([name, inner]) => (inner === undefined ? '' : `<${name}>${xml(inner, item)}</${name}>`))
    .join('');
}
