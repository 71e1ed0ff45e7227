// dwh build: everything in graph order, published when its tests have passed.
import type { Command } from '../command.ts';
import { executionOptions, loadOption, publishOption, resourceTypeOptions, selectionOptions, showOption, testOptions } from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const build: Command = {
  options: {
    ...selectionOptions,
    ...resourceTypeOptions,
    ...executionOptions,
    ...loadOption,
    ...testOptions,
    ...publishOption,
    ...showOption,
    // There are no saved queries here: the semantic layer is passed over.
    'export-saved-queries': { kind: 'flag', env: 'EXPORT_SAVED_QUERIES', describe: '' },
    'include-saved-query': { kind: 'flag', env: 'INCLUDE_SAVED_QUERY', describe: '' },
  },
  examples: [
    ['dwh build', 'load, build and test everything'],
    ['dwh build -s +fact_songplays', 'one model and all it needs'],
    ["dwh build --vars '{song_data: songs/}'", 'on other data'],
  ],
  run: async (invocation) => carryOut(await requestOf('build', invocation), invocation),
};
