import { postgres } from '../conformance/warehouses.ts';
import { givesWhatDuckdbGives } from './as-duckdb.ts';

// Postgres rounds a double to whole numbers only, and the golden questions round to four digits.
givesWhatDuckdbGives(postgres, {
  prepare: [
    'create function analytics.round(double precision, int) returns numeric language sql immutable as $$ select round($1::numeric, $2) $$',
  ],
});
