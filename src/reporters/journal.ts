// The journal of a run: target/run_journal.jsonl. Its head says what the run is; each node that ends adds a line at once, so that
// `retry` knows what was done when the process is killed. It is gone when run_results.json has all of it.
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../core/event.ts';
import type { Secrets } from '../core/secrets.ts';
import { makeFolder } from '../project/make-folder.ts';
import { keptRows, metadata, type ResultsMeta, resultRow } from './artifacts.ts';
import type { Progress } from './reporter.ts';

export const JOURNAL = 'run_journal.jsonl';

export interface Journal {
  /** `progress` is ahead: it knows of the event. */
  heard(event: Event, progress: Progress): void;
  /** Every result so far, as JSON; undefined: it could not be kept. */
  rows(): readonly string[] | undefined;
  /** `recorded`: run_results.json has all that the journal has. */
  close(recorded: boolean): void;
}

/** Of lines that may wait, so many characters are written together. */
const HELD_BACK = 1 << 16;

/** `atOnce`: a line is written when its node ends, because what was done shall not be done again. */
export function openJournal(meta: ResultsMeta, secrets: Pick<Secrets, 'json'>, { atOnce }: { readonly atOnce: boolean }): Journal {
  let open: { readonly file: number; readonly path: string } | undefined;
  const rows: string[] = [];
  let held = '';
  const line = (value: unknown): string => `${secrets.json(value)}\n`;
  const begin = (progress: Progress, targetPath: string, own: readonly string[]): void => {
    const path = join(targetPath, JOURNAL);
    makeFolder(targetPath);
    const file = openSync(`${path}.new`, 'w');
    const kept = meta.retry ? keptRows(progress, meta.retry) : [];
    const nodes = [...new Set([...kept.map(({ unique_id }) => String(unique_id)), ...own])];
    writeSync(file, line({ metadata: metadata('run-results/v6', progress, meta), args: meta.args, nodes }) + kept.map(line).join(''));
    // In one step: until then the journal of the run before counts.
    renameSync(`${path}.new`, path);
    open = { file, path };
  };
  /** A full disk stops no run; that run_results.json cannot be written either is said. */
  const ifPossible = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      open = undefined;
    }
  };
  return {
    heard(event, progress) {
      ifPossible(() => {
        if (event.type === 'run-started')
          begin(
            progress,
            event.targetPath,
            event.nodes.map(({ node }) => node),
          );
        else if (event.type === 'node-finished' && open) {
          const row = secrets.json(resultRow(event.result, progress));
          rows.push(row);
          held += `${row}\n`;
          if (!atOnce && held.length < HELD_BACK) return;
          writeSync(open.file, held);
          held = '';
        }
      });
    },
    rows: () => open && rows,
    close(recorded) {
      ifPossible(() => {
        if (!open) return;
        if (!recorded) writeSync(open.file, held);
        closeSync(open.file);
        if (recorded) rmSync(open.path, { force: true });
        open = undefined;
      });
    },
  };
}
