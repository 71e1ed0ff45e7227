// dwh init: a new project that builds at once. It never overwrites anything.
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DwhError, fail } from '../../core/problem.ts';
import type { Command } from '../command.ts';
import { usage } from '../given.ts';
import { projectFiles } from '../init/project-files.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

function checkName(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  const fixed = name
    .replace(/\W+/g, '_')
    .replace(/^(?=\d)/, '_')
    .replace(/^_+$/, '');
  return usage(
    `'${name}' cannot be a project's name: letters, digits and underscores, not starting with a digit`,
    fixed ? `Try: dwh init ${fixed}` : 'Try: dwh init my_project',
  );
}

function checkFolder(folder: string, name: string): void {
  if (!existsSync(folder)) return;
  const empty = statSync(folder).isDirectory() && readdirSync(folder).length === 0;
  if (!empty)
    fail({
      code: 'folder-in-use',
      message: `${folder} is there already`,
      hint: `Choose another name, or remove it first. Nothing was changed: '${name}' was not made.`,
    });
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  try {
    for (const [file, text] of Object.entries(files)) {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { flag: 'wx' });
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new DwhError(
      [
        {
          code: 'folder-unwritable',
          message: `${folder} could not be written: ${error.message}`,
          hint: 'Run it in a folder that you may write to.',
        },
      ],
      { cause: error },
    );
  }
}

export const init: Command = {
  // dbt asks for a profile, unless told not to; a new project here needs none.
  options: { 'skip-profile-setup': { kind: 'flag', short: 's', describe: '' } },
  examples: [['dwh init shop && cd shop && dwh build', 'from nothing to tested tables']],
  async run(invocation) {
    const { given, system } = invocation;
    const [first] = given.positionals;
    const answer = first ?? (await system.ask?.('Name of the project: '))?.trim();
    if (answer === undefined || answer === '') return usage('the project needs a name', 'For example: dwh init my_project');
    const name = checkName(answer);
    const folder = resolve(system.cwd, given.text('project-dir') ?? '.', name);
    const request = { ...(await requestOf('init', invocation)), projectDir: folder };
    return carryOut(request, {
      ...invocation,
      system: {
        ...system,
        async perform(_request, _deps, emit) {
          checkFolder(folder, name);
          const files = projectFiles(name);
          write(folder, files);
          const list = Object.keys(files).map((file) => `  ${name}/${file}`);
          emit({ type: 'note', level: 'info', message: ['Made:', ...list, '', 'Now:', `  cd ${name}`, '  dwh build'].join('\n') });
        },
      },
    });
  },
};
