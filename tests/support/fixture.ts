// A fixture project in a temporary folder of its own: written to, built through the engine or the real binary, and queried.
import { cpSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { here } from '../../src/cli/here.ts';
import type { Event, EventBody, NodeResult } from '../../src/core/event.ts';
import type { Request } from '../../src/core/request.ts';
import { type CliResult, cli } from './cli.ts';
import { tableOf } from './duckdb.ts';
import { repoRoot } from './shared.ts';
import { tempDir } from './temp-dir.ts';

/** What a test says of a Request; the rest has defaults that depend on nothing of this machine. */
export type RequestOptions = Partial<Omit<Request, 'selection'>> & {
  /** As after -s: blanks separate. */
  readonly select?: string;
  readonly exclude?: string;
  readonly selection?: Partial<Request['selection']>;
};

export interface Fixture {
  /** Absolute. */
  readonly dir: string;
  path(file: string): string;
  write(file: string, text: string | Uint8Array): Promise<void>;
  read(file: string): Promise<string>;
  remove(file: string): Promise<void>;
  /** Through the engine, in this process. Events in order; throws what the engine throws. */
  run(command: string, options?: RequestOptions): Promise<readonly Event[]>;
  build(options?: RequestOptions): Promise<readonly Event[]>;
  /** The real binary, in the fixture's folder. */
  cli(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>;
  /** Rows of dwh.duckdb (or another file of the folder), values as text; opened and closed again. */
  query(sql: string, database?: string): Promise<readonly (readonly (string | null)[])[]>;
}

/** A copy of tests/fixtures/<name>. */
export function copyFixture(name: string): Fixture {
  const dir = tempDir(name);
  cpSync(join(repoRoot, 'tests', 'fixtures', name), dir, { recursive: true });
  return fixtureIn(dir);
}

/** A project made of these files. */
export async function project(files: Readonly<Record<string, string | Uint8Array>>): Promise<Fixture> {
  const fixture = fixtureIn(tempDir('project'));
  for (const [file, text] of Object.entries(files)) await fixture.write(file, text);
  return fixture;
}

/** A project with a profile `shop` in its own folder, which has this one target. */
export const projectOn = (
  target: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<Fixture> => project({ 'profiles.yml': JSON.stringify({ shop: { target: 'test', outputs: { test: target } } }), ...files });

export function fixtureIn(dir: string): Fixture {
  const path = (file: string): string => join(dir, file);
  const run = async (command: string, options: RequestOptions = {}): Promise<readonly Event[]> => perform(request(command, dir, options));
  return {
    dir,
    path,
    run,
    build: (options) => run('build', options),
    async write(file, text) {
      await mkdir(dirname(path(file)), { recursive: true });
      await writeFile(path(file), text);
    },
    read: (file) => readFile(path(file), 'utf8'),
    remove: (file) => rm(path(file), { recursive: true }),
    cli: (args, env) => cli(args, { cwd: dir, ...(env && { env }) }),
    query: (sql, database = 'dwh.duckdb') => tableOf(path(database), sql),
  };
}

const words = (text: string | undefined): readonly string[] => text?.split(/\s+/).filter((word) => word !== '') ?? [];

export function request(command: string, projectDir: string, options: RequestOptions = {}): Request {
  const { select, exclude, selection, ...rest } = options;
  return {
    command,
    projectDir,
    vars: {},
    fullRefresh: false,
    failFast: false,
    load: true,
    dryRun: false,
    empty: false,
    warnError: false,
    failOnEmpty: false,
    partialParse: true,
    env: {},
    startedAt: Date.UTC(2024, 0, 15, 12),
    invocationId: '00000000-0000-4000-8000-000000000000',
    version: '0.0.0-test',
    homeDir: join(projectDir, 'no-home'),
    cwd: projectDir,
    maxConcurrency: 3,
    args: {},
    ...rest,
    selection: {
      select: words(select),
      exclude: words(exclude),
      resourceTypes: [],
      excludeResourceTypes: [],
      indirect: 'eager',
      ...selection,
    },
  };
}

/** A clock that ticks a millisecond each time it is read. */
export function fakeClock(start = Date.UTC(2024, 0, 15, 12)): () => number {
  let now = start;
  return () => now++;
}

async function perform(asked: Request): Promise<readonly Event[]> {
  // Imported when first used: tests that only need the folder do not pay for the whole engine.
  const { perform: engine } = await import('../../src/engine/index.ts');
  const clock = fakeClock(asked.startedAt);
  const events: Event[] = [];
  await engine(asked, { clock, signal: new AbortController().signal, here }, (event) => events.push({ at: clock(), ...event }));
  return events;
}

/** The result of each node that ended, by unique_id. */
export const results = (events: readonly EventBody[]): ReadonlyMap<string, NodeResult> =>
  new Map(events.flatMap((event) => (event.type === 'node-finished' ? [[event.result.node, event.result] as const] : [])));

/** { 'model.shop.orders': 'success', … }, in the order of the ids. */
export const statuses = (events: readonly EventBody[]): Record<string, string> =>
  Object.fromEntries(
    [...results(events)].map(([node, { status }]) => [node as string, status as string]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );

/** What the command answered on stdout. */
export const output = (events: readonly EventBody[]): string =>
  events.map((event) => (event.type === 'output' ? event.text : '')).join('\n');
