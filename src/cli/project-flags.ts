// `flags:` of the project file, for options that stand neither on the command line nor in the environment; of a project without
// any, `config:` of profiles.yml, where older ones have them. https://docs.getdbt.com/reference/global-configs/project-flags
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isMapping } from '../core/config-reader.ts';
import { DwhError, fail } from '../core/problem.ts';
import { PROJECT_FILES } from '../core/project-files.ts';
import { OPTION_FLAGS } from '../project/flag-names.ts';
import { type Given, type Options, withDefaults, yamlValue } from './given.ts';
import { projectDir } from './project-dir.ts';
import type { System } from './system.ts';

interface Flags {
  readonly file: string;
  readonly section: string;
  readonly text: string;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Most projects have none, and are not read twice for that. */
function findFlags(given: Given, { env, cwd, homeDir }: System): Flags | undefined {
  const root = projectDir(given.text('project-dir'), cwd);
  for (const file of PROJECT_FILES) {
    const text = textOf(join(root, file));
    if (text === undefined) continue;
    if (/^["']?flags["']?\s*:/m.test(text)) return { file, section: 'flags', text };
    break;
  }
  const named = given.text('profiles-dir') ?? env.DBT_PROFILES_DIR;
  for (const folder of named ? [resolve(cwd, named)] : [root, join(homeDir, '.dbt')]) {
    const text = textOf(join(folder, 'profiles.yml'));
    if (text !== undefined) return /^["']?config["']?\s*:/m.test(text) ? { file: 'profiles.yml', section: 'config', text } : undefined;
  }
  return undefined;
}

/** A file that cannot be read as YAML is told of when the project is opened. */
export async function withProjectFlags(given: Given, options: Options, system: System): Promise<Given> {
  const found = findFlags(given, system);
  if (!found) return given;
  const { readYaml } = await import('../project/yaml.ts');
  let yaml: ReturnType<typeof readYaml>;
  try {
    yaml = readYaml(found.text, found.file, []);
  } catch (error) {
    if (error instanceof DwhError) return given;
    throw error;
  }
  const flags = isMapping(yaml.value) ? yaml.value[found.section] : undefined;
  if (!isMapping(flags)) return given;
  const more = Object.entries(flags).flatMap(([key, raw]) => {
    const name = key.replaceAll('_', '-');
    const option = options[name];
    if (!OPTION_FLAGS.has(key) || !option || raw === null || key in given.values) return [];
    const at = yaml.locate([found.section, key]);
    const refused = (message: string): never => fail({ code: 'option-value', message, ...(at && { at }) });
    return [[name, yamlValue(key, option, raw, refused)] as const];
  });
  return withDefaults(given, Object.fromEntries(more));
}
