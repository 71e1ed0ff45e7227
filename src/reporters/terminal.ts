// Writes the text report to a terminal: lines scroll above a live footer, which is erased before anything else is written.
import type { Event } from '../core/event.ts';
import { footerLines } from './footer.ts';
import type { PlainOptions } from './plain.ts';
import { advance, closed, type Reporter, startProgress } from './reporter.ts';
import { textLines } from './text.ts';

export interface TerminalOptions extends PlainOptions {
  /** Epoch ms. */
  readonly clock: () => number;
  /** Calls `tick` again and again until the returned function is called. */
  readonly every: (ms: number, tick: () => void) => () => void;
  /** Of the terminal now: it may have been resized. */
  readonly columns: () => number;
}

const REDRAW_MS = 100;

export function terminalReporter(options: TerminalOptions): Reporter {
  const progress = startProgress();
  let drawn = 0;
  let lastDraw = 0;
  let held = '';
  let stop: (() => void) | undefined;

  /** Erases the footer, writes what is held back, draws the footer anew: one write, so that nothing flickers. */
  const redraw = (footer: boolean): void => {
    const erase = drawn === 0 ? '' : `${drawn > 1 ? `\x1b[${drawn - 1}A` : ''}\r\x1b[J`;
    const lines = footer ? footerLines(progress, options.clock(), { ...options.look, width: Math.max(20, options.columns() - 1) }) : [];
    const text = `${erase}${held}${lines.join('\n')}`;
    held = '';
    drawn = lines.length;
    lastDraw = options.clock();
    if (text !== '') options.log.write(text);
  };

  return {
    report(event: Event): void {
      advance(progress, event);
      const columns = options.columns();
      const look = { ...options.look, columns, width: Math.min(options.look.width, columns) };
      const lines = textLines(event, progress, { ...options, look });
      if (lines.length > 0) held += `${lines.join('\n')}\n`;
      if (event.type === 'output') {
        redraw(false);
        options.out.write(closed(event.text));
      }
      if (event.type === 'run-started') stop ??= options.every(REDRAW_MS, () => redraw(true));
      if (event.type === 'run-finished') stop?.();
      // While the footer lives its timer redraws; a thousand quick nodes then cost a few writes.
      const live = progress.started !== undefined && progress.finished === undefined;
      if (!live || options.clock() - lastDraw >= REDRAW_MS) redraw(live);
    },
    close() {
      stop?.();
      redraw(false);
    },
  };
}
