// What a project file says, checked: settings, configs by section, vars, dispatch, hooks. Values with Jinja are rendered
// with the target, but for hooks, which are rendered when they run, and vars and query comments, which never are.
// https://docs.getdbt.com/reference/dbt_project.yml
import { type ConfigPath, ConfigReader, isMapping } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import type { Problem } from '../core/problem.ts';
import type { Host } from '../template/types.ts';
import type { ProjectConfigs } from './cascade.ts';
import type { Config, ConfigSection } from './config-rules.ts';
import { BEHAVIOR_FLAGS, LINE_ONLY_FLAGS, OPTION_FLAGS } from './flag-names.ts';
import { renderAll } from './render-text.ts';
import type { PackageFiles, ProjectSettings } from './types.ts';

export interface ProjectConfig {
  readonly settings: ProjectSettings;
  readonly configs: ProjectConfigs;
  /** Other packages may ref its public models only. */
  readonly restrictsAccess: boolean;
  /** As written: global ones, and mappings for packages. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** namespace → packages in their order. */
  readonly dispatch: ReadonlyMap<string, readonly string[]>;
  readonly hooks: Readonly<Record<'on-run-start' | 'on-run-end', readonly string[]>>;
}

const KNOWN = [
  ...[
    'name',
    'version',
    'config-version',
    'profile',
    'require-dbt-version',
    'model-paths',
    'source-paths',
    'seed-paths',
    'data-paths',
    'macro-paths',
    'test-paths',
  ],
  ...[
    'analysis-paths',
    'docs-paths',
    'snapshot-paths',
    'asset-paths',
    'function-paths',
    'target-path',
    'log-path',
    'packages-install-path',
    'clean-targets',
    'quoting',
  ],
  ...[
    'query-comment',
    'on-run-start',
    'on-run-end',
    'dispatch',
    'models',
    'seeds',
    'snapshots',
    'sources',
    'tests',
    'data_tests',
    'unit_tests',
    'analyses',
    'exposures',
  ],
  ...[
    'metrics',
    'semantic-models',
    'saved-queries',
    'functions',
    'vars',
    'flags',
    'packages',
    'restrict-access',
    'dbt-cloud',
    'project-root',
    'anchors',
    // Read by dwh cluster.
    'cluster',
  ],
];

const NOTHING: Config = {};

export function readProjectConfig(files: PackageFiles, host: Host): ProjectConfig {
  const { project } = files;
  const { problems } = project.source;
  const place = {
    file: files.projectFile.file,
    package: files.name,
    locate: (path: ConfigPath) => project.atValue(...path) ?? { file: files.projectFile.file, line: 1, column: 1 },
  };
  const section = (name: ConfigSection, older?: string): Config => {
    const key = project.has(name) || older === undefined ? name : older;
    const value = project.raw(key);
    if (value === undefined || value === null) return {};
    if (!isMapping(value)) {
      project.mapping(key);
      return {};
    }
    const rendered = renderAll(value, host, place, problems, [key], isHook);
    return isMapping(rendered) ? rendered : {};
  };
  if (project.has('tests') && project.has('data_tests')) {
    const message = "'tests' and 'data_tests' stand here both, and only 'data_tests' counts";
    project.problem('tests-twice', message, 'Put all of it under data_tests:', ['tests'], 'warning');
  }
  const written = (name: ConfigSection): string => (name === 'data_tests' && !project.has(name) ? 'tests' : name);
  const configs: ProjectConfigs = {
    name: files.name,
    sections: {
      models: section('models'),
      seeds: section('seeds'),
      snapshots: section('snapshots'),
      sources: section('sources'),
      data_tests: section('data_tests', 'tests'),
      analyses: section('analyses'),
      exposures: section('exposures'),
      functions: section('functions'),
      unit_tests: section('unit_tests'),
    },
    asWritten: (name) => {
      const value = project.values[written(name)];
      return isMapping(value) ? value : NOTHING;
    },
    locate: project.source.locate,
    written,
  };
  const flags = project.mapping('flags');
  for (const key of flags.keys()) {
    if (OPTION_FLAGS.has(key) || BEHAVIOR_FLAGS.has(key)) continue;
    if (LINE_ONLY_FLAGS.has(key)) {
      const hint = `Give it on the command line, or in the environment: DBT_${key.toUpperCase()}`;
      flags.problem('unknown-key', `'${key}' has no effect under 'flags:'`, hint, [key], 'warning');
      continue;
    }
    const near = nearestName(key, [...OPTION_FLAGS, ...BEHAVIOR_FLAGS]);
    flags.problem('unknown-key', `'${key}' is not a flag, and only templates see it`, near && `Did you mean '${near}'?`, [key], 'warning');
  }
  const quoting = project.mapping('quoting');
  const config: ProjectConfig = {
    settings: {
      name: files.name,
      version: project.string('version'),
      profile: project.string('profile'),
      cleanTargets: project.strings('clean-targets'),
      queryComment: project.raw('query-comment'),
      quoting: { database: quoting.boolean('database'), schema: quoting.boolean('schema'), identifier: quoting.boolean('identifier') },
      flags: flags.values,
      paths: files.folders,
    },
    configs,
    restrictsAccess: project.boolean('restrict-access') ?? false,
    vars: project.mapping('vars').values,
    dispatch: dispatchOf(project, host, place, problems),
    hooks: { 'on-run-start': project.strings('on-run-start'), 'on-run-end': project.strings('on-run-end') },
  };
  project.reportUnread(KNOWN, 'a project file');
  return config;
}

const isHook = (path: ConfigPath): boolean => path.some((step) => typeof step === 'string' && /^\+?\s*(pre|post)[-_]hook$/.test(step));

function dispatchOf(
  project: ConfigReader,
  host: Host,
  place: Parameters<typeof renderAll>[2],
  problems: Problem[],
): Map<string, readonly string[]> {
  return new Map(
    project.mappings('dispatch').map((entry): [string, readonly string[]] => {
      const order = renderAll(entry.raw('search_order'), host, place, problems, [...entry.path, 'search_order']);
      return [
        entry.requiredString('macro_namespace'),
        new ConfigReader({ search_order: order }, entry.source, entry.path).strings('search_order'),
      ];
    }),
  );
}
