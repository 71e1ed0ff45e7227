// dwh seed: the project's CSV files as tables.
import type { Command } from '../command.ts';
import { deferOptions, rebuildingOptions, selectionOptions, showOption } from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const seed: Command = {
  options: { ...selectionOptions, ...deferOptions, ...rebuildingOptions, ...showOption },
  examples: [['dwh seed -s countries', 'one seed']],
  run: async (invocation) => carryOut(await requestOf('seed', invocation), invocation),
};
