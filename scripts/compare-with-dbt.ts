// Runs dbt beside dwh on the projects of tests/dbt-projects and prints what differs; ends with 1 when a difference is not on the
// list of tests/dbt/known-differences.ts, or one of the list is gone:
//   node --import tsx scripts/compare-with-dbt.ts PYTHON [--engine duckdb|postgres] [--project NAME] [--record] [--all]
// PYTHON is the interpreter of an environment of its own:  pip install 'dbt-core<1.12' dbt-duckdb dbt-postgres
// --record keeps what dbt answered as the fixtures of tests/dbt; --all prints the known differences too.
import { parseArgs } from 'node:util';
import { compareAll, report } from '../tests/dbt/comparison.ts';
import { ENGINES, PROJECTS } from '../tests/dbt-projects/steps.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', multiple: true },
    project: { type: 'string', multiple: true },
    record: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
  },
});
const [python] = positionals;
if (python === undefined) throw new Error('name the python of an environment that has dbt');
const engines = ENGINES.filter((engine) => values.engine?.includes(engine) ?? true);
const projects = Object.keys(PROJECTS).filter((name) => values.project?.includes(name) ?? true);
if (engines.length * projects.length === 0)
  throw new Error(`engines: ${ENGINES.join(', ')}; projects: ${Object.keys(PROJECTS).join(', ')}`);

const compared = await compareAll(python, { engines, projects, record: values.record });
const { text, failed } = report(compared, values.all);
process.stdout.write(`${text}\n`);
process.exitCode = failed ? 1 : 0;
