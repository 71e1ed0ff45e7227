import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { textWidth } from '../../src/core/table-text.ts';
import { footerLines } from '../../src/reporters/footer.ts';
import { look } from '../../src/reporters/look.ts';
import { plainReporter } from '../../src/reporters/plain.ts';
import { terminalReporter } from '../../src/reporters/terminal.ts';
import { golden } from '../support/golden.ts';
import { collector, events, fold, progressAfter, START } from './fixture-run.ts';

const test = suite('reporters: terminal');

const ESC = '\u001b';

/** What a terminal shows after all of it: enough of one for text, line feeds, \r, cursor up and erase below. */
function screen(written: string): string {
  const lines: string[] = [''];
  let row = 0;
  const parts = new RegExp(`${ESC}\\[(\\d+)A|${ESC}\\[J|\\r|\\n|[^${ESC}\\r\\n]+`, 'g');
  for (const [part, up] of written.matchAll(parts)) {
    if (up !== undefined) row -= Number(up);
    else if (part === `${ESC}[J`) lines.splice(row, lines.length, '');
    else if (part === '\n') {
      row++;
      lines[row] ??= '';
    } else if (part !== '\r') lines[row] += part;
  }
  return lines.join('\n');
}

function onTerminal(of: typeof events, tickEvery = 1, columns = 80): string {
  const out = collector();
  let now = START;
  let tick = (): void => {};
  let ticking = false;
  const reporter = terminalReporter({
    log: out,
    out,
    look: look({ colors: false, width: 80 }),
    level: 'info',
    replay: '',
    clock: () => now,
    every: (_ms, call) => {
      tick = call;
      ticking = true;
      return () => {
        ticking = false;
      };
    },
    columns: () => columns,
  });
  for (const [index, event] of of.entries()) {
    now = event.at;
    reporter.report(event);
    if (ticking && index % tickEvery === 0) tick();
  }
  const shown = screen(out.text());
  reporter.close();
  assert.is(ticking, false, 'the timer is stopped');
  return shown;
}

/** The run with names longer than most terminals are wide, some of them in wide characters. */
const longNames = (): typeof events =>
  events.map((event) =>
    event.type === 'run-started'
      ? {
          ...event,
          nodes: event.nodes.map((node, index) => ({ ...node, label: `${node.label}_${(index % 2 ? 'and_so_on_' : '日本の').repeat(9)}` })),
        }
      : event,
  );

test('the footer at each moment', () => {
  const shown = fold((event, progress) => [
    `-- ${event.type}`,
    ...footerLines(progress, event.at, look({ colors: false, width: 60 })),
  ]).flat();
  golden('reporters/footer.txt', shown.join('\n'));
});

test('no line of the footer is wider than the terminal', () => {
  for (const width of [20, 33, 60, 120]) {
    for (const line of fold((event, progress) => footerLines(progress, event.at, look({ colors: false, width }))).flat())
      assert.ok(textWidth(line) <= width, line);
  }
});

test('in the end the screen holds exactly the plain report', () => {
  const plain = collector();
  const reporter = plainReporter({
    log: plain,
    out: { write: () => undefined },
    look: look({ colors: false, width: 80 }),
    level: 'info',
    replay: '',
  });
  for (const event of events) reporter.report(event);
  for (const tickEvery of [1, 2, 5, 1000]) assert.is(onTerminal(events, tickEvery), plain.text());
});

test('the lines of nodes are cut to the terminal, and keep how the node ended', () => {
  for (const columns of [60, 80, 200]) {
    const lines = onTerminal(longNames(), 1, columns).split('\n');
    const ended = lines.filter((line) => /^ *\d+ of \d+ /.test(line));
    assert.ok(ended.length > 0);
    for (const line of ended) {
      assert.ok(textWidth(line) <= columns, `${columns}: ${line}`);
      assert.match(line, /\.\.\. \[.*\]$/);
    }
    assert.is(
      ended.some((line) => line.includes('…')),
      columns < 200,
    );
  }
});

test('a terminal too narrow for anything still shows the beginning of each name', () => {
  assert.match(onTerminal(longNames(), 1, 20), /^\d of 9 PASS test not_n… \.\.\. \[PASS in 0\.01s\]$/m);
});

test('while it runs the footer is below the lines', () => {
  const shown = onTerminal(events.slice(0, 13));
  assert.match(shown, /─ 4\/9 {2}1s {2}1 running\n {2}table model main\.orders {2}\d+s$/);
  assert.is(progressAfter(events.slice(0, 13)).running.size, 1);
});

test('an answer does not land in the footer', () => {
  const shown = onTerminal([...events.slice(0, 6), { at: START + 650, type: 'output', text: 'printed by a macro' }, ...events.slice(7)]);
  assert.match(shown, /^printed by a macro$/m);
});

test.run();
