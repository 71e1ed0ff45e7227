// The settings of the project file that say where things are, for commands that need no more of the project.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textHost } from '../context/index.ts';
import { ConfigReader, isMapping } from '../core/config-reader.ts';
import { fail, type Problem, throwIfAny } from '../core/problem.ts';
import { PROJECT_FILES } from '../core/project-files.ts';
import type { Request } from '../core/request.ts';
import { fileScope } from '../project/load.ts';
import { renderAll } from '../project/render-text.ts';
import { readYaml } from '../project/yaml.ts';

/** Only its paths. */
export function projectSettings(request: Request): ConfigReader {
  const file = PROJECT_FILES.find((name) => existsSync(join(request.projectDir, name)));
  if (file === undefined) {
    return fail({
      code: 'project-missing',
      message: `there is no project in ${request.projectDir}`,
      hint: 'Go to the folder of a project, or name it with --project-dir.',
    });
  }
  const yaml = readYaml(readFileSync(join(request.projectDir, file), 'utf8'), file, []);
  const values = isMapping(yaml.value) ? yaml.value : {};
  const problems: Problem[] = [];
  const host = textHost(fileScope(request, String(values.name ?? ''), {}));
  const keys = Object.keys(values).filter((key) => key === 'clean-targets' || key === 'target-path' || key.endsWith('-paths'));
  const place = { file, package: String(values.name ?? ''), locate: yaml.locateValue };
  const rendered = Object.fromEntries(keys.map((key) => [key, renderAll(values[key], host, place, problems, [key])]));
  throwIfAny(problems);
  return new ConfigReader(rendered, { locate: yaml.locate, problems });
}
