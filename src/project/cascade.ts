// Configs from project files: section → package → folders → node, each level nearer than the one above. The root project's
// configs of an installed package come last and win. https://docs.getdbt.com/reference/dbt_project.yml
import { isMapping } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import type { Problem } from '../core/problem.ts';
import { type Config, type ConfigSection, DEFAULTS, mergeConfig, misspelt } from './config-rules.ts';

export interface ProjectConfigs {
  readonly name: string;
  readonly sections: Readonly<Record<ConfigSection, Config>>;
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
  /** Warnings: paths that apply to no node, keys that look misspelt. */
  review(fqns: Readonly<Record<ConfigSection, readonly (readonly string[])[]>>): readonly Problem[];
}

const NOTHING: Config = {};

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
  const baseOf: Cascade['base'] = (section, packageName, fqn) => {
    const passed = levels(byName.get(packageName)?.sections[section] ?? NOTHING, fqn);
    const join = (start: Config): Config => passed.reduce((sum, level) => mergeConfig(sum, ownKeys(level)), start);
    // As in dbt, what is said of models goes for analyses, too.
    if (section === 'analyses') return join(baseOf('models', packageName, fqn));
    const last = passed[passed.length - 1] ?? NOTHING;
    const known = merged.get(section) ?? new Map<Config, Config>();
    merged.set(section, known);
    let config = known.get(last);
    if (!config) {
      config = join(DEFAULTS[section]);
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
    review: (fqns) => [...misspeltKeys(root), ...unusedPaths(root, fqns)],
  };
}

const isOwn = (key: string, value: unknown): boolean => key.startsWith('+') || !isMapping(value);

/** The level's own settings: `+key`, or a bare key whose value is not a mapping; the rest are folders. */
function ownKeys(level: Config): Config {
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(level)) if (isOwn(key, value)) own[key.replace(/^\+\s*/, '')] = value;
  return own;
}

function* walkLevels(level: Config, path: readonly string[] = []): Generator<{ level: Config; path: readonly string[] }> {
  yield { level, path };
  for (const [key, value] of Object.entries(level)) if (!isOwn(key, value) && isMapping(value)) yield* walkLevels(value, [...path, key]);
}

function misspeltKeys(root: ProjectConfigs): Problem[] {
  return (Object.keys(root.sections) as ConfigSection[]).flatMap((section) =>
    [...walkLevels(root.sections[section])].flatMap(({ level, path }) =>
      Object.entries(level).flatMap(([key, value]): Problem[] => {
        if (!isOwn(key, value)) return [];
        const meant = misspelt(section, key.replace(/^\+\s*/, ''));
        if (meant === undefined) return [];
        const at = root.locate([root.written(section), ...path, key]);
        return [misspeltProblem(key, meant, at, key.startsWith('+') ? '+' : '')];
      }),
    ),
  );
}

export const misspeltProblem = (key: string, meant: string, at: Location | undefined, sign = ''): Problem => ({
  code: 'config-misspelt',
  severity: 'warning',
  message: `'${key}' is not a config that dwh knows; it is kept, and does nothing by itself`,
  hint: `Did you mean '${sign}${meant}'?`,
  ...(at && { at }),
});

function unusedPaths(root: ProjectConfigs, fqns: Readonly<Record<ConfigSection, readonly (readonly string[])[]>>): Problem[] {
  return (Object.keys(root.sections) as ConfigSection[]).flatMap((section) => {
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
  const [first] = path;
  const last = path[path.length - 1] ?? '';
  if (path.length === 1 && misspelt(section, last) === undefined && Object.keys(DEFAULTS[section]).includes(first ?? '')) {
    return `A config that is a mapping needs a plus sign: +${last}:`;
  }
  return Object.keys(level).length > 0
    ? "The path is: the project's name, then folders below the section's own, then a name."
    : 'Remove it.';
}
