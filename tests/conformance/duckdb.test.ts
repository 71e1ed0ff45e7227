import { conforms, themes } from './conforms.ts';
import { duckdbConfigs } from './duckdb-configs.ts';
import { duckdb } from './warehouses.ts';

conforms(duckdb, { ...themes, 'own configs': duckdbConfigs });
