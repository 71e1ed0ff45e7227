// Who acts next: a binary heap of indexes, ordered by the time each is due. Memory is one entry per index.

export interface DueHeap {
  /** Of the index that is due first. */
  readonly first: () => number;
  readonly firstDue: () => number;
  /** Moves the index that is due first to a later time. */
  readonly postpone: (due: number) => void;
}

export function dueHeap(times: readonly number[]): DueHeap {
  const due = Float64Array.from(times);
  const order = Int32Array.from(times.keys()).sort((left, right) => (due[left] ?? 0) - (due[right] ?? 0) || left - right);
  const before = (left: number, right: number): boolean => {
    const difference = (due[left] ?? 0) - (due[right] ?? 0);
    return difference < 0 || (difference === 0 && left < right);
  };
  const at = (place: number): number => order[place] ?? 0;
  const sink = (): void => {
    const moving = at(0);
    let place = 0;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= order.length) break;
      if (child + 1 < order.length && before(at(child + 1), at(child))) child++;
      if (!before(at(child), moving)) break;
      order[place] = at(child);
      place = child;
    }
    order[place] = moving;
  };
  return {
    first: () => at(0),
    firstDue: () => due[at(0)] ?? 0,
    postpone(time) {
      due[at(0)] = time;
      sink();
    },
  };
}
