// Configs from project files: section → package → folders → node, each level nearer than the one above. The root project's
// configs of an installed package come last and win. https://docs.getdbt.com/reference/dbt_project.yml
import { type ConfigPath, ConfigReader, isMapping } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import type { Problem } from '../core/problem.ts';
import { reviewConfig } from './config-review.ts';
import { type Config, type ConfigSection, configSpelling, DEFAULTS, mergeConfig } from './config-rules.ts';

export interface ProjectConfigs {
  readonly name: string;
  readonly sections: Readonly<Record<ConfigSection, Config>>;
  /** The section as it stands in the file, its templates not rendered. */
  readonly asWritten: (section: ConfigSection) => Config;
  /** Where a section's key stands. */
  readonly locate: (path: readonly (string | number)[]) => Location | undefined;
  /** The section's key as it is written: 'tests' or 'data_tests'. */
  readonly written: (section: ConfigSection) => string;
}

export interface Cascade {
  /** Defaults and the own project's levels: everything below properties and config(). */
  base(section: ConfigSection, packageName: string, fqn: readonly string[]): Config;
  /** Adds what the root project says of an installed package's node. */
  finish(section: ConfigSection, packageName: string, fqn: readonly string[], config: Config): Config;
  /** What project files say of a node, as it is written, the nearest level of each key; NOTHING_WRITTEN: nothing. */
  written(section: ConfigSection, packageName: string, fqn: readonly string[]): Config;
  /** Paths that apply to no node, keys that look misspelt, values of the wrong kind. */
  review(fqns: Readonly<Record<ConfigSection, readonly (readonly string[])[]>>): readonly Problem[];
}

const NOTHING: Config = {};
export const NOTHING_WRITTEN: Config = {};

export function cascadeOf(projects: readonly [ProjectConfigs, ...ProjectConfigs[]]): Cascade {
  const [root] = projects;
  const byName = new Map(projects.map((project) => [project.name, project]));
  // The last level reached says which levels were passed: one merged config for each.
  const merged = new Map<ConfigSection, Map<Config, Config>>();
  const levels = (tree: Config, fqn: readonly string[]): Config[] => {
    const passed = [tree];
    let level = tree;
    for (const step of fqn) {
      const next = Object.hasOwn(level, step) ? level[step] : undefined;
      if (!isMapping(next)) break;
      passed.push(next);
      level = next;
    }
    return passed;
  };
  const asWritten = new Map<Config, Config>();
  const baseOf: Cascade['base'] = (section, packageName, fqn) => {
    const passed = levels(byName.get(packageName)?.sections[section] ?? NOTHING, fqn);
    const join = (all: readonly Config[]): Config => all.reduce((sum, level) => mergeConfig(sum, ownKeys(level)), DEFAULTS[section]);
    // As in dbt, what is said of models goes for analyses, too.
    if (section === 'analyses') return join([...levels(byName.get(packageName)?.sections.models ?? NOTHING, fqn), ...passed]);
    const last = passed[passed.length - 1] ?? NOTHING;
    const known = merged.get(section) ?? new Map<Config, Config>();
    merged.set(section, known);
    let config = known.get(last);
    if (!config) {
      config = join(passed);
      known.set(last, config);
    }
    return config;
  };
  return {
    base: baseOf,
    finish(section, packageName, fqn, config) {
      if (packageName === root.name) return config;
      const sections: ConfigSection[] = section === 'analyses' ? ['models', 'analyses'] : [section];
      return sections.flatMap((one) => levels(root.sections[one], fqn)).reduce((sum, level) => mergeConfig(sum, ownKeys(level)), config);
    },
    written(section, packageName, fqn) {
      const own = byName.get(packageName);
      const passed = (own === root || own === undefined ? [root] : [own, root]).flatMap((project) =>
        (section === 'analyses' ? (['models', 'analyses'] as const) : [section]).map((one) => levels(project.asWritten(one), fqn)),
      );
      const join = (): Config => joinWritten(passed.flat());
      const [only] = passed;
      const last = only?.[only.length - 1];
      if (passed.length > 1 || !last) return join();
      const known = asWritten.get(last) ?? join();
      asWritten.set(last, known);
      return known;
    },
    review: (fqns) => [...reviewLevels(root), ...unusedPaths(root, fqns)],
  };
}

const bareKey = (key: string): string => key.replace(/^\+\s*/, '');
const isOwn = (key: string, value: unknown): boolean => key.startsWith('+') || !isMapping(value);

/** The level's own settings: `+key`, or a bare key whose value is not a mapping; the rest are folders. */
function ownKeys(level: Config): Config {
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(level)) if (isOwn(key, value)) own[bareKey(key)] = value;
  return own;
}

function joinWritten(levels: readonly Config[]): Config {
  const found: Record<string, unknown> = {};
  for (const level of levels) for (const [key, value] of Object.entries(ownKeys(level))) found[configSpelling(key)] = value;
  return Object.keys(found).length === 0 ? NOTHING_WRITTEN : found;
}

function* walkLevels(level: Config, path: readonly string[] = []): Generator<{ level: Config; path: readonly string[] }> {
  yield { level, path };
  for (const [key, value] of Object.entries(level)) if (!isOwn(key, value) && isMapping(value)) yield* walkLevels(value, [...path, key]);
}

function reviewLevels(root: ProjectConfigs): Problem[] {
  const problems: Problem[] = [];
  for (const section of Object.keys(root.sections) as ConfigSection[]) {
    for (const { level, path } of walkLevels(root.sections[section])) {
      const written = new Map(Object.keys(level).map((key) => [bareKey(key), key]));
      const locate = ([key, ...below]: ConfigPath) =>
        root.locate([root.written(section), ...path, written.get(String(key)) ?? String(key), ...below]);
      // `shop:` with nothing below it, maybe all of it commented out, is a folder.
      const settings = Object.fromEntries(Object.entries(level).filter(([key, value]) => value !== null || key.startsWith('+')));
      reviewConfig(section, new ConfigReader(ownKeys(settings), { locate, problems }), (key) => written.get(key) ?? key);
    }
  }
  return problems;
}

function unusedPaths(root: ProjectConfigs, fqns: Readonly<Record<ConfigSection, readonly (readonly string[])[]>>): Problem[] {
  const sections = Object.keys(root.sections) as ConfigSection[];
  return sections.flatMap((section) => {
    const below = [...walkLevels(root.sections[section])].filter(({ path }) => path.length > 0);
    const unused = new Map(below.map(({ level, path }) => [path.join('\0'), { level, path }]));
    for (const fqn of unused.size > 0 ? fqns[section] : [])
      for (let length = 1; length <= fqn.length; length++) unused.delete(fqn.slice(0, length).join('\0'));
    return [...unused.values()].flatMap(({ level, path }): Problem[] => {
      if (Object.keys(ownKeys(level)).length === 0 && Object.keys(level).length > 0) return [];
      const at = root.locate([root.written(section), ...path]);
      return [
        {
          code: 'config-path-unused',
          severity: 'warning',
          message: `the configs under ${[root.written(section), ...path].join('.')} apply to nothing`,
          hint: unusedHint(section, path, level),
          ...(at && { at }),
        },
      ];
    });
  });
}

function unusedHint(section: ConfigSection, path: readonly string[], level: Config): string {
  const config = path.find((step) => isMapping(DEFAULTS[section][step]));
  if (config !== undefined) return `A config that is a mapping needs a plus sign: +${config}:`;
  return Object.keys(level).length > 0
    ? "The path is: the project's name, then folders below the section's own, then a name."
    : 'Remove it.';
}
