// Names of profiles and targets, from profiles.yml as it is written: templates in its values make no difference to names.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isMapping } from '../../core/config-reader.ts';
import { PROJECT_FILES } from '../../core/project-files.ts';

export interface TargetNames {
  readonly profiles: readonly string[];
  /** Of the profile, else of the one that the project names. */
  readonly targets: (profile: string | undefined) => readonly string[];
}

export async function targetNames(
  project: string,
  profilesDir: string | undefined,
  { cwd, homeDir }: { readonly cwd: string; readonly homeDir: string },
): Promise<TargetNames> {
  const folders = profilesDir === undefined ? [project, join(homeDir, '.dbt')] : [resolve(cwd, profilesDir)];
  const file = folders.map((folder) => join(folder, 'profiles.yml')).find((path) => existsSync(path));
  if (file === undefined) return { profiles: [], targets: () => [] };
  // Only here: reading YAML takes longer than all else.
  const { readYaml } = await import('../../project/yaml.ts');
  const { value } = readYaml(readFileSync(file, 'utf8'), file);
  const profiles = isMapping(value) ? value : {};
  const outputs = (name: string): readonly string[] => {
    const profile = profiles[name];
    return isMapping(profile) && isMapping(profile.outputs) ? Object.keys(profile.outputs) : [];
  };
  const names = Object.keys(profiles).filter((name) => name !== 'config');
  return { profiles: names, targets: (profile) => outputs(profile ?? profileOf(project) ?? names[0] ?? '') };
}

function profileOf(project: string): string | undefined {
  for (const file of PROJECT_FILES) {
    const path = join(project, file);
    if (!existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    for (const key of ['profile', 'name']) {
      const found = new RegExp(`^${key}:\\s*["']?([^"'{}\\n#]+?)["']?\\s*(?:#.*)?$`, 'm').exec(text)?.[1];
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
