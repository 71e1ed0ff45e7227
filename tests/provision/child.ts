// A process of its own that carries out one command line at the AWS of its environment. Its pauses take no time.
import { openCloud } from '../../src/provision/aws/index.ts';
import { dwh } from './harness.ts';

const [cwd = '', ...argv] = process.argv.slice(2);
const aws = { world: { now: Date.UTC(2026, 0, 5, 9) }, calls: [] };
const { problems } = await dwh(argv, { aws, cwd, cloud: openCloud({ region: 'us-west-2', pathStyle: true }) });
for (const { code, message } of problems) process.stderr.write(`${code} ${message}\n`);
process.exit(problems.length === 0 ? 0 : 1);
