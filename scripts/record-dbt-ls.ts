// Asks dbt what it answers to each case of tests/selection/cases.ts on the project of tests/selection/harbour.ts, and keeps the
// answers, and the artifacts of its earlier run, as fixtures beside them:
//   node --import tsx scripts/record-dbt-ls.ts PYTHON
// PYTHON is the interpreter of an environment of its own:  pip install 'dbt-core<1.12' dbt-duckdb
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMapping } from '../src/core/config-reader.ts';
import { type Case, cases } from '../tests/selection/cases.ts';
import { type Files, harbour, sourcesJson } from '../tests/selection/harbour.ts';

const [python] = process.argv.slice(2);
if (python === undefined) throw new Error('name the python of an environment that has dbt');
const here = dirname(fileURLToPath(import.meta.url));
const fixtures = join(here, '..', 'tests', 'selection');
const folder = mkdtempSync(join(tmpdir(), 'harbour-'));

function write(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

interface Answer {
  readonly lines?: readonly string[];
  readonly error?: string;
}

/** Some of the nodes fail: that is their purpose. */
function build(project: string): void {
  const program = "import sys; from dbt.cli.main import dbtRunner; dbtRunner().invoke(['--quiet', 'build', *sys.argv[1:]])";
  execFileSync(python ?? '', ['-c', program, '--project-dir', project, '--profiles-dir', project], { stdio: 'ignore' });
}

const readJson = (path: string): Readonly<Record<string, unknown>> => JSON.parse(readFileSync(path, 'utf8'));

const BUILTIN = new Set<unknown>(['dbt', 'dbt_duckdb']);
const LEFT_OUT = new Set(['compiled_code', 'compiled_path', 'build_path', 'created_at', 'root_path', 'extra_ctes', 'relation_name']);

/** Without what is dbt's own, of this machine or of this moment. */
function smaller(manifest: Readonly<Record<string, unknown>>): unknown {
  const section = (name: string): unknown =>
    Object.fromEntries(
      Object.entries(isMapping(manifest[name]) ? manifest[name] : {}).flatMap(([id, node]) =>
        isMapping(node) && !BUILTIN.has(node.package_name)
          ? [[id, Object.fromEntries(Object.entries(node).filter(([key]) => !LEFT_OUT.has(key)))]]
          : [],
      ),
    );
  const { metadata } = manifest;
  const { dbt_schema_version, dbt_version, adapter_type, project_name } = isMapping(metadata) ? metadata : {};
  return {
    metadata: { dbt_schema_version, dbt_version, adapter_type, project_name },
    ...Object.fromEntries(['nodes', 'sources', 'macros', 'exposures'].map((name) => [name, section(name)])),
  };
}

const onlyStatuses = ({ results }: Readonly<Record<string, unknown>>): unknown => ({
  results: Array.isArray(results) ? results.map(({ unique_id, status }) => ({ unique_id, status })) : [],
});

try {
  const [before, now] = [join(folder, 'before'), join(folder, 'now')];
  write(before, harbour('before'));
  write(now, harbour('now'));
  build(before);
  const state = join(now, 'before');
  mkdirSync(state);
  for (const file of ['manifest.json', 'run_results.json']) cpSync(join(before, 'target', file), join(state, file));
  writeFileSync(join(state, 'sources.json'), sourcesJson('before'));
  write(now, { 'target/sources.json': sourcesJson('now') });

  const variablesOf = ({ args }: Case): string => (args.includes('--vars') ? (args[args.indexOf('--vars') + 1] ?? '') : '');
  const answerOf = new Map<Case, Answer>();
  const [asked, answered] = [join(folder, 'asked.json'), join(folder, 'answered.json')];
  // A process for each: dbt does not parse twice in one when it was asked in between.
  for (const variables of new Set(cases.map(variablesOf))) {
    const some = cases.filter((one) => variablesOf(one) === variables);
    writeFileSync(asked, JSON.stringify(some.map(({ args }) => args)));
    execFileSync(python, [join(here, 'ls_by_dbt.py'), now, variables, asked, answered], { stdio: ['ignore', 'ignore', 'inherit'] });
    const answers: readonly Answer[] = JSON.parse(readFileSync(answered, 'utf8'));
    for (const [index, one] of some.entries()) answerOf.set(one, answers[index] ?? {});
  }

  const lines = [...new Set([...answerOf.values()].flatMap((answer) => answer.lines ?? []))];
  const numbers = new Map(lines.map((line, number) => [line, number]));
  const rows = cases.map((one) => {
    const { lines: found, error } = answerOf.get(one) ?? {};
    return JSON.stringify([
      one.typed,
      found
        ? found.map((line) => numbers.get(line))
        : (error ?? '')
            .split('\n')
            .map((line) => line.trim())
            .join(' '),
    ]);
  });
  const text = `{"lines":[\n${lines.map((line) => JSON.stringify(line)).join(',\n')}\n],"answers":[\n${rows.join(',\n')}\n]}\n`;
  writeFileSync(join(fixtures, 'dbt-ls.json'), text);
  const kept = join(fixtures, 'dbt-state');
  mkdirSync(kept, { recursive: true });
  writeFileSync(join(kept, 'manifest.json'), `${JSON.stringify(smaller(readJson(join(state, 'manifest.json'))))}\n`);
  writeFileSync(join(kept, 'run_results.json'), `${JSON.stringify(onlyStatuses(readJson(join(state, 'run_results.json'))))}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
