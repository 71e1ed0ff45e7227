// Plain data to bytes and back, made for tens of thousands of nodes that are much alike: equal parts are written once and
// shared when read, and most of it is integers that need no parsing. Three parts: leaves (texts, numbers, …), shapes (the
// keys of objects), and a stream of references.
/** Bytes, for the parts that one value added to those before it. */
export interface Packed {
  readonly leaves: Uint8Array;
  readonly shapes: Uint8Array;
  /** Int32, in this machine's byte order. */
  readonly stream: Uint8Array;
}

export interface Packer {
  /** Parts that earlier values hold are not written again. undefined: the value holds something that is not plain data. */
  add(value: unknown): Packed | undefined;
}

class NotPlain extends Error {}

export function packer(): Packer {
  // A reference is 2i for a leaf, 2i + 1 for a part; leaf 0 is undefined.
  const leaves: unknown[] = [null];
  const leafAt = new Map<unknown, number>();
  const shapes = shapeTable();
  const sharedAt = new Map<object, number>();
  const stream = partStream();
  const leaf = (one: unknown): number => {
    if (one === undefined) return 0;
    // To a Map it is 0.
    if (Object.is(one, -0)) throw new NotPlain();
    let at = leafAt.get(one);
    if (at === undefined) {
      if (typeof one === 'bigint' || typeof one === 'function' || typeof one === 'symbol') throw new NotPlain();
      if (typeof one === 'number' && !Number.isFinite(one)) throw new NotPlain();
      at = leaves.push(one) - 1;
      leafAt.set(one, at);
    }
    return at * 2;
  };
  // References of the parts that are being written, one behind the other.
  let scratch = new Int32Array(1 << 12);
  let top = 0;
  /** By shape: what stood at each key of the object that came last. */
  const last: { readonly values: unknown[]; readonly references: Int32Array }[] = [];
  /** Reference of the empty list. */
  let empty = -1;
  const push = (value: number): void => {
    if (top === scratch.length) {
      const larger = new Int32Array(scratch.length * 2);
      larger.set(scratch);
      scratch = larger;
    }
    scratch[top++] = value;
  };
  const reference = (one: unknown): number => {
    if (one === null || typeof one !== 'object') return leaf(one);
    const known = sharedAt.get(one);
    if (known !== undefined) return known * 2 + 1;
    const start = top;
    if (Array.isArray(one)) {
      if (one.length === 0 && empty >= 0) return empty;
      push(-one.length - 1);
      for (const item of one) push(reference(item));
    } else if (isPlainObject(one)) {
      const keys = Object.keys(one);
      const shape = shapes.indexOf(keys);
      push(shape);
      // Half of what an object says, the one before it of the same shape has said.
      let before = last[shape];
      if (!before) {
        before = { values: new Array(keys.length), references: new Int32Array(keys.length) };
        last[shape] = before;
      }
      const { values, references } = before;
      for (let index = 0; index < keys.length; index++) {
        const value = one[keys[index] ?? ''];
        // Numbers are looked at each time: -0 is equal to 0, and is not plain.
        if (value !== values[index] || typeof value === 'number' || value === undefined) {
          references[index] = reference(value);
          values[index] = value;
        }
        push(references[index] ?? 0);
      }
    } else throw new NotPlain();
    const { at, isNew } = stream.write(scratch, start, top);
    top = start;
    // Only what came twice is looked up by itself from now on: remembering every object costs more than it saves.
    if (!isNew) sharedAt.set(one, at);
    const made = at * 2 + 1;
    if (Array.isArray(one) && one.length === 0) empty = made;
    return made;
  };
  const done = { leaves: 0, shapes: 0, bytes: 0 };
  const json = (list: readonly unknown[]): Uint8Array => Buffer.from(JSON.stringify(list));
  return {
    add(value) {
      try {
        // The list around it is the last part, and its own: no other list has this head.
        const root = reference(value);
        stream.write(Int32Array.of(LAST, root, done.bytes), 0, 3);
      } catch (error) {
        top = 0;
        // RangeError: nested too deeply, as nothing that a project says is.
        if (error instanceof NotPlain || error instanceof RangeError) return undefined;
        throw error;
      }
      const bytes = stream.bytes();
      const added = {
        leaves: json(leaves.slice(done.leaves)),
        shapes: json(shapes.all.slice(done.shapes)),
        stream: bytes.subarray(done.bytes),
      };
      Object.assign(done, { leaves: leaves.length, shapes: shapes.all.length, bytes: bytes.length });
      return added;
    },
  };
}

/** Head of the part that ends what one value added: a reference to the value, and a number that makes it unlike any other. */
const LAST = -(2 ** 31);

const isPlainObject = (one: object): one is Record<string, unknown> => {
  const prototype: unknown = Object.getPrototypeOf(one);
  return prototype === Object.prototype || prototype === null;
};

/** Lists of keys, each once. */
function shapeTable(): { readonly all: readonly (readonly string[])[]; indexOf(keys: readonly string[]): number } {
  interface Step {
    readonly next: Map<string, Step>;
    shape: number;
  }
  const all: (readonly string[])[] = [];
  const root: Step = { next: new Map(), shape: -1 };
  // By number of keys: the shape that came last. Most objects are like the one before them.
  const recent: number[] = [];
  return {
    all,
    indexOf(keys) {
      const guess = recent[keys.length];
      const guessed = guess === undefined ? undefined : all[guess];
      if (guess !== undefined && guessed?.every((key, index) => key === keys[index])) return guess;
      let step = root;
      for (const key of keys) {
        let next = step.next.get(key);
        if (!next) {
          next = { next: new Map(), shape: -1 };
          step.next.set(key, next);
        }
        step = next;
      }
      if (step.shape < 0) step.shape = all.push(keys) - 1;
      recent[keys.length] = step.shape;
      return step.shape;
    },
  };
}

