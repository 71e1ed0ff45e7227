// Which target a run uses: profiles.yml, found and rendered, or dwh's own default when the project names no profile.
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { textHost } from '../context/index.ts';
import type { TextScope } from '../context/types.ts';
import { ConfigReader, isMapping } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import { nearestName } from '../core/nearest.ts';
import { DwhError, fail, type Problem } from '../core/problem.ts';
import type { Request } from '../core/request.ts';
import { isSecretVariable, secretsOfTarget } from '../core/secret-names.ts';
import { renderText, type TextPlace } from './render-text.ts';
import type { TargetChoice } from './types.ts';
import { unreadable } from './walk.ts';
import { readYaml, type YamlText } from './yaml.ts';

const FILE = 'profiles.yml';
/** The project's own database when it names no profile: a DuckDB file beside the project file. */
const EMBEDDED = { type: 'duckdb', path: 'dwh.duckdb' };
const EMBEDDED_TARGET = 'dev';

export interface ProfileNeeds {
  readonly root: string;
  readonly projectName: string;
  /** `profile:` of the project file, rendered. */
  readonly projectProfile: string | undefined;
  readonly projectProfileAt: Location | undefined;
  readonly scope: TextScope;
}

export function chooseTarget(request: Request, needs: ProfileNeeds): TargetChoice {
  if (request.embedded) return embedded(needs);
  const named = request.profile ?? needs.projectProfile;
  const searched = searchedFiles(request, needs.root);
  if (request.profilesDir !== undefined && !existsSync(searched[0] ?? '')) {
    fail({
      code: 'profiles-missing',
      message: `--profiles-dir is ${request.profilesDir}, and there is no ${FILE} in it`,
      hint: 'Name the folder that holds profiles.yml, or leave the option out.',
      detail: searchedDetail(searched),
    });
  }
  if (named === undefined && request.target === undefined) return embedded(needs);
  const profileName = named ?? needs.projectName;
  const file = searched.find((path) => existsSync(path));
  if (file === undefined) {
    return fail({
      code: 'profiles-missing',
      message: `${whoNames(request, needs, profileName)}, and there is no ${FILE}`,
      ...whereNamed(request, needs),
      hint: `Make ${searched[0]} with a profile '${profileName}', or ${withoutName(request, needs)} to run on the embedded DuckDB.`,
      detail: searchedDetail(searched),
    });
  }
  return targetOf(request, needs, profileName, file, searched);
}

function embedded({ projectName }: ProfileNeeds): TargetChoice {
  const config = new ConfigReader(EMBEDDED, { locate: () => undefined, problems: [] });
  return { profileName: projectName, targetName: EMBEDDED_TARGET, type: EMBEDDED.type, config, secrets: [], embedded: true };
}

/** In dbt's order; a folder that was named is the only one that counts. */
function searchedFiles(request: Request, root: string): readonly string[] {
  const chosen = request.profilesDir ?? request.env.DWH_PROFILES_DIR ?? request.env.DBT_PROFILES_DIR;
  if (chosen !== undefined && chosen !== '') return [join(resolve(request.cwd, chosen.replace(/^~(?=\/|$)/, request.homeDir)), FILE)];
  return [join(root, FILE), join(request.homeDir, '.dbt', FILE)];
}

const searchedDetail = (searched: readonly string[]): readonly string[] => ['Searched:', ...searched.map((path) => `  ${path}`)];

function whoNames(request: Request, needs: ProfileNeeds, profileName: string): string {
  if (request.profile !== undefined) return `--profile names the profile '${profileName}'`;
  if (needs.projectProfile !== undefined) return `the project names the profile '${profileName}'`;
  return `--target ${request.target} looks in the profile with the project's name, '${profileName}'`;
}

/** What the command line names has no place. */
const whereNamed = ({ profile }: Request, { projectProfile, projectProfileAt: at }: ProfileNeeds): { at?: Location } =>
  profile === undefined && projectProfile !== undefined && at ? { at } : {};

