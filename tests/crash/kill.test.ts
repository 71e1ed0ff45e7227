// `kill -9` at random moments of a load and of a build: no reader finds anything half done, and the next run brings the
// database where a run without the kill brings it. DWH_TEST_KILLS says how many seeds are tried; a seed gives the same
// moments again, as far as the machine does.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seeded } from '../../bench/sparkify/random.ts';
import { repoRoot } from '../support/shared.ts';
import { tempDir } from '../support/temp-dir.ts';
import { arrive, makeBucket } from './bucket.ts';
import { complaints, type Moment, momentText, type Ran, run } from './kill.ts';
import { differences, type State, stateOf, torn } from './state.ts';

const test = suite('kill -9');
const seeds = Number(process.env.DWH_TEST_KILLS ?? 20);

/** A run from a known state to a known state. */
interface Leg {
  readonly command: 'load' | 'build';
  /** The project before it. */
  readonly from: string;
  readonly before: State;
  readonly after: State;
  readonly undisturbed: Ran;
}

const legs: Leg[] = [];
let hits = 0;
let moments = 0;

const copyOf = (projectDir: string): string => {
  const copy = tempDir('radio');
  cpSync(projectDir, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
};

const ranWell = ({ code, text }: Ran): void => assert.is(code, 0, complaints(text));

test.before(async () => {
  const bucket = makeBucket();
  for (const command of ['load', 'build'] as const) {
    let from = copyOf(join(repoRoot, 'tests', 'crash', 'radio'));
    for (const wave of ['first', 'late'] as const) {
      arrive(wave, bucket, from);
      const to = copyOf(from);
      const undisturbed = await run(command, to);
      ranWell(undisturbed);
      legs.push({ command, from, before: await stateOf(from), after: await stateOf(to), undisturbed });
      from = to;
    }
  }
});

test('what is compared: each run changes much, refuses records, and leaves nothing beside', () => {
  assert.is(legs.length, 4);
  for (const { before, after, command } of legs) {
    const changed = differences(after, before).length;
    assert.ok(changed >= (command === 'load' ? 2 : 9), `${command} changes ${changed} relations`);
    const refused = (state: State): number =>
      (state.get('main.staging_events') ?? []).filter((row) => row.startsWith('_dwh.load_rejects')).length;
    assert.ok(refused(after) > refused(before));
    assert.not([...after.keys()].some((relation) => relation.includes('__dwh')));
  }
});

for (let seed = 1; seed <= seeds; seed++) {
  // All 16 kinds come equally often.
  const [twice, late, building, byOutput] = [1, 2, 4, 8].map((bit) => (seed & bit) > 0);
  const title = `seed ${seed}: a ${building ? 'build' : 'load'} ${late ? 'of late files' : 'from nothing'}, killed ${twice ? 'twice' : 'once'}`;
  test(title, async () => {
    const leg = legs.find(({ command, before }) => command === (building ? 'build' : 'load') && before.size > 0 === late);
    assert.ok(leg);
    const random = seeded(seed);
    const said: string[] = [];
    const claim = (what: string, wrong: readonly string[]): void => {
      if (wrong.length > 0) throw new Error(`${title}, ${said.join(', then ')}: ${what}\n${wrong.join('\n')}`);
    };
    const project = copyOf(leg.from);
    for (let kill = 0; kill < (twice ? 2 : 1); kill++) {
      const moment: Moment = byOutput
        ? { line: 1 + random.int(leg.undisturbed.lines), ms: random.int(5) }
        : { line: 0, ms: random.int(Math.ceil(leg.undisturbed.ms)) };
      moments++;
      const { killed, code, text } = await run(leg.command, project, moment);
      said.push(`${momentText(moment)}${killed ? '' : ' (which was too late)'}`);
      if (killed) hits++;
      else claim(`it ended with ${code} before it was killed`, code === 0 ? [] : [complaints(text)]);
      claim('the kill left it half done', torn(await stateOf(project), leg.before, leg.after));
    }
    const { code, text } = await run(leg.command, project);
    claim(`the run after it ended with ${code}`, code === 0 ? [] : [complaints(text)]);
    claim('the end is another than without the kill', differences(await stateOf(project), leg.after));
  });
}

test('most kills came while it ran', () => {
  assert.ok(hits * 2 > moments, `${hits} of ${moments}`);
});

test.run();
