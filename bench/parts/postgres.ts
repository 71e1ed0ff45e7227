// Seeds and loads into Postgres, against COPY … FROM STDIN of the same rows by hand into a table of the same types. CPU is that
// of the client and of the server together, so that neither can hide work with the other.
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { onServer, postgresServer, postgresTarget } from '../../tests/support/postgres.ts';
import { type Aim, type Group, timesAtMost, wallTimesAtMost } from '../comparison.ts';
import { csvField, eventColumns } from '../event-columns.ts';
import { generateOrders, orderColumns } from '../generate-orders.ts';
import { generateSparkify } from '../generate-sparkify.ts';
import { type Command, measure } from '../measure.ts';
import { serverCpuMs } from '../server-cpu.ts';
import { bareCommand, dwhCommand, newFolder, remove, type Setting } from '../setting.ts';

const byHand = 'COPY by hand';
const parsed = 'JSON.parse + COPY';
/** The aims are set for this size and larger ones. */
const aimedSize = 1_000_000;
const loadFiles = 20;

export interface PostgresBench {
  readonly url: string;
  /** Of profiles.yml. */
  readonly target: Readonly<Record<string, unknown>>;
  readonly pid: number;
}

/** A server of its own, where nothing but what is measured wakes up. */
export async function startPostgres(): Promise<PostgresBench> {
  const { host, port, user } = await postgresServer();
  const target = await postgresTarget();
  const pid = await onServer('postgres', async (client) => {
    await client.query('alter system set autovacuum = off');
    await client.query("alter system set max_wal_size = '4GB'");
    const { rows } = await client.query<{ file: string }>("select pg_read_file('postmaster.pid') as file from pg_reload_conf()");
    return Number.parseInt(rows[0]?.file ?? '', 10);
  });
  return { url: `postgres://${user}@${host}:${port}/${target.dbname}`, target: { ...target, schema: 'public', threads: 1 }, pid };
}

export function* postgresPart(
  setting: Setting,
  sizes: readonly number[],
  server: PostgresBench,
  said: (text: string) => void,
): Generator<Group, void> {
  for (const rows of sizes) {
    const project = newFolder(setting, `postgres-${rows}`);
    const write = (file: string, content: unknown): void => writeFileSync(join(project, file), `${JSON.stringify(content, null, 2)}\n`);
    write('project.yml', { name: 'bench', profile: 'bench' });
    write('profiles.yml', { bench: { target: 'postgres', outputs: { postgres: server.target } } });
    mkdirSync(join(project, 'models'));

    said(`making ${rows} orders`);
    const [seed = ''] = generateOrders(join(project, 'seeds'), rows, 1);
    renameSync(seed, join(project, 'seeds', 'seeded.csv'));
    const files = generateOrders(join(project, 'orders'), rows, loadFiles);
    said(`making ${rows} events`);
    generateSparkify({ out: project, events: rows, songs: 1000 });
    const logs = filesBelow(join(project, 'log-data'));
    const logCsv = join(project, 'events.csv');
    eventsAsCsv(logs, logCsv);
    write('models/sources.yml', sources);

    const { measured, command } = commandsOf(setting, project, server);
    yield {
      title: `seed of ${rows} rows into Postgres`,
      commands: [
        measured(
          byHand,
          bareCommand('copy-in', server.url, 'by_hand', columnsSql('inferred'), 'csv', join(project, 'seeds', 'seeded.csv')),
        ),
        command('dwh seed', ['seed'], 'drop table if exists seeded'),
      ],
      baselines: [byHand],
      aims: aims(rows, 'dwh seed'),
    };
    yield {
      title: `load of ${rows} CSV rows of ${loadFiles} files into Postgres`,
      commands: [
        measured(byHand, bareCommand('copy-in', server.url, 'by_hand', columnsSql('type'), 'csv', ...files)),
        command('dwh load', ['load', '-s', 'source:bench.orders'], 'drop table if exists orders'),
      ],
      baselines: [byHand],
      aims: aims(rows, 'dwh load'),
    };
    const eventsSql = eventColumns.map(({ name, type }) => `${name} ${type === 'double' ? 'double precision' : type}`).join(', ');
    yield {
      title: `load of ${rows} JSON events into Postgres; by hand they are CSV already`,
      commands: [
        measured(byHand, bareCommand('copy-in', server.url, 'by_hand', eventsSql, 'csv', logCsv)),
        measured(parsed, bareCommand('copy-in', server.url, 'by_hand', eventsSql, 'json', ...logs)),
        command('dwh load', ['load', '-s', 'source:bench.events'], 'drop table if exists events'),
      ],
      baselines: [byHand, parsed],
      aims: [],
    };
    remove(project);
  }
}

const aims = (rows: number, command: string): readonly Aim[] =>
  rows < aimedSize ? [] : [timesAtMost(command, byHand, 1.5), wallTimesAtMost(command, byHand, 1.5)];

const columnsSql = (type: 'type' | 'inferred'): string => orderColumns.map((column) => `${column.name} ${column[type]}`).join(', ');

const sources = {
  sources: [
    {
      name: 'bench',
      schema: 'public',
      tables: [
        {
          name: 'orders',
          load: { from: 'orders', format: 'csv' },
          columns: orderColumns.map(({ name, type }) => ({ name, data_type: type })),
        },
        {
          name: 'events',
          load: { from: 'log-data', format: 'json', jsonpaths: 'log_json_path.json', on_error: 'reject', truncate_columns: true },
          columns: eventColumns.map(({ name, type }) => ({ name, data_type: type === 'varchar' ? 'varchar(256)' : type })),
        },
      ],
    },
  ],
};

/** Both kinds begin without the tables of the run before, and with its pages written. */
function commandsOf(setting: Setting, project: string, { url, pid }: PostgresBench) {
  const clear = (...statements: readonly string[]) => {
    const argv = bareCommand('send', url, 'drop table if exists by_hand', ...statements, 'checkpoint');
    return () => void measure({ name: 'clearing the database', argv, cwd: project });
  };
  const server = (): number => serverCpuMs(pid);
  return {
    measured: (name: string, argv: readonly string[]): Command => ({ name, argv, cwd: project, server, before: clear() }),
    command: (name: string, args: readonly string[], drop: string): Command =>
      dwhCommand(setting, project, args, { name, server, before: clear(drop, 'drop schema if exists _dwh cascade') }),
  };
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

function eventsAsCsv(logs: readonly string[], path: string): void {
  const file = openSync(path, 'w');
  writeSync(file, `${eventColumns.map(({ name }) => name).join(',')}\n`);
  for (const log of logs) {
    const lines = readFileSync(log, 'utf8').split('\n');
    const events = lines.flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
    writeSync(file, events.map((event) => `${eventColumns.map(({ key }) => csvField(event[key])).join(',')}\n`).join(''));
  }
  closeSync(file);
}
