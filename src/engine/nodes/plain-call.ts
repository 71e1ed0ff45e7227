// Most arguments of tests that are templates are calls with plain texts: ref('users'), get_where_subquery(ref('users')). They are
// called as they stand; a parser for each of thousands would cost more than all the rest of their tests.
import type { Location } from '../../core/location.ts';
import { callValue } from '../../template/index.ts';
import type { Ask, Callable, Host, TemplateValue } from '../../template/types.ts';

export interface PlainCall {
  readonly name: string;
  readonly args: readonly (string | PlainCall)[];
}

const NAME = /\s*([A-Za-z_]\w*)\s*\(/y;
const TEXT = /\s*(?:'([^'\\\r\n]*)'|"([^"\\\r\n]*)")/y;
const MARK = /\s*([,)])/y;

/** undefined: it is more than that, and the template language's. */
export function plainCall(text: string): PlainCall | undefined {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text) ?? undefined;
    if (found) at = pattern.lastIndex;
    return found;
  };
  const argument = (): string | PlainCall | undefined => {
    const written = take(TEXT);
    return written ? (written[1] ?? written[2]) : call();
  };
  const call = (): PlainCall | undefined => {
    const name = take(NAME)?.[1];
    if (name === undefined) return undefined;
    const args: (string | PlainCall)[] = [];
    for (;;) {
      const next = argument();
      if (next === undefined) return undefined;
      args.push(next);
      const mark = take(MARK)?.[1];
      if (mark === undefined) return undefined;
      if (mark === ')') return { name, args };
    }
  };
  const whole = call();
  return whole && text.slice(at).trim() === '' ? whole : undefined;
}

interface CallPlace {
  readonly at: Location;
  readonly package: string;
}

/** undefined: a name in it means nothing that can be called. */
export function* callPlainly(
  { name, args }: PlainCall,
  host: Host,
  place: CallPlace,
): Generator<Ask, { readonly value: TemplateValue } | undefined, unknown> {
  const callable = asFunction(host.resolve(name, place.package));
  if (!callable) return undefined;
  const values: TemplateValue[] = [];
  for (const one of args) {
    if (typeof one === 'string') values.push(one);
    else {
      const inner = yield* callPlainly(one, host, place);
      if (!inner) return undefined;
      values.push(inner.value);
    }
  }
  return { value: yield* callValue(callable, values, NO_NAMES, { ...place, stack: [] }) };
}

const NO_NAMES: ReadonlyMap<string, TemplateValue> = new Map();

const asFunction = (value: TemplateValue | undefined): Callable | undefined =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'function' ? value : undefined;
