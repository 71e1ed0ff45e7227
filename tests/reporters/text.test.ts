import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../src/core/event.ts';
import { look } from '../../src/reporters/look.ts';
import { plainReporter } from '../../src/reporters/plain.ts';
import type { Level } from '../../src/reporters/reporter.ts';
import { textLines } from '../../src/reporters/text.ts';
import { golden } from '../support/golden.ts';
import { collector, events, fold, ids, START } from './fixture-run.ts';

const test = suite('reporters: text');

const text = (level: Level, of: readonly Event[] = events, width = 80, replay = ''): string =>
  fold((event, progress) => textLines(event, progress, { look: look({ colors: false, width }), level, replay }), of)
    .flat()
    .join('\n');

test('a run as it is shown', () => golden('reporters/build.txt', text('info')));
test('with every statement', () => golden('reporters/build-debug.txt', text('debug')));
test('errors only', () => golden('reporters/build-quiet.txt', text('error')));
test('narrow', () => golden('reporters/build-narrow.txt', text('info', events, 50, '--target prod')));
test('nothing at all', () => assert.is(text('none'), ''));

test('no control character is in it, whatever the data holds', () => {
  assert.not.match(text('debug'), /[^\n\P{Cc}]/u);
});

test('its last line is the counts', () => {
  assert.is(text('info').split('\n').at(-1), 'Done. PASS=4 WARN=1 ERROR=3 SKIP=1 NO-OP=0 TOTAL=9');
});

test('a command that answers tells only what is unusual', () => {
  const compile = events.map((event): Event => (event.type === 'run-started' ? { ...event, command: 'compile' } : event));
  assert.is(text('info', compile.slice(0, 5)).split('\n').length, 2);
  const well = compile.filter((event) => event.type !== 'node-finished' || event.result.status === 'pass').slice(1);
  assert.is(text('info', well), '');
});

test('what finished is counted in the order of a run, not in that of its ends', () => {
  const counted = (of: readonly Event[]): string | undefined => /^Finished .* in /m.exec(text('info', of))?.[0];
  const ends = events.filter((event) => event.type === 'node-finished').reverse();
  const reversed = events.map((event): Event => (event.type === 'node-finished' ? (ends.shift() ?? event) : event));
  assert.is(counted(reversed), 'Finished 1 source, 1 seed, 4 models, 3 data tests in ');
});

test('an interrupted run says how far it came', () => {
  const cut: Event[] = [...events.slice(0, 8), { at: START + 900, type: 'run-finished', ms: 900, interrupted: true }];
  assert.match(text('info', cut), 'Interrupted after 1 source, 1 seed in 0.90s');
});

test('a run of nothing says so', () => {
  const none = events.flatMap((event): Event[] =>
    event.type === 'run-started' ? [{ ...event, nodes: [] }] : event.type === 'run-finished' ? [event] : [],
  );
  assert.match(text('info', none), 'Nothing to do: no node is selected.');
  assert.match(text('info', none), 'Done. PASS=0 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=0');
});

test('a test that fails in `test` is run again by `test`, a model by the command that ran it', () => {
  const asTest = events
    .map((event): Event => (event.type === 'run-started' ? { ...event, command: 'test' } : event))
    .filter((event) => event.type !== 'node-finished' || event.result.node !== ids.orders);
  assert.match(text('info', asTest), 'again: dwh test -s unique_orders_order_id');
  const asRun = events.map((event): Event => (event.type === 'run-started' ? { ...event, command: 'run' } : event));
  assert.match(text('info', asRun), 'again: dwh run -s customers');
});

test('answers go where answers go', () => {
  const [log, out] = [collector(), collector()];
  const reporter = plainReporter({
    log,
    out,
    look: look({ colors: false, width: 80 }),
    level: 'error',
    replay: '',
  });
  reporter.report({ at: START, type: 'output', text: 'one\ntwo' });
  reporter.report({ at: START, type: 'output', text: 'three\n' });
  reporter.report({ at: START, type: 'problems', problems: [{ code: 'usage', message: 'no' }] });
  assert.is(out.text(), 'one\ntwo\nthree\n');
  assert.is(log.text(), 'error[usage] no\n');
});

test.run();
