// Writes the text report where nobody watches it being written: a file, a pipe, CI. No cursor movement, no footer.
import type { Event } from '../core/event.ts';
import { advance, closed, type Reporter, type Stream, startProgress } from './reporter.ts';
import { type TextOptions, textLines } from './text.ts';

export interface PlainOptions extends TextOptions {
  /** The report. */
  readonly log: Stream;
  /** Answers: `output` events, as they are. */
  readonly out: Stream;
}

export function plainReporter(options: PlainOptions): Reporter {
  const progress = startProgress();
  return {
    report(event: Event): void {
      advance(progress, event);
      if (event.type === 'output') options.out.write(closed(event.text));
      const lines = textLines(event, progress, options);
      if (lines.length > 0) options.log.write(`${lines.join('\n')}\n`);
    },
    close() {},
  };
}
