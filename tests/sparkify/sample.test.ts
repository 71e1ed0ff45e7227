// The sample and what the project says of it: sample/ is what the generator makes, and the expected answers beside the
// analyses are those that plain code finds in the raw files.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { generateSparkify } from '../../bench/generate-sparkify.ts';
import { repoRoot } from '../support/shared.ts';
import { tempDir } from '../support/temp-dir.ts';
import { type Answer, plainAnswers } from './plain-answers.ts';

const test = suite('sparkify: the sample');
const sample = join(repoRoot, 'sample');
const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .sort();

test('sample/ is what the generator makes with the options of `npm run sample`', () => {
  const made = tempDir();
  generateSparkify({ out: made, events: 1450, songs: 64, users: 36, seed: 12 });
  assert.equal(files(sample), files(made));
  for (const file of files(made)) assert.equal(readFileSync(join(sample, file)), readFileSync(join(made, file)), file);
});

test('the sample is under 1 MB and has at least 1,000 plays, some of which the catalogue knows', () => {
  const total = files(sample).reduce((sum, file) => sum + statSync(join(sample, file)).size, 0);
  assert.ok(total < 1_000_000, `${total} bytes`);
  const [plays = 0, matched = 0] = (plainAnswers(sample).match_rate?.rows[0] ?? []).map(Number);
  assert.ok(plays >= 1000 && matched >= 100 && matched < plays, `${matched} of ${plays} plays match`);
});

const csv = ({ header, rows }: Answer): string =>
  [header, ...rows].map((row) => `${row.map((value) => field(value)).join(',')}\n`).join('');
const field = (value: string | number | null): string => {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const answers = plainAnswers(sample);
const analyses = join(repoRoot, 'analyses');

test('every question has expected answers', () => {
  const questions = readdirSync(analyses).filter((file) => file.endsWith('.sql'));
  assert.equal(questions.map((file) => file.replace('.sql', '')).sort(), Object.keys(answers).sort());
});

for (const [question, answer] of Object.entries(answers)) {
  test(`the expected answer of ${question} is what plain code finds in the raw files`, () => {
    const file = join(analyses, `${question}.csv`);
    // UPDATE_GOLDENS=1 rewrites it, after a change of the sample.
    if (process.env.UPDATE_GOLDENS) writeFileSync(file, csv(answer));
    assert.equal(parse(readFileSync(file)), parse(csv(answer)));
  });
}

test.run();
