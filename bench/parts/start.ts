// What it takes until anything happens: dwh's shortest commands against a node that does nothing.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type Group, timeOver } from '../comparison.ts';
import { measure, nodeCommand } from '../measure.ts';
import { dwhCommand, newFolder, type Setting, untilFilesAreOld } from '../setting.ts';

const node = 'node -e 0';

export function* startPart(setting: Setting): Generator<Group, void> {
  const project = copySparkify(setting, newFolder(setting, 'start'));
  measure(dwhCommand(setting, project, ['ls']));
  untilFilesAreOld();
  measure(dwhCommand(setting, project, ['ls']));
  yield {
    title: 'start-up',
    commands: [
      { name: node, argv: nodeCommand('-e', '0'), cwd: project },
      dwhCommand(setting, project, ['--version']),
      dwhCommand(setting, project, ['--help']),
      dwhCommand(setting, project, ['ls'], { name: 'dwh ls, Sparkify' }),
    ],
    baselines: [node],
    aims: [...timeOver('dwh --version', node, 60), ...timeOver('dwh ls, Sparkify', node, 250)],
  };
}

/** The project at the top level, without its sample. Returns the folder. */
export function copySparkify(setting: Setting, folder: string): string {
  for (const part of ['project.yml', 'models', 'macros', 'seeds', 'data-tests', 'analyses'])
    cpSync(join(setting.root, part), join(folder, part), { recursive: true });
  return folder;
}
