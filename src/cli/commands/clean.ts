// dwh clean: removes the folders under clean-targets (default: the target folder). Only inside the project, and never what
// the project is written in.
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { textHost } from '../../context/index.ts';
import { ConfigReader, isMapping } from '../../core/config-reader.ts';
import { fail, type Problem, throwIfAny } from '../../core/problem.ts';
import type { Request } from '../../core/request.ts';
import { projectFolders } from '../../project/folders.ts';
import { fileScope, PROJECT_FILES } from '../../project/load.ts';
import { renderAll } from '../../project/render-text.ts';
import { readYaml } from '../../project/yaml.ts';
import type { Command } from '../command.ts';
import { usage } from '../given.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

function openProject(request: Request): ConfigReader {
  const file = PROJECT_FILES.find((name) => existsSync(join(request.projectDir, name)));
  if (file === undefined) {
    return fail({
      code: 'project-missing',
      message: `there is no project in ${request.projectDir}`,
      hint: 'Go to the folder of a project, or name it with --project-dir.',
    });
  }
  const yaml = readYaml(readFileSync(join(request.projectDir, file), 'utf8'), file);
  const values = isMapping(yaml.value) ? yaml.value : {};
  const problems: Problem[] = [];
  const host = textHost(fileScope(request, String(values.name ?? ''), {}));
  const keys = Object.keys(values).filter((key) => key === 'clean-targets' || key === 'target-path' || key.endsWith('-paths'));
  const place = { file, package: String(values.name ?? ''), locate: yaml.locateValue };
  const rendered = Object.fromEntries(keys.map((key) => [key, renderAll(values[key], host, place, problems, [key])]));
  throwIfAny(problems);
  return new ConfigReader(rendered, { locate: yaml.locate, problems });
}

/** Inside, and through no link that leads out. */
function isInside(path: string, root: string): boolean {
  const real = existsSync(dirname(path)) ? join(realpathSync(dirname(path)), basename(path)) : path;
  return real.startsWith(realpathSync(root) + sep);
}

/** Absolute paths, all checked before any is removed. */
function targets(request: Request, project: ConfigReader): readonly string[] {
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
    const reason = !isInside(path, root)
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
  options: { 'clean-project-files-only': { kind: 'flag', on: true, env: 'CLEAN_PROJECT_FILES_ONLY', describe: '' } },
  examples: [['dwh clean', 'remove target/, or what clean-targets lists']],
  async run(invocation) {
    const { given, system } = invocation;
    if (given.flag('clean-project-files-only') === false) usage('dwh clean removes nothing outside of the project', 'Remove it by hand.');
    return carryOut(await requestOf('clean', invocation), {
      ...invocation,
      system: {
        ...system,
        async perform(request, _deps, emit) {
          const there = targets(request, openProject(request)).filter((path) => existsSync(path));
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
