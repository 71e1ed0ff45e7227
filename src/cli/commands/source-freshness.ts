// dwh source freshness: how old the newest rows of the sources are, against what is promised; written to sources.json.
import type { Command } from '../command.ts';
import type { Options } from '../given.ts';
import { selectionOptions } from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

const options: Options = {
  ...selectionOptions,
  output: { kind: 'text', short: 'o', group: 'Output', describe: 'The file to write (default: target/sources.json)' },
};

export const sourceFreshness: Command = {
  options,
  examples: [['dwh source freshness -s source:sparkify', 'one source']],
  run: async (invocation) => carryOut(await requestOf('source freshness', invocation, 'freshness'), invocation),
};
