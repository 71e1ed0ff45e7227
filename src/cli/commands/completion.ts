// dwh completion: prints what a shell needs to complete dwh.
import type { Command } from '../command.ts';
import { SHELLS, type Shell, scripts } from '../completion/scripts.ts';
import { usage } from '../given.ts';

const shellOf = (path: string | undefined): string => path?.slice(path.lastIndexOf('/') + 1) ?? '';
const isShell = (name: string): name is Shell => SHELLS.some((shell) => shell === name);

export const completion: Command = {
  options: {},
  examples: [
    ['source <(dwh completion bash)', 'in ~/.bashrc'],
    ['dwh completion fish > ~/.config/fish/completions/dwh.fish', 'once'],
  ],
  async run({ given, system }) {
    const [named] = given.positionals;
    const shell = named ?? shellOf(system.env.SHELL);
    if (!isShell(shell)) {
      const what = named === undefined ? 'which shell it is for is not known from SHELL' : `there is no completion for '${named}'`;
      return usage(what, `Write one of: ${SHELLS.map((one) => `dwh completion ${one}`).join(', ')}`);
    }
    system.stdout.write(scripts[shell]);
    return 0;
  },
};
