import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { secretsOf } from '../../src/core/secrets.ts';
import { runResults, runResultsText } from '../../src/reporters/artifacts.ts';
import { JOURNAL, type Journal, openJournal } from '../../src/reporters/journal.ts';
import { tempDir } from '../support/temp-dir.ts';
import { fold, START } from './fixture-run.ts';

const test = suite('reporters: journal');

const meta = { invocationId: '00000000-0000-4000-8000-000000000000', startedAt: START, env: {}, args: { which: 'build', results: [] } };

interface Heard {
  readonly journal: Journal;
  /** What is in the file. */
  readonly lines: () => readonly string[];
  /** How many results were in it behind each that came. */
  readonly written: readonly number[];
}

function heard(atOnce: boolean): Heard {
  const targetPath = tempDir('journal');
  const file = join(targetPath, JOURNAL);
  const lines = (): readonly string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []);
  const journal = openJournal(meta, secretsOf([]), { atOnce });
  const written: number[] = [];
  fold((event, progress) => {
    journal.heard(event.type === 'run-started' ? { ...event, targetPath } : event, progress);
    if (event.type === 'node-finished') written.push(lines().length - 1);
    if (event.type === 'run-finished')
      assert.is(runResultsText(journal.rows() ?? [], progress, meta), JSON.stringify(runResults(progress, meta)));
  });
  return { journal, lines, written };
}

test('a result is there as soon as its node has ended; all are gone when run_results.json has them', () => {
  const { journal, lines, written } = heard(true);
  assert.equal(
    written,
    written.map((_, index) => index + 1),
  );
  assert.equal(lines().slice(1), journal.rows());
  journal.close(true);
  assert.equal(lines(), []);
});

test('of a command that changes nothing results may wait, and are there when it broke off', () => {
  const { journal, lines, written } = heard(false);
  assert.ok(written.length > 0 && written.every((count) => count === 0));
  const rows = journal.rows();
  journal.close(false);
  assert.equal(lines().slice(1), rows);
});

test.run();
