// dwh test: the data tests, on what is published. It loads nothing.
import type { Command } from '../command.ts';
import { deferOptions, leaseOptions, resourceTypeOptions, selectionOptions, testOptions } from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const test: Command = {
  options: { ...selectionOptions, ...deferOptions, ...resourceTypeOptions, ...testOptions, ...leaseOptions },
  examples: [
    ['dwh test', 'all tests'],
    ['dwh test -s dim_users', 'the tests of one model'],
    ['dwh test -s test_type:singular', 'tests of one kind'],
  ],
  run: async (invocation) => carryOut(await requestOf('test', invocation), invocation),
};
