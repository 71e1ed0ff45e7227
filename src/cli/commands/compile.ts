// dwh compile: the SQL that would run, in target/compiled; of one node, or of SQL given on the command line, also on stdout.
import type { Command } from '../command.ts';
import {
  answerOptions,
  compiledAnewOption,
  deferOptions,
  emptyOption,
  resourceTypeOptions,
  sampleOption,
  selectionOptions,
} from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const compile: Command = {
  options: {
    ...selectionOptions,
    ...deferOptions,
    ...resourceTypeOptions,
    ...compiledAnewOption,
    ...emptyOption,
    ...sampleOption,
    ...answerOptions,
    'inject-ephemeral-ctes': { kind: 'flag', env: 'INJECT_EPHEMERAL_CTES', describe: '' },
  },
  examples: [
    ['dwh compile', 'everything, into target/compiled'],
    ['dwh compile -s dim_users', 'one model, printed'],
    ["dwh compile --inline 'select {{ 41 + 1 }}'", 'a query, printed'],
  ],
  run: async (invocation) => carryOut(await requestOf('compile', invocation), invocation),
};
