// Names that the language itself defines; a host's names come first.
// https://jinja.palletsprojects.com/en/stable/templates/#list-of-global-functions
import { putAll } from './collection-methods.ts';
import { argumentError } from './errors.ts';
import { natives } from './natives.ts';
import type { Callable, Dict, HostObject, TemplateValue } from './types.ts';
import { repr, text } from './values.ts';
import { range } from './views.ts';

/** `return(value)` on its way to the macro that it leaves. */
export class Returned {
  constructor(readonly value: TemplateValue) {}
}

/** What {% set ns.name = … %} can write to, out of a loop as well. */
export class Namespace implements HostObject {
  readonly kind = 'host';
  readonly typeName = 'namespace';

  constructor(readonly values: Map<string, TemplateValue>) {}

  get(name: string): TemplateValue | undefined {
    return this.values.get(name);
  }

  names(): Iterable<string> {
    return this.values.keys();
  }

  toText(): string {
    return `<Namespace ${repr(this.values)}>`;
  }
}

const method = (name: string, call: () => TemplateValue): Callable => ({ kind: 'function', name, call });

function cycler(values: readonly TemplateValue[]): HostObject {
  if (values.length === 0) throw argumentError('cycler() needs at least one item');
  let position = 0;
  const current = (): TemplateValue => values[position] ?? null;
  return {
    kind: 'host',
    typeName: 'cycler',
    names: () => ['current', 'next', 'reset'],
    get(name) {
      if (name === 'current') return current();
      if (name === 'reset') {
        return method(name, () => {
          position = 0;
          return null;
        });
      }
      if (name !== 'next') return undefined;
      return method(name, () => {
        const value = current();
        position = (position + 1) % values.length;
        return value;
      });
    },
  };
}

/** Nothing at the first call, the separator at all others. */
function joiner(separator: string): Callable {
  let used = false;
  return method('joiner', () => {
    const printed = used ? separator : '';
    used = true;
    return printed;
  });
}

const functions = natives<null>({
  'range(start, stop?, step?)': (_, args) =>
    args.get(1) === undefined ? range(0, args.needInt(0), 1) : range(args.needInt(0), args.needInt(1), args.int(2) ?? 1),
  'dict(pairs?, **)': (_, args) => {
    const dict: Dict = new Map();
    const pairs = args.get(0);
    if (pairs !== undefined) putAll(dict, pairs, 'dict()');
    for (const [key, value] of args.named) dict.set(key, value);
    return dict;
  },
  'namespace(pairs?, **)': (_, args) => {
    const dict: Dict = new Map();
    const pairs = args.get(0);
    if (pairs !== undefined) putAll(dict, pairs, 'namespace()');
    return new Namespace(new Map([...[...dict].map(([key, value]) => [text(key), value] as const), ...args.named]));
  },
  'cycler(*)': (_, args) => cycler(args.rest),
  'joiner(sep?)': (_, args) => joiner(args.text(0) ?? ', '),
  'return(value?)': (_, args) => {
    throw new Returned(args.get(0) ?? null);
  },
});

export const globals: ReadonlyMap<string, Callable> = new Map(
  [...functions].map(([name, native]) => [name, { kind: 'function', name, call: (args, kwargs) => native.call(null, args, kwargs) }]),
);
