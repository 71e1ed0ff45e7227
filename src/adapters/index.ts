// The warehouses that dwh can speak to, by the `type` of a profile's target. An adapter is imported when a target asks for it:
// Redshift's has a grammar with it; a driver is when its adapter opens.
import type { Adapter } from './adapter.ts';

export const adapters: ReadonlyMap<string, () => Promise<Adapter>> = new Map([
  ['duckdb', async () => (await import('./duckdb/index.ts')).duckdb],
  ['postgres', async () => (await import('./postgres/index.ts')).postgres],
  ['redshift', async () => (await import('./redshift/index.ts')).redshift],
]);
