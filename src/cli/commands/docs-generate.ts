// dwh docs generate: manifest.json, catalog.json and the page that shows them, in the target folder.
import type { Command } from '../command.ts';
import { compiledAnewOption, deferOptions, selectionOptions } from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const docsGenerate: Command = {
  options: {
    ...selectionOptions,
    ...deferOptions,
    ...compiledAnewOption,
    compile: { kind: 'flag', on: true, group: 'Execution', describe: 'Do not compile the nodes first' },
    'empty-catalog': { kind: 'flag', group: 'Execution', describe: 'Do not ask the warehouse' },
    static: { kind: 'flag', group: 'Output', describe: 'Write the page as static_index.html, too' },
    introspect: { kind: 'flag', on: true, env: 'INTROSPECT', describe: 'Templates may not ask the warehouse' },
  },
  examples: [
    ['dwh docs generate', 'everything'],
    ['dwh docs generate --empty-catalog --no-compile', 'without a warehouse'],
  ],
  async run(invocation) {
    const { given } = invocation;
    const docs = {
      compile: given.flag('compile') ?? true,
      emptyCatalog: given.flag('empty-catalog') ?? false,
      static: given.flag('static') ?? false,
    };
    return carryOut({ ...(await requestOf('docs generate', invocation, 'generate')), docs }, invocation);
  },
};
