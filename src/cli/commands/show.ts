// dwh show: the first rows of a node, or of SQL given on the command line. It changes nothing.
import type { Command } from '../command.ts';
import { usage } from '../given.ts';
import { answerOptions, compiledAnewOption, deferOptions, sampleOption, selectionOptions } from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const show: Command = {
  options: {
    ...selectionOptions,
    ...deferOptions,
    ...compiledAnewOption,
    ...sampleOption,
    ...answerOptions,
    'inline-direct': { kind: 'text', group: 'Selection', describe: 'SQL of your own, that is no template' },
    limit: { kind: 'number', group: 'Output', describe: 'How many rows; -1: all (default: 5)' },
  },
  examples: [
    ['dwh show -s dim_users', 'the first rows of a model'],
    ["dwh show --inline 'select 41 + 1 as n' --limit 20", 'of a query'],
  ],
  async run(invocation) {
    const asked = await requestOf('show', invocation);
    const direct = invocation.given.text('inline-direct');
    const request = direct === undefined ? asked : { ...asked, inline: `{% raw %}${direct}{% endraw %}` };
    const { select, selector } = request.selection;
    if (request.inline === undefined && select.length === 0 && selector === undefined) {
      usage('show needs a node or a query', "Say which: dwh show -s a_model, or dwh show --inline 'select 1'");
    }
    return carryOut({ ...request, limit: request.limit ?? 5 }, invocation);
  },
};
