// dwh debug: which files, profile and target are used, and whether the warehouse answers.
import type { Command } from '../command.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const debug: Command = {
  options: {
    connection: { kind: 'flag', group: 'Output', describe: 'Only the connection' },
    'config-dir': { kind: 'flag', group: 'Output', describe: 'Only the folder of profiles.yml' },
  },
  examples: [['dwh debug --target prod', 'of another target']],
  async run(invocation) {
    const request = await requestOf('debug', invocation);
    return carryOut({ ...request, args: { ...request.args, node: invocation.system.nodeVersion } }, invocation);
  },
};
