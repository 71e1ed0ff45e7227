// dwh run: loads what is new, then materializes the models in order.
import type { Command } from '../command.ts';
import { deferOptions, executionOptions, loadOption, selectionOptions } from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const run: Command = {
  options: { ...selectionOptions, ...deferOptions, ...executionOptions, ...loadOption },
  examples: [
    ['dwh run', 'all models'],
    ['dwh run -s staging tag:daily --exclude dim_time', 'some of them'],
    ['dwh run -f -s fact_songplays', 'one, rebuilt from nothing'],
  ],
  run: async (invocation) => carryOut(await requestOf('run', invocation), invocation),
};
