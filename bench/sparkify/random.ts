// A small seeded generator of random numbers: the same seed gives the same data on every machine.

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  int(below: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** A place in a list of this length, where early places come up much more often: a few songs get most plays. */
  popular(length: number): number;
  /** A waiting time with this mean. */
  wait(mean: number): number;
}

/** Mulberry32: 32 bits of state, enough for test data and fast. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (list) => list[int(list.length)] ?? list[0],
    popular: (length) => Math.floor(length * next() ** 2),
    wait: (mean) => -mean * Math.log(1 - next()),
  };
}
