// `npm run bench`: measures dwh against the least that the same work can cost, and prints ratios. See docs/speed.md.
import { mkdtempSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Group, type Measured, measuredText, measureGroup } from './comparison.ts';
import { dbtPart } from './parts/dbt.ts';
import { lintPart } from './parts/lint.ts';
import { loadPart } from './parts/load.ts';
import { parsePart } from './parts/parse.ts';
import { postgresPart, startPostgres } from './parts/postgres.ts';
import { runPart } from './parts/run.ts';
import { startPart } from './parts/start.ts';
import { builtDwh, bundleBareScripts, onPath, remove, root, type Setting } from './setting.ts';

const parts = ['start', 'parse', 'lint', 'run', 'load', 'postgres', 'dbt'] as const;
type Part = (typeof parts)[number];

const usage = `usage: npm run bench -- [options]
  --only PARTS     of ${parts.join(',')} (default: all)
  --quick          each part once and in a small size: shows that it works, not how fast
  --models SIZES   projects to parse, list and compile (default: 100,1000,10000; beside dbt 1000)
  --dbt FILE       the dbt to stand beside dwh (default: the one on the PATH; without one its part is left out)
  --tables SIZES   tables to run (default: 1000)
  --events SIZES   events to load (default: 1000000,10000000; ten million take 5 GB of disk)
  --rows SIZES     rows to seed and load into Postgres (default: 1000000)
  --runs N         of each command (default: as many as a part needs)
  --dwh FILE       another bundle than dist/dwh.cjs
  --temp DIR       where projects and data are made (default: the system's)
  --json           one JSON object instead of tables
`;

/** Short commands are measured more often. */
const runsOf: Readonly<Record<Part, number>> = { start: 15, parse: 5, lint: 5, run: 5, load: 3, postgres: 3, dbt: 3 };

const sizes = {
  usual: { models: '100,1000,10000', tables: '1000', events: '1000000,10000000', rows: '1000000', runs: undefined },
  quick: { models: '20', tables: '10', events: '1000', rows: '1000', runs: '1' },
} as const;

interface Options {
  readonly only: readonly Part[];
  readonly models: readonly number[];
  readonly tables: readonly number[];
  readonly events: readonly number[];
  readonly rows: readonly number[];
  readonly runs: number | undefined;
  readonly dwh: string | undefined;
  readonly dbt: string | undefined;
  readonly temp: string;
  readonly json: boolean;
}

function optionsOf(argv: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: text,
      quick: flag,
      models: text,
      tables: text,
      events: text,
      rows: text,
      runs: text,
      dwh: text,
      dbt: text,
      temp: text,
      json: flag,
    },
  });
  const size = values.quick ? sizes.quick : sizes.usual;
  const runs = values.runs ?? size.runs;
  const numbers = (name: string, given: string): number[] =>
    given.split(',').map((one) => {
      if (!/^[1-9]\d{0,8}$/.test(one)) throw new Error(`--${name} takes whole numbers from 1 up, divided by commas, not '${one}'`);
      return Number(one);
    });
  const only = (values.only?.split(',') ?? parts).map((name) => {
    const part = parts.find((known) => known === name);
    if (part === undefined) throw new Error(`--only takes ${parts.join(', ')}, not '${name}'`);
    return part;
  });
  return {
    only,
    models: numbers('models', values.models ?? size.models),
    tables: numbers('tables', values.tables ?? size.tables),
    events: numbers('events', values.events ?? size.events),
    rows: numbers('rows', values.rows ?? size.rows),
    runs: runs === undefined ? undefined : numbers('runs', runs)[0],
    dwh: values.dwh === undefined ? undefined : resolve(values.dwh),
    dbt: values.dbt === undefined ? undefined : resolve(values.dbt),
    temp: resolve(values.temp ?? tmpdir()),
    json: values.json,
  };
}

async function bench(options: Options): Promise<void> {
  const said = (text: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  };
  await bundleBareScripts();
  const temporary = mkdtempSync(join(options.temp, 'dwh-bench-'));
  process.on('SIGINT', () => process.exit(130));
  process.on('exit', () => remove(temporary));
  const setting: Setting = { root, temporary, dwh: options.dwh ?? builtDwh(), dbt: options.dbt ?? onPath('dbt') };
  const groupsOf: Readonly<Record<Part, () => Iterable<Group> | Promise<Iterable<Group>>>> = {
    start: () => startPart(setting),
    parse: () => parsePart(setting, options.models),
    lint: () => lintPart(setting),
    run: () => runPart(setting, options.tables),
    load: () => loadPart(setting, options.events, said),
    // Beyond a thousand models dbt takes minutes for each parse.
    dbt: () => dbtPart(setting, options.models.filter((size) => size <= 1000).slice(-1)),
    postgres: async () => postgresPart(setting, options.rows, await startPostgres(), said),
  };
  const machine = `node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`;
  // What others do on the machine: above its number of cores, wall times say little, and CPU times are up to a third longer.
  const busy = `load ${loadavg()[0]?.toFixed(1)} at the start`;
  if (!options.json) process.stdout.write(`${machine}; ${busy}\n\n`);
  const all: Measured[] = [];
  for (const part of options.only) {
    for (const group of await groupsOf[part]()) {
      const measured = measureGroup(group, options.runs ?? runsOf[part], said);
      said('');
      all.push(measured);
      if (!options.json) process.stdout.write(`${measuredText(measured)}\n`);
    }
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ machine, busy, date: new Date().toISOString(), groups: all }, null, 2)}\n`);
}

function given(): Options | undefined {
  try {
    return optionsOf(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return undefined;
  }
}

const options = given();
if (options) await bench(options);
else process.exitCode = 2;
