import { conforms } from './conforms.ts';
import { duckdb } from './warehouses.ts';

conforms(duckdb);
