// dwh init: a new project that builds at once, or the one of a course project's dwh.cfg. It never overwrites anything.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Emit } from '../../core/event.ts';
import { fail } from '../../core/problem.ts';
import type { Request } from '../../core/request.ts';
import type { Command, Invocation } from '../command.ts';
import { usage } from '../given.ts';
import { projectFiles } from '../init/project-files.ts';
import { writeFiles } from '../init/write-files.ts';
import { dryRunOption } from '../options.ts';
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

function makeNew(name: string, { projectDir, dryRun }: Request, emit: Emit): void {
  checkFolder(projectDir, name);
  const files = projectFiles(name);
  if (!dryRun) writeFiles(projectDir, files);
  const list = Object.keys(files).map((file) => `  ${name}/${file}`);
  const next = dryRun ? ['Would make:', ...list] : ['Made:', ...list, '', 'Now:', `  cd ${name}`, '  dwh build'];
  emit({ type: 'note', level: 'info', message: next.join('\n') });
}

/** Without a name the course project is where its dwh.cfg is used. */
async function nameOf({ given, system }: Invocation, fromCfg: boolean): Promise<string | undefined> {
  const [first] = given.positionals;
  if (first !== undefined || fromCfg) return first;
  const answer = (await system.ask?.('Name of the project: '))?.trim();
  return answer === undefined || answer === '' ? usage('the project needs a name', 'For example: dwh init my_project') : answer;
}

export const init: Command = {
  options: {
    // dbt asks for a profile, unless told not to; a new project here needs none.
    'skip-profile-setup': { kind: 'flag', short: 's', describe: '' },
    'from-cfg': {
      kind: 'text',
      ours: true,
      group: 'Execution',
      describe: "A course project's dwh.cfg: its settings, and the models of Sparkify",
    },
    'dry-run': { ...dryRunOption['dry-run'], describe: 'Say what would be made, and make nothing' },
  },
  examples: [
    ['dwh init shop && cd shop && dwh build', 'from nothing to tested tables'],
    ['dwh init --from-cfg dwh.cfg', 'from the course project of Sparkify, here'],
  ],
  async run(invocation) {
    const { given, system, secrets } = invocation;
    const cfg = given.text('from-cfg');
    const written = await nameOf(invocation, cfg !== undefined);
    const name = written === undefined ? undefined : checkName(written);
    const folder = resolve(system.cwd, given.text('project-dir') ?? '.', name ?? '.');
    const request = { ...(await requestOf('init', invocation)), projectDir: folder };
    return carryOut(request, {
      ...invocation,
      system: {
        ...system,
        async perform(_request, _deps, emit) {
          if (cfg === undefined) return makeNew(name ?? '', request, emit);
          const { initFromCfg } = await import('../init/from-cfg.ts');
          initFromCfg({ cfg, name: name ?? 'sparkify', folder: name ?? '' }, request, secrets, emit);
        },
      },
    });
  },
};
