// How tests open a warehouse.
import type { OpenOptions } from '../../src/adapters/adapter.ts';

export const openOptions: OpenOptions = { maxConcurrency: 3, clock: () => Date.UTC(2024, 0, 15, 12), learned: () => {} };
