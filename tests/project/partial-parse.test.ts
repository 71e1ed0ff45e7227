// Random edits of a project that has a thing of every kind: after each of them, a warm parse and a cold one leave the same
// manifest.json, warn of the same, and ls answers the same. DWH_TEST_EDITS: how many; DWH_TEST_EDITS_SEED: those of a failure.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../src/core/event.ts';
import { DwhError, type Problem } from '../../src/core/problem.ts';
import { fixtureIn, type RequestOptions } from '../support/fixture.ts';
import { tempDir } from '../support/temp-dir.ts';
import { type Edit, firstFiles, makeEdits, randomOf } from './edited-project.ts';

const test = suite('project: partial parsing');

const count = Number(process.env.DWH_TEST_EDITS ?? 50);
/** A new project after so many, so that not all depends on what the first of them did. */
const perProject = 25;
const HOUR = 3_600_000;
const SELECTIONS = [
  '',
  'tag:none+',
  'config.materialized:table',
  'path:models/marts',
  'package:tools',
  '+exposure:board',
  '@stg_a',
  'test_type:generic',
];

interface Answer {
  readonly failed: boolean;
  readonly text: string;
}

/** All that an answer of either command may differ in, as text; the moment and the run are not part of it. */
async function answer(dir: string, command: 'parse' | 'ls', options: RequestOptions): Promise<Answer> {
  const problems: Problem[] = [];
  let output = '';
  const take = (events: readonly Event[]): void => {
    for (const event of events) {
      if (event.type === 'problems') problems.push(...event.problems);
      if (event.type === 'output') output += event.text;
    }
  };
  try {
    take(await fixtureIn(dir).run(command, { ...options, ...(command === 'ls' && { output: 'json' }) }));
  } catch (error) {
    if (!(error instanceof DwhError)) throw error;
    return { failed: true, text: JSON.stringify(error.problems, null, 1) };
  }
  const manifest =
    command === 'parse' ? JSON.parse(readFileSync(join(dir, options.targetPath ?? 'target', 'manifest.json'), 'utf8')) : undefined;
  if (manifest) {
    for (const key of ['generated_at', 'invocation_id', 'invocation_started_at']) delete manifest.metadata[key];
    for (const found of Object.values<Record<string, unknown>>({ ...manifest.nodes, ...manifest.macros, ...manifest.sources }))
      delete found.created_at;
  }
  return { failed: false, text: `${JSON.stringify(problems, null, 1)}\n${output}\n${JSON.stringify(manifest, null, 1)}` };
}

interface Difference {
  /** Of the edit behind which it came. */
  readonly at: number;
  readonly text: string;
}

function apply(dir: string, edit: Edit): void {
  const path = (file: string): string => join(dir, file);
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  };
  if ('write' in edit) write(edit.write, edit.text);
  else if ('remove' in edit) rmSync(path(edit.remove), { force: true });
  else if ('move' in edit && existsSync(path(edit.move))) {
    mkdirSync(dirname(path(edit.to)), { recursive: true });
    rmSync(path(edit.to), { recursive: true, force: true });
    renameSync(path(edit.move), path(edit.to));
  } else if ('touch' in edit && existsSync(path(edit.touch))) utimesSync(path(edit.touch), new Date(), new Date());
  else if ('hidden' in edit && existsSync(path(edit.hidden))) {
    const { atime, mtime } = statSync(path(edit.hidden));
    const text = readFileSync(path(edit.hidden), 'utf8');
    writeFileSync(
      path(edit.hidden),
      text.replace(/\d(?=[^\d]*$)/, (digit) => String((Number(digit) + 1) % 10)),
    );
    utimesSync(path(edit.hidden), atime, mtime);
  }
}

/** The first difference between warm and cold; undefined: there is none. Counts the steps at which the project was well. */
async function firstDifference(seed: number, edits: readonly Edit[], well = { steps: 0 }): Promise<Difference | undefined> {
  const dir = tempDir('partial');
  for (const [file, text] of firstFiles(randomOf(seed))) apply(dir, { write: file, text });
  const chance = randomOf(seed + 1);
  let options: RequestOptions = {};
  for (const [at, edit] of [{ call: {} }, ...edits].entries()) {
    if ('call' in edit) options = { ...options, ...edit.call };
    apply(dir, edit);
    // As late as it is, when new files are read again whatever their times say, or an hour later, when times are believed.
    const moment = { startedAt: Date.now() + (chance() < 0.5 ? HOUR : 0) };
    const first = chance() < 0.5;
    for (const command of first ? (['parse', 'ls'] as const) : (['ls', 'parse'] as const)) {
      const select = SELECTIONS[Math.floor(chance() * SELECTIONS.length)] ?? '';
      const asked = { ...options, ...moment, ...(command === 'ls' && { select }) };
      const warm = await answer(dir, command, asked);
      const cold = await answer(dir, command, { ...asked, partialParse: false, targetPath: 'target-cold' });
      if (warm.text !== cold.text) return { at, text: `${command}: ${differing(warm.text, cold.text)}` };
      if (!warm.failed) well.steps++;
    }
  }
  return undefined;
}

function differing(warm: string, cold: string): string {
  const lines = warm.split('\n');
  const others = cold.split('\n');
  const at = lines.findIndex((line, index) => line !== others[index]);
  const around = (some: readonly string[]): string => some.slice(Math.max(0, at - 4), at + 3).join('\n');
  return `warm\n${around(lines)}\ncold\n${around(others)}`;
}

/** Leaves out what the difference does not need: halves first, then one by one. */
async function shrunk(seed: number, edits: readonly Edit[]): Promise<readonly Edit[]> {
  let left = edits;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const fewer = [...left.slice(0, at), ...left.slice(at + size)];
      if (await firstDifference(seed, fewer)) left = fewer;
      else at += size;
    }
  }
  return left;
}

test(`after each of ${count} random edits, a warm parse is what a cold one is`, async () => {
  const given = process.env.DWH_TEST_EDITS_SEED;
  const base = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
  const well = { steps: 0 };
  for (let done = 0; done < count; done += perProject) {
    const seed = base + done;
    const edits = makeEdits(randomOf(seed + 2), Math.min(perProject, count - done));
    const found = await firstDifference(seed, edits, well);
    if (!found) continue;
    const needed = await shrunk(seed, edits.slice(0, found.at));
    const list = needed.map((edit) => JSON.stringify(edit)).join('\n');
    assert.unreachable(
      `DWH_TEST_EDITS_SEED=${seed} DWH_TEST_EDITS=${perProject}\n${list}\n${(await firstDifference(seed, needed))?.text ?? found.text}`,
    );
  }
  assert.ok(well.steps > count / 2, `the project was well after ${well.steps} of ${2 * count} commands (seed ${base})`);
});

test.run();
