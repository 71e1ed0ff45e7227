// dwh load, also dwh source load: what is new in the sources, each file exactly once.
import type { Command } from '../command.ts';
import { emptyOption, rebuildingOptions, selectionOptions } from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const load: Command = {
  options: { ...selectionOptions, ...rebuildingOptions, ...emptyOption },
  examples: [
    ['dwh load', 'all sources'],
    ['dwh load -s source:sparkify.staging_events', 'one table'],
    ['dwh load --dry-run', 'which files would be loaded, and why'],
  ],
  run: async (invocation) => carryOut(await requestOf('load', invocation), invocation),
};
