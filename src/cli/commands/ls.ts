// dwh ls: the names of the chosen nodes. It never connects.
import type { Command } from '../command.ts';
import type { Options } from '../given.ts';
import { resourceTypeOptions, selectionOptions } from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

const options: Options = {
  ...selectionOptions,
  select: { ...selectionOptions.select, aliases: [] },
  // As in dbt: here -m means models only.
  models: { kind: 'texts', short: 'm', aliases: ['model'], group: 'Selection', describe: 'Like --select, and only models' },
  ...resourceTypeOptions,
  output: {
    kind: 'text',
    choices: ['json', 'name', 'path', 'selector'],
    group: 'Output',
    describe: 'selector (default), name, path or json',
  },
  'output-keys': { kind: 'texts', group: 'Output', describe: 'With --output json: the properties to print' },
};

export const ls: Command = {
  options,
  examples: [
    ['dwh ls', 'everything'],
    ['dwh ls -s +dim_users --resource-type model', 'models that a model comes from'],
    ['dwh ls --output json --output-keys name config.materialized', 'for scripts'],
  ],
  async run(invocation) {
    const request = await requestOf('ls', invocation, 'list');
    const models = invocation.given.texts('models').flatMap((text) => text.split(/\s+/));
    const { selection } = request;
    const narrowed = models.length === 0 ? selection : { ...selection, select: [...selection.select, ...models], resourceTypes: ['model'] };
    return carryOut({ ...request, selection: narrowed }, invocation);
  },
};
