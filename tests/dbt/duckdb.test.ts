// dbt itself beside dwh on the projects of tests/dbt-projects, on DuckDB.
import { besideDbt } from './beside.ts';

const test = await besideDbt('duckdb');
test.run();
