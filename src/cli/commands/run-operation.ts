// dwh run-operation: one macro, with arguments given on the command line.
import type { Command } from '../command.ts';
import { usage } from '../given.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';
import { dictionary } from '../vars.ts';

export const runOperation: Command = {
  options: {
    args: { kind: 'text', group: 'Execution', describe: "Its arguments, as YAML or JSON: '{name: value}'" },
  },
  examples: [["dwh run-operation grant_select --args '{role: reporter}'", 'a macro with an argument']],
  async run(invocation) {
    const { given } = invocation;
    const [macro] = given.positionals;
    if (macro === undefined)
      return usage('run-operation needs the name of a macro', "For example: dwh run-operation my_macro --args '{name: value}'");
    const args = await dictionary('--args', given.text('args') ?? '{}');
    const request = await requestOf('run-operation', invocation);
    return carryOut({ ...request, operation: { macro, args }, args: { ...request.args, macro, args } }, invocation);
  },
};
