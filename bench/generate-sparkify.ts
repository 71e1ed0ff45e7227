// Makes a bucket in Sparkify's layout, with all names invented: log-data/YYYY/MM/YYYY-MM-DD-events.json by UTC day,
// song-data/A/B/C/TR….json with one song each, log_json_path.json. The same options give the same bytes. It streams:
// memory grows with users and songs, which are bounded, and not with events.
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { activity } from './sparkify/activity.ts';
import { makeCatalogue } from './sparkify/catalogue.ts';
import { seeded } from './sparkify/random.ts';
import { rejectedLine } from './sparkify/rejects.ts';

export interface GenerateOptions {
  readonly out: string;
  /** Good lines of the log; rejected ones come on top. */
  readonly events: number;
  readonly songs?: number | undefined;
  readonly users?: number | undefined;
  readonly seed?: number | undefined;
  /** One line in a hundred is one that a loader must refuse. */
  readonly rejects?: boolean | undefined;
  /** Removes what an earlier run made in `out`. */
  readonly replace?: boolean | undefined;
}

export interface Generated {
  readonly events: number;
  readonly plays: number;
  readonly songs: number;
  readonly users: number;
  readonly logFiles: number;
  readonly rejects: number;
}

const paths = [
  ...['artist', 'auth', 'firstName', 'gender', 'itemInSession', 'lastName', 'length', 'level', 'location'],
  ...['method', 'page', 'registration', 'sessionId', 'song', 'status', 'ts', 'userAgent', 'userId'],
];
const parts = ['log-data', 'song-data', 'log_json_path.json'];
const dayMs = 86_400_000;

export function generateSparkify(options: GenerateOptions): Generated {
  const { out, events } = options;
  const songs = options.songs ?? Math.min(20_000, Math.max(60, Math.ceil(events / 100)));
  const users = options.users ?? Math.min(100_000, Math.max(10, Math.ceil(events / 80)));
  const random = seeded(options.seed ?? 1);
  for (const part of parts.map((name) => join(out, name))) {
    if (options.replace) rmSync(part, { recursive: true, force: true });
    else if (existsSync(part)) throw new Error(`${part} exists: give another --out, or --replace to make it anew`);
  }

  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'log_json_path.json'), `${JSON.stringify({ jsonpaths: paths.map((name) => `$['${name}']`) }, null, 2)}\n`);
  const folders = new Set<string>();
  const library = makeCatalogue(random, songs, ({ path, text }) => {
    const file = join(out, 'song-data', path);
    const folder = dirname(file);
    if (!folders.has(folder)) {
      mkdirSync(folder, { recursive: true });
      folders.add(folder);
    }
    writeFileSync(file, text);
  });

  const log = logWriter(join(out, 'log-data'), (file) => file % 3 === 0);
  let written = 0;
  let plays = 0;
  let rejects = 0;
  if (events > 0) {
    for (const { ts, text, play } of activity(random, library, users)) {
      log.write(ts, text);
      if (play) plays++;
      if (options.rejects && random.chance(0.01)) {
        log.write(ts, rejectedLine(random, text));
        rejects++;
      }
      if (++written === events) break;
    }
  }
  return { events: written, plays, songs, users, logFiles: log.close(), rejects };
}

interface LogWriter {
  /** `ts` never falls below an earlier one's day. */
  write(ts: number, line: string | Uint8Array): void;
  /** Returns how many files were written. */
  close(): number;
}

/** One file for each UTC day; some end with a newline, most do not. */
function logWriter(folder: string, endsWithNewline: (file: number) => boolean): LogWriter {
  const newline = 10;
  const buffer = Buffer.allocUnsafe(1 << 20);
  /** No line is longer. */
  const reserve = 1 << 16;
  let used = 0;
  let files = 0;
  let day = Number.NaN;
  let fd: number | undefined;
  const flush = (): void => {
    for (let done = 0; fd !== undefined && done < used; ) done += writeSync(fd, buffer, done, used - done);
    used = 0;
  };
  const finish = (): void => {
    if (fd === undefined) return;
    if (endsWithNewline(files)) buffer[used++] = newline;
    flush();
    closeSync(fd);
    fd = undefined;
  };
  return {
    write(ts, line) {
      if (Math.floor(ts / dayMs) !== day) {
        finish();
        day = Math.floor(ts / dayMs);
        const date = new Date(day * dayMs).toISOString().slice(0, 10);
        const month = join(folder, date.slice(0, 4), date.slice(5, 7));
        mkdirSync(month, { recursive: true });
        fd = openSync(join(month, `${date}-events.json`), 'w');
        files++;
      } else buffer[used++] = newline;
      if (typeof line === 'string') used += buffer.write(line, used);
      else {
        buffer.set(line, used);
        used += line.length;
      }
      if (used > buffer.length - reserve) flush();
    },
    close() {
      finish();
      return files;
    },
  };
}

const usage = `usage: node --import tsx bench/generate-sparkify.ts --out DIR --events N [--songs M] [--users U] [--seed S] [--rejects] [--replace]\n`;

/** Returns the exit status. */
function main(argv: readonly string[]): number {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        out: { type: 'string' },
        events: { type: 'string' },
        songs: { type: 'string' },
        users: { type: 'string' },
        seed: { type: 'string' },
        rejects: { type: 'boolean' },
        replace: { type: 'boolean' },
      },
    });
    const whole = (name: 'events' | 'songs' | 'users' | 'seed', least: number): number | undefined => {
      const text = values[name];
      if (text === undefined) return undefined;
      if (!/^\d{1,12}$/.test(text) || Number(text) < least)
        throw new Error(`--${name} must be a whole number from ${least} up, not '${text}'`);
      return Number(text);
    };
    const events = whole('events', 0);
    if (values.out === undefined || events === undefined) throw new Error('--out and --events are needed');
    const made = generateSparkify({
      out: values.out,
      events,
      songs: whole('songs', 0),
      users: whole('users', 1),
      seed: whole('seed', 0),
      rejects: values.rejects,
      replace: values.replace,
    });
    process.stdout.write(`${JSON.stringify(made)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));
