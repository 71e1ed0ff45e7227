// dbt itself beside dwh on the projects of tests/dbt-projects, on Postgres.
import { besideDbt } from './beside.ts';

const test = await besideDbt('postgres');
test.run();
