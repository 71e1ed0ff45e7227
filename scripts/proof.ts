// `npm run proof [part …]`: the tests whose full counts would take too long for every `npm test`, with those counts. When all
// parts ran, docs/proof.md says what was run, where, and how it ended.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtDwh } from '../bench/setting.ts';

interface Part {
  readonly name: string;
  /** What holds when it passes. */
  readonly shows: string;
  /** Test files, as a pattern of `npm test`. */
  readonly files: string;
  readonly env: Readonly<Record<string, string>>;
  /** How often the files are run. */
  readonly times: number;
}

interface Outcome {
  readonly part: Part;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly minutes: number;
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const kills = 100;
const models = 10_000;
const rounds = 3;
const edits = 500;

const propertyFiles = readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && readFileSync(join(root, 'tests', file), 'utf8').includes("from 'fast-check'"))
  .map((file) => `tests/${file}`);

const parts: readonly Part[] = [
  {
    name: 'kill',
    shows: `\`kill -9\` at random moments of \`load\` and \`build\`, ${kills} seeds, half of them killed twice: after each kill every relation is as before or as after, a loaded table together with its ledger; after the next run all rows, ledger and rejects are those of an undisturbed run, and nothing is left beside`,
    files: 'tests/crash/kill',
    env: { DWH_TEST_KILLS: String(kills) },
    times: 1,
  },
  {
    name: 'interrupt',
    shows:
      'Ctrl-C during a statement, a test and a load: exit 130, what ran is cancelled, nothing is half done, the next run completes it; a second process is told which one holds the file',
    files: 'tests/crash/interrupt',
    env: {},
    times: 1,
  },
  {
    name: 'scale',
    shows: `a chain of ${models.toLocaleString('en')} models and a layered graph of as many parse, list and run, all of them as tables; a circle of as many is shown by its path`,
    files: 'tests/scale',
    env: { DWH_TEST_MODELS: String(models) },
    times: 1,
  },
  {
    name: 'edits',
    shows: `partial parsing: after each of ${edits} random edits (models, macros, YAML, vars, environment, target, deletes, moves, broken files and their repair, changes that times and sizes hide) of a project that has a thing of every kind, manifest, warnings and \`ls\` of a warm parse are those of a cold one`,
    files: 'tests/project/partial-parse',
    env: { DWH_TEST_EDITS: String(edits) },
    times: 1,
  },
  {
    name: 'faults',
    shows:
      "loads by Redshift's COPY (on the stand-in) with a connection lost before or behind a statement, a serialization failure, or a relation that moved, each at each statement: every object is loaded once, with its ledger row and its rejects",
    files: 'tests/loads/redshift-faults',
    env: { DWH_TEST_FAULTS: 'each' },
    times: 1,
  },
  {
    name: 'real-data',
    shows:
      'on the real data, with both song sets, every golden question is answered exactly and the counts of the raw files hold (skipped where the data is not there)',
    files: 'tests/sparkify/real-data',
    env: {},
    times: 1,
  },
  {
    name: 'properties',
    shows: `every test file with properties (${propertyFiles.length}, each property with 200 random cases or more), ${rounds} times with new random seeds`,
    files: `^(${propertyFiles.join('|').replaceAll('.', '\\.')})$`,
    env: {},
    times: rounds,
  },
];

function run(part: Part): Outcome {
  const startedAt = performance.now();
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (let time = 1; time <= part.times; time++) {
    process.stdout.write(`\n== ${part.name}${part.times > 1 ? `, ${time} of ${part.times}` : ''}\n`);
    const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', join('scripts', 'test.ts'), part.files], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, DWH_TEST_FILE_LIMIT_MS: String(3_600_000), ...part.env },
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 1 << 28,
    });
    process.stdout.write(stdout);
    const [, passed, failed, skipped] = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(stdout) ?? [];
    sum.passed += Number(passed ?? 0);
    sum.failed += passed === undefined || (status !== 0 && failed === '0') ? 1 : Number(failed);
    sum.skipped += Number(skipped ?? 0);
  }
  return { part, ...sum, minutes: (performance.now() - startedAt) / 60_000 };
}

const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

function page(outcomes: readonly Outcome[]): string {
  const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
  const rows = outcomes.map(
    ({ part, passed, failed, skipped, minutes }) =>
      `| \`${part.name}\` | ${part.shows} | ${passed} passed, ${failed} failed, ${skipped} skipped | ${minutes.toFixed(1)} min |`,
  );
  const duckdb = JSON.parse(readFileSync(join(root, 'node_modules', '@duckdb', 'node-api', 'package.json'), 'utf8')) as { version: string };
  return `# Proof

Some promises take more runs to be believed than every \`npm test\` can afford. \`npm run proof\` makes them, and writes this
page; \`npm run proof kill\` makes one of them. The tests are those of the suite, with larger counts.

| part | what it shows | outcome | took |
| --- | --- | --- | --- |
${rows.join('\n')}

- ${new Date().toISOString().slice(0, 10)}, commit ${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}
- ${process.platform} ${process.arch}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB of memory, Node ${process.versions.node}, DuckDB for Node ${duckdb.version}
- Processes are real ones of the built \`dwh\`, databases are files, and a kill is SIGKILL.
- A kill comes a random time after the start, or a random few milliseconds after a random line of what the process prints,
  which prints each statement. A failure names the seed, the moments, and the relations and first rows that differ.
`;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(', ')}: ${parts.map(({ name }) => name).join(', ')}`);
// The tests start what is in dist/ when it is as new as the sources.
builtDwh();
const outcomes = parts.filter(({ name }) => asked.length === 0 || asked.includes(name)).map(run);
process.stdout.write('\n');
for (const { part, passed, failed, skipped } of outcomes)
  process.stdout.write(`${part.name}: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
if (asked.length === 0) writeFileSync(join(root, 'docs', 'proof.md'), page(outcomes));
if (outcomes.some(({ failed }) => failed > 0)) process.exitCode = 1;
