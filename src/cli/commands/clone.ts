// dwh clone: a view of each chosen node as it stands where an earlier run has put it.
import type { Command } from '../command.ts';
import { deferOptions, dryRunOption, fullRefreshOption, leaseOptions, resourceTypeOptions, selectionOptions } from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const clone: Command = {
  options: {
    ...selectionOptions,
    ...resourceTypeOptions,
    'defer-state': deferOptions['defer-state'],
    'full-refresh': { ...fullRefreshOption['full-refresh'], describe: 'Also in place of what is there' },
    ...leaseOptions,
    ...dryRunOption,
  },
  examples: [
    ['dwh clone --state prod-artifacts', 'all that production has'],
    ['dwh clone --state prod-artifacts -s +dim_users', 'some of it'],
  ],
  run: async (invocation) => carryOut(await requestOf('clone', invocation), invocation),
};
