// dwh snapshot: the versions of rows, kept.
import type { Command } from '../command.ts';
import { deferOptions, emptyOption, sampleOption, selectionOptions, writingOptions } from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const snapshot: Command = {
  options: { ...selectionOptions, ...deferOptions, ...writingOptions, ...emptyOption, ...sampleOption },
  examples: [
    ['dwh snapshot', 'all snapshots'],
    ['dwh snapshot -s customers_history', 'one of them'],
  ],
  run: async (invocation) => carryOut(await requestOf('snapshot', invocation), invocation),
};