function withoutName(request: Request, { projectProfile }: ProfileNeeds): string {
  if (request.profile !== undefined) return 'leave --profile out';
  return projectProfile === undefined ? 'leave --target out' : "take 'profile:' out of the project file";
}

function targetOf(request: Request, needs: ProfileNeeds, profileName: string, file: string, searched: readonly string[]): TargetChoice {
  const shown = relative(needs.root, file);
  const place = shown.startsWith('..') || isAbsolute(shown) ? file : shown.replaceAll('\\', '/');
  const yaml = readProfiles(file, place);
  const profiles = isMapping(yaml.value) ? yaml.value : {};
  const profile = profiles[profileName];
  const names = Object.keys(profiles).filter((name) => name !== 'config');
  const missing = (problem: Omit<Problem, 'detail'>): never => fail({ ...problem, detail: searchedDetail(searched) });
  if (!isMapping(profile)) {
    const near = nearestName(profileName, names);
    return missing({
      code: 'profile-missing',
      message: `${whoNames(request, needs, profileName)}, and ${place} has no profile of that name`,
      ...whereNamed(request, needs),
      hint: near ? `Did you mean '${near}'?` : `It has: ${names.join(', ') || 'none'}.`,
    });
  }
  const envRead = new Map<string, string | undefined>();
  const host = textHost({ ...needs.scope, envRead }, { secrets: true });
  const text: TextPlace = { file: place, package: needs.projectName, locate: yaml.locateValue };
  const outputs = profile.outputs;
  if (!isMapping(outputs)) {
    return fail({
      code: 'profile-invalid',
      message: `the profile '${profileName}' has no 'outputs'`,
      at: yaml.locate([profileName]),
      hint: "Put its targets under 'outputs:'.",
    });
  }
  const written = profile.target;
  const targetName =
    request.target ??
    (typeof written === 'string'
      ? String(renderText(written, host, text, [profileName, 'target']))
      : written === undefined
        ? 'default'
        : String(written));
  const output = outputs[targetName];
  if (!isMapping(output)) {
    const near = nearestName(targetName, Object.keys(outputs));
    return missing({
      code: 'target-missing',
      message: `the profile '${profileName}' has no target '${targetName}'`,
      at: yaml.locate([profileName, 'outputs']),
      hint: near ? `Did you mean '${near}'?` : `It has: ${Object.keys(outputs).join(', ') || 'none'}.`,
    });
  }
  const path = [profileName, 'outputs', targetName];
  const values = Object.fromEntries(Object.entries(output).map(([key, value]) => [key, renderSetting(key, value, [...path, key])]));
  function renderSetting(key: string, value: unknown, at: readonly (string | number)[]): unknown {
    if (Array.isArray(value)) return value.map((item, index) => renderSetting(key, item, [...at, index]));
    if (isMapping(value))
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, renderSetting(name, item, [...at, name])]));
    if (typeof value !== 'string') return value;
    try {
      return renderText(value, host, text, at);
    } catch (error) {
      // A password may hold braces that are not Jinja.
      if (key.includes('pass') && error instanceof DwhError && !/env_var|var\s*\(/.test(value)) return value;
      throw error;
    }
  }
  const config = new ConfigReader(values, { locate: (below) => yaml.locate([...path, ...below]), problems: [] });
  const type = config.string('type');
  if (type === undefined) {
    return fail({
      code: 'profile-invalid',
      message: `the target '${targetName}' has no 'type'`,
      at: yaml.locate(path),
      hint: 'Write type: duckdb, postgres or redshift.',
    });
  }
  const read = [...envRead].flatMap(([name, value]) => (isSecretVariable(name) && value ? [value] : []));
  const secrets = [...new Set([...secretsOfTarget(values), ...read])];
  return { profileName, targetName, type, config, secrets, embedded: false };
}

function readProfiles(file: string, place: string): YamlText {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new DwhError([unreadable('file', place, error)], { cause: error });
  }
  return readYaml(text, place);
}
