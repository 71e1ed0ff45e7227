// The log file of --log-path: dbt.log in that folder, where tools that read dbt's look for it. Every line has its time and its
// level, whatever the terminal shows; a file that has grown too large becomes dbt.log.1, and that one dbt.log.2, up to five.
import { closeSync, existsSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../core/event.ts';
import { makeFolder } from '../project/make-folder.ts';
import { type JsonMeta, jsonReporter } from './json.ts';
import { look } from './look.ts';
import { advance, type Level, type Reporter, reaches, startProgress } from './reporter.ts';
import { textLines } from './text.ts';

export interface LogFileOptions extends JsonMeta {
  readonly folder: string;
  readonly level: Level;
  readonly json: boolean;
  /** 0: it may grow without end. */
  readonly maxBytes: number;
  readonly startedAt: number;
  /** As in TextOptions, asked for when something has failed: what is secret is known by then. */
  readonly replay: () => string;
}

const FILE = 'dbt.log';
const KEPT = 5;
const LEVELS: readonly Level[] = ['error', 'warn', 'info', 'debug'];

/** Throws what the file system throws. */
export function logFile(options: LogFileOptions): Reporter {
  const path = join(options.folder, FILE);
  makeFolder(options.folder);
  makeRoom(path, options.maxBytes);
  const file = openSync(path, 'a');
  const out = { write: (text: string) => writeSync(file, text) };
  const inner = options.json ? jsonReporter({ ...options, out }) : timedText(out, options);
  return {
    report: (event) => inner.report(event),
    close() {
      inner.close();
      closeSync(file);
    },
  };
}

function makeRoom(path: string, maxBytes: number): void {
  if (maxBytes === 0 || (statSync(path, { throwIfNoEntry: false })?.size ?? 0) < maxBytes) return;
  for (let number = KEPT - 1; number >= 1; number--)
    if (existsSync(`${path}.${number}`)) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
  renameSync(path, `${path}.1`);
}

function timedText(out: { write(text: string): unknown }, { level, invocationId, startedAt, replay }: LogFileOptions): Reporter {
  const progress = startProgress();
  const plain = look({ colors: false, width: 100 });
  const lines = (event: Event, shown: Level): readonly string[] =>
    textLines(event, progress, {
      look: plain,
      level: shown,
      get replay() {
        return replay();
      },
    });
  const time = (at: number): string => new Date(at).toISOString().slice(11, 23);
  out.write(`${'='.repeat(30)} ${new Date(startedAt).toISOString()} | ${invocationId} ${'='.repeat(30)}\n`);
  return {
    report(event) {
      advance(progress, event);
      // The quietest level that shows it is its own.
      const own = LEVELS.find((one) => lines(event, one).length > 0);
      const told = event.type === 'output' ? answered(event) : own && reaches(own, level) ? lines(event, level) : [];
      for (const line of told) out.write(`${time(event.at)} [${(own ?? 'info').padEnd(5)}] ${line}\n`);
    },
    close() {},
  };
}

const answered = ({ text }: Extract<Event, { type: 'output' }>): readonly string[] => text.trimEnd().split('\n');
