// The `threads` connections, lent to the waiting node of the highest priority.
import type { Connection, Warehouse } from '../adapters/adapter.ts';

export interface Slot {
  readonly index: number;
  readonly connection: Connection;
}

interface Waiter {
  readonly priority: number;
  /** First come, first served among equals. */
  readonly order: number;
  readonly take: (slot: Slot) => void;
}

const before = (a: Waiter, b: Waiter): boolean => a.priority > b.priority || (a.priority === b.priority && a.order < b.order);

export class Slots {
  readonly #free: Slot[];
  /** A binary heap, the next one first. */
  readonly #waiting: Waiter[] = [];
  #order = 0;

  constructor(private readonly slots: readonly Slot[]) {
    this.#free = [...slots].reverse();
  }

  /** `first`: a connection that is there already. */
  static async open(warehouse: Warehouse, threads: number, first?: Connection): Promise<Slots> {
    const slots: Slot[] = [];
    for (let index = 0; index < threads; index++) slots.push({ index, connection: (index === 0 && first) || (await warehouse.connect()) });
    return new Slots(slots);
  }

  async use<T>(priority: number, work: (slot: Slot) => Promise<T>): Promise<T> {
    const slot = this.#free.pop() ?? (await new Promise<Slot>((take) => this.#push({ priority, order: this.#order++, take })));
    return this.#lend(slot, work);
  }

  /** Not to be waited for: undefined when none is free. */
  spare<T>(work: (slot: Slot) => Promise<T>): Promise<T> | undefined {
    const slot = this.#free.pop();
    return slot && this.#lend(slot, work);
  }

  async #lend<T>(slot: Slot, work: (slot: Slot) => Promise<T>): Promise<T> {
    try {
      return await work(slot);
    } finally {
      // Not before the one that had it has said how it ended: with one thread, nothing begins before that.
      setImmediate(() => {
        const next = this.#pop();
        if (next) next.take(slot);
        else this.#free.push(slot);
      });
    }
  }

  async close(): Promise<void> {
    for (const { connection } of this.slots) await connection.close();
  }

  #push(waiter: Waiter): void {
    const heap = this.#waiting;
    heap.push(waiter);
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIf(at, parent)) break;
      at = parent;
    }
  }

  #pop(): Waiter | undefined {
    const heap = this.#waiting;
    const [first] = heap;
    const last = heap.pop();
    if (!first || !last || first === last) return first;
    heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      const child = left && right && before(right, left) ? 2 * at + 2 : 2 * at + 1;
      if (!this.#swapIf(child, at)) return first;
      at = child;
    }
  }

  /** Puts the waiter at `below` above the one at `above` when it comes first. */
  #swapIf(below: number, above: number): boolean {
    const [lower, upper] = [this.#waiting[below], this.#waiting[above]];
    if (!lower || !upper || !before(lower, upper)) return false;
    this.#waiting[below] = upper;
    this.#waiting[above] = lower;
    return true;
  }
}
