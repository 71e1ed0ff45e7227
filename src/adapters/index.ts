// The warehouses that dwh can speak to, by the `type` of a profile's target. A driver is imported when its adapter opens.
import type { Adapter } from './adapter.ts';
import { duckdb } from './duckdb/index.ts';
import { postgres } from './postgres/index.ts';
import { redshift } from './redshift/index.ts';

export const adapters: ReadonlyMap<string, Adapter> = new Map(
  [duckdb, postgres, redshift].map((adapter) => [adapter.dialect.name, adapter]),
);
