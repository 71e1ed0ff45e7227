// dwh lint: what a warehouse would refuse, told without asking it; of SQL files, of stdin, or of the project's models.
import type { Command } from '../command.ts';
import { usage } from '../given.ts';
import { resourceTypeOptions, selectionOptions } from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const lint: Command = {
  options: {
    ...selectionOptions,
    ...resourceTypeOptions,
    dialect: {
      kind: 'text',
      choices: ['redshift', 'postgres', 'duckdb'],
      group: 'Execution',
      describe: 'Whose SQL it is: redshift (default), postgres, duckdb',
    },
    fix: { kind: 'flag', group: 'Execution', describe: 'Rewrite the files where that changes no meaning' },
    output: { kind: 'text', choices: ['text', 'json'], group: 'Output', describe: 'text (default) or json' },
    'list-rules': { kind: 'flag', group: 'Output', describe: 'List the rules' },
  },
  examples: [
    ['dwh lint', 'the models, as they compile'],
    ['dwh lint -s +dim_users', 'some of them'],
    ['dwh lint migrations.sql --output json', 'a file of any number of statements'],
  ],
  async run(invocation) {
    const { given, system } = invocation;
    const files = given.positionals;
    const fix = given.flag('fix') ?? false;
    const request = await requestOf('lint', invocation);
    const { select, selector, exclude } = request.selection;
    if (files.length > 0 && (select.length > 0 || exclude.length > 0 || selector !== undefined))
      usage('lint takes files or a selection, not both', 'For a model name it with -s: dwh lint -s a_model');
    if (fix && files.includes('-')) usage('--fix has nowhere to write what comes from stdin', 'Name a file.');
    const stdin = files.includes('-') ? await system.stdin() : undefined;
    const asked = {
      dialect: given.text('dialect') ?? 'redshift',
      files,
      fix,
      listRules: given.flag('list-rules') ?? false,
      ...(stdin !== undefined && { stdin }),
    };
    return carryOut({ ...request, lint: asked }, invocation);
  },
};
