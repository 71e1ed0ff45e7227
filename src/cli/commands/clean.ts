// dwh clean: removes the folders under clean-targets (default: the target folder). Only inside the project, and never what
// the project is written in.
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { ConfigReader } from '../../core/config-reader.ts';
import { throwIfAny } from '../../core/problem.ts';
import type { Request } from '../../core/request.ts';
import { projectFolders } from '../../project/folders.ts';
import type { Command } from '../command.ts';
import { projectSettings } from '../project-settings.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

/** Inside, and through no link that leads out. */
function isInside(path: string, root: string): boolean {
  const real = existsSync(dirname(path)) ? join(realpathSync(dirname(path)), basename(path)) : path;
  return real.startsWith(realpathSync(root) + sep);
}

/** Absolute paths, all checked before any is removed. */
function targets(request: Request, project: ConfigReader, anywhere: boolean): readonly string[] {
  const root = request.projectDir;
  const named = project.has('clean-targets')
    ? project.strings('clean-targets')
    : [request.targetPath ?? project.string('target-path') ?? 'target'];
  // What is the user's own work.
  const sources = projectFolders(project).properties.map((path) => resolve(root, path));
  const at = project.at('clean-targets');
  const problems = project.source.problems;
  const paths = named.map((one) => resolve(root, one));
  for (const [index, path] of paths.entries()) {
    const holds = sources.find((source) => source === path || source.startsWith(path + sep) || path.startsWith(source + sep));
    const reason =
      !anywhere && !isInside(path, root)
        ? 'it is not inside the project'
        : holds !== undefined
          ? `${relative(root, holds)}/ is part of the project`
          : undefined;
    if (reason)
      problems.push({
        code: 'clean-refused',
        message: `${named[index]} is not removed: ${reason}`,
        ...(at && { at }),
        hint: 'Nothing was removed. Take it out of clean-targets.',
      });
  }
  throwIfAny(problems);
  return paths;
}

export const clean: Command = {
  options: {
    'clean-project-files-only': {
      kind: 'flag',
      on: true,
      env: 'CLEAN_PROJECT_FILES_ONLY',
      group: 'Execution',
      describe: 'Also outside of the project',
    },
  },
  examples: [['dwh clean', 'remove target/, or what clean-targets lists']],
  async run(invocation) {
    const { given, system } = invocation;
    const anywhere = given.flag('clean-project-files-only') === false;
    return carryOut(await requestOf('clean', invocation), {
      ...invocation,
      system: {
        ...system,
        async perform(request, _deps, emit) {
          const there = targets(request, projectSettings(request), anywhere).filter((path) => existsSync(path));
          for (const path of there) {
            rmSync(path, { recursive: true, force: true });
            emit({ type: 'note', level: 'info', message: `Removed ${relative(request.projectDir, path)}${sep}` });
          }
          if (there.length === 0) emit({ type: 'note', level: 'info', message: 'There is nothing to remove.' });
        },
      },
    });
  },
};
