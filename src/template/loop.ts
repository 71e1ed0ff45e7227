// The `loop` of a for: where it is, what comes next, and calling it for the next level down.
// https://jinja.palletsprojects.com/en/stable/templates/#for
import { argumentError, limitError, typeError } from './errors.ts';
import { MAX_DEPTH } from './limits.ts';
import { natives } from './natives.ts';
import { type Ask, type Callable, type CallSite, type HostObject, type TemplateValue, Undefined } from './types.ts';
import { equals, lengthOf, orElse } from './values.ts';

type Recurse = (items: TemplateValue, depth: number, site: CallSite) => TemplateValue | Generator<Ask, TemplateValue, unknown>;

const MEMBERS = [
  'index',
  'index0',
  'revindex',
  'revindex0',
  'first',
  'last',
  'length',
  'depth',
  'depth0',
  'previtem',
  'nextitem',
  'cycle',
  'changed',
];

export class Loop implements HostObject {
  readonly kind = 'host';
  readonly typeName = 'loop';
  readonly call: Callable['call'];
  #rest: Iterator<TemplateValue>;
  #index = -1;
  #before: TemplateValue | undefined;
  #current: TemplateValue | undefined;
  /** Looked at ahead of its turn. */
  #ahead: IteratorResult<TemplateValue> | undefined;
  #length: number | undefined;
  #changed: readonly TemplateValue[] | undefined;

  constructor(
    readonly over: TemplateValue,
    iterable: Iterable<TemplateValue>,
    readonly depth0: number,
    recurse: Recurse | undefined,
  ) {
    this.#rest = iterable[Symbol.iterator]();
    if (depth0 >= MAX_DEPTH) throw limitError(`this loop is ${depth0} levels deep`);
    this.call = ([items], _, site) => {
      if (!recurse) throw typeError("this loop cannot be called: it is not marked 'recursive'", 'Write: {% for x in xs recursive %}');
      if (items === undefined) throw argumentError('loop() needs the items to go over');
      return recurse(items, this.depth0 + 1, site);
    };
  }

  /** The next item; undefined at the end. */
  advance(): TemplateValue | undefined {
    const step = this.#ahead ?? this.#rest.next();
    this.#ahead = undefined;
    if (step.done) return undefined;
    this.#index++;
    this.#before = this.#current;
    this.#current = step.value;
    return step.value;
  }

  names(): readonly string[] {
    return MEMBERS;
  }

  get(name: string): TemplateValue | undefined {
    switch (name) {
      case 'index':
        return this.#index + 1;
      case 'index0':
        return this.#index;
      case 'first':
        return this.#index === 0;
      case 'last':
        return this.#peek().done === true;
      case 'length':
        return this.length();
      case 'revindex':
        return this.length() - this.#index;
      case 'revindex0':
        return this.length() - this.#index - 1;
      case 'depth':
        return this.depth0 + 1;
      case 'depth0':
        return this.depth0;
      case 'previtem':
        return orElse(this.#before, () => new Undefined('previtem', 'there is no previous item'));
      case 'nextitem': {
        const next = this.#peek();
        return next.done ? new Undefined('nextitem', 'there is no next item') : next.value;
      }
      default: {
        const method = methods.get(name);
        return method && { kind: 'function', name, call: (args, kwargs) => method.call(this, args, kwargs) };
      }
    }
  }

  length(): number {
    if (this.#length === undefined) {
      const known = lengthOf(this.over);
      if (known !== undefined) this.#length = known;
      else {
        const rest = [...(this.#ahead && !this.#ahead.done ? [this.#ahead.value] : []), ...remaining(this.#rest)];
        this.#ahead = undefined;
        this.#rest = rest[Symbol.iterator]();
        this.#length = this.#index + 1 + rest.length;
      }
    }
    return this.#length;
  }

  toText(): string {
    return `<LoopContext ${this.#index + 1}/${this.length()}>`;
  }

  cycle(values: readonly TemplateValue[]): TemplateValue {
    const value = values[this.#index % values.length];
    if (value === undefined) throw argumentError('cycle() needs something to cycle through');
    return value;
  }

  changed(values: readonly TemplateValue[]): boolean {
    const same =
      this.#changed !== undefined &&
      this.#changed.length === values.length &&
      values.every((value, index) => equals(value, this.#changed?.[index] ?? null));
    this.#changed = values;
    return !same;
  }

  #peek(): IteratorResult<TemplateValue> {
    this.#ahead ??= this.#rest.next();
    return this.#ahead;
  }
}

const remaining = (rest: Iterator<TemplateValue>): Iterable<TemplateValue> => ({ [Symbol.iterator]: () => rest });

const methods = natives<Loop>({
  'cycle(*)': (self, args) => self.cycle(args.rest),
  'changed(*)': (self, args) => self.changed(args.rest),
});