/** Parts one behind the other; an equal part is not written again. */
interface PartStream {
  /** The part that stands in `from` between `start` and `end`. */
  write(from: Int32Array, start: number, end: number): { readonly at: number; readonly isNew: boolean };
  bytes(): Uint8Array;
}

function partStream(): PartStream {
  let stream = new Int32Array(1 << 20);
  let length = 0;
  let starts = new Int32Array(1 << 16);
  let parts = 0;
  // Open addressing: part + 1, 0 is free.
  let table = new Int32Array(1 << 18);
  const larger = (array: Int32Array, atLeast: number): Int32Array<ArrayBuffer> => {
    const grown = new Int32Array(Math.max(array.length * 2, atLeast));
    grown.set(array);
    return grown;
  };
  const hashOf = (array: Int32Array, start: number, end: number): number => {
    let hash = end - start;
    for (let index = start; index < end; index++) hash = Math.imul(hash ^ (array[index] ?? 0), 0x01000193);
    return (hash ^ (hash >>> 15)) >>> 0;
  };
  const endOf = (part: number): number => (part + 1 < parts ? (starts[part + 1] ?? 0) : length);
  const rehash = (): void => {
    table = new Int32Array(table.length * 4);
    for (let part = 0; part < parts; part++) {
      let slot = hashOf(stream, starts[part] ?? 0, endOf(part)) & (table.length - 1);
      while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1);
      table[slot] = part + 1;
    }
  };
  const isSame = (part: number, from: Int32Array, start: number, end: number): boolean => {
    const first = starts[part] ?? 0;
    if (endOf(part) - first !== end - start) return false;
    for (let index = start; index < end; index++) if (stream[first + index - start] !== from[index]) return false;
    return true;
  };
  return {
    write(from, start, end) {
      let slot = hashOf(from, start, end) & (table.length - 1);
      for (let found = table[slot] ?? 0; found !== 0; found = table[slot] ?? 0) {
        if (isSame(found - 1, from, start, end)) return { at: found - 1, isNew: false };
        slot = (slot + 1) & (table.length - 1);
      }
      if (length + end - start > stream.length) stream = larger(stream, length + end - start);
      for (let index = start; index < end; index++) stream[length + index - start] = from[index] ?? 0;
      if (parts === starts.length) starts = larger(starts, 0);
      starts[parts++] = length;
      length += end - start;
      table[slot] = parts;
      if (parts * 2 > table.length) rehash();
      return { at: parts - 1, isNew: true };
    },
    bytes: () => new Uint8Array(stream.buffer, 0, length * 4),
  };
}

type Maker = (stream: Int32Array, at: number, parts: readonly unknown[], leaves: readonly unknown[]) => object;

/**
 * Makes the objects of one shape. Written as code, because an object literal is made three times as fast as an object that
 * gets its keys one by one, and this is most of what a warm start does. The keys are quoted, and nothing else is from outside.
 */
function makerOf(keys: readonly string[]): Maker {
  // A plain "__proto__" would set the prototype; a computed key is a key.
  const name = (key: string): string => (key === '__proto__' ? '["__proto__"]' : JSON.stringify(key));
  const fields = keys.map((key, index) => `${name(key)}:(r=s[a+${index}],r&1?p[r>>1]:l[r>>1])`);
  return new Function('s', 'a', 'p', 'l', `let r;return{${fields.join()}}`) as Maker;
}

export interface Unpacker {
  /** The value of what the packer's `add` gave, in the same order. Throws when the bytes are none of its. */
  add(packed: Packed): unknown;
}

export function unpacker(): Unpacker {
  const leaves: unknown[] = [];
  const shapes: { readonly size: number; readonly make: Maker }[] = [];
  const parts: unknown[] = [];
  const list = (bytes: Uint8Array): unknown[] => JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  return {
    add(packed) {
      const first = leaves.length === 0;
      for (const one of list(packed.leaves)) leaves.push(one);
      if (first) leaves[0] = undefined;
      for (const keys of list(packed.shapes) as (readonly string[])[]) shapes.push({ size: keys.length, make: makerOf(keys) });
      const bytes = packed.stream.byteOffset % 4 === 0 ? packed.stream : Uint8Array.from(packed.stream);
      const stream = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
      const resolve = (reference: number): unknown => ((reference & 1) === 1 ? parts[reference >> 1] : leaves[reference >> 1]);
      let last: unknown;
      for (let at = 0; at < stream.length; ) {
        const head = stream[at++] ?? 0;
        const shape = shapes[head];
        if (shape) {
          parts.push(shape.make(stream, at, parts, leaves));
          at += shape.size;
        } else if (head === LAST) {
          last = resolve(stream[at] ?? 0);
          parts.push(last);
          at += 2;
        } else {
          const items: unknown[] = [];
          for (let left = -head - 1; left > 0; left--) items.push(resolve(stream[at++] ?? 0));
          parts.push(items);
        }
      }
      return last;
    },
  };
}
