// dwh deps: installs the packages that the project asks for.
import type { Command } from '../command.ts';
import { usage } from '../given.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

/** 'dbt-labs/dbt_utils@1.1.1'. An address may have an @ of its own. */
function additionOf(
  written: string,
  source: 'hub' | 'git' | 'local',
): { name: string; version: string | undefined; source: 'hub' | 'git' | 'local' } {
  if (source === 'local') return { name: written, version: undefined, source };
  const at = written.lastIndexOf('@');
  const found =
    at > 0 && !/[/:]/.test(written.slice(at + 1))
      ? { name: written.slice(0, at), version: written.slice(at + 1) }
      : { name: written, version: undefined };
  if (source === 'hub' && !found.version)
    usage(`--add-package ${written} names no version`, `For example: --add-package '${written}@>=1.0.0,<2.0.0'`);
  return { ...found, version: found.version || undefined, source };
}

export const deps: Command = {
  options: {
    upgrade: { kind: 'flag', group: 'Execution', describe: 'Resolve anew, to the latest versions that are allowed' },
    lock: { kind: 'flag', group: 'Execution', describe: 'Only write package-lock.yml' },
    'add-package': { kind: 'text', group: 'Execution', describe: 'NAME@VERSION: put it into packages.yml first' },
    source: {
      kind: 'text',
      choices: ['hub', 'git', 'local'],
      group: 'Execution',
      describe: 'Where that package is: hub (default), git, local',
    },
    'dry-run': { kind: 'flag', group: 'Execution', describe: 'Say what would be installed, and write nothing' },
  },
  examples: [
    ['dwh deps', 'install what packages.yml or package-lock.yml says'],
    ['dwh deps --add-package dbt-labs/dbt_utils@1.3.0', 'one more'],
  ],
  async run(invocation) {
    const { given } = invocation;
    const request = await requestOf('deps', invocation);
    const written = given.text('add-package');
    const add = written === undefined ? undefined : additionOf(written, (given.text('source') ?? 'hub') as 'hub' | 'git' | 'local');
    const asked = { upgrade: given.flag('upgrade') ?? false, lock: given.flag('lock') ?? false, ...(add && { add }) };
    return carryOut({ ...request, deps: asked }, invocation);
  },
};
