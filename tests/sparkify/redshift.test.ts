import { redshift } from '../conformance/warehouses.ts';
import { givesWhatDuckdbGives } from './as-duckdb.ts';

// On the stand-in, from files of this machine through dwh's reader.
givesWhatDuckdbGives(redshift);
