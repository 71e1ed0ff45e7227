// Names of templates and what makes their values, when a template first asks for one: a table for each kind of text, made once.
import { customEnv, DBT_VERSION } from '../core/artifact-metadata.ts';
import { text, toTemplate } from '../template/index.ts';
import type { TemplateValue } from '../template/types.ts';
import { columnClass } from './column-value.ts';
import { exceptionsValue } from './exceptions.ts';
import { loadAgateTable } from './load-agate-table.ts';
import { datetimeValue, modulesValue } from './modules.ts';
import { relationClass } from './relation-class.ts';
import { sayer } from './sayer.ts';
import { textFunctions } from './text-functions.ts';
import type { MakersOf, ProjectScope, TextScope } from './types.ts';
import { hostFunction, hostObject } from './values.ts';
import { envVarFunction, recordValue } from './variables.ts';

/** What every text may use: no node, no warehouse. */
export const textMakers: MakersOf<TextScope> = {
  env_var: (scope) => envVarFunction(scope, false),
  target: (scope) => recordValue('target', scope.target),
  flags: (scope) => recordValue('flags', scope.flags),
  project_name: (scope) => scope.projectName,
  dbt_version: () => DBT_VERSION,
  dwh_version: (scope) => scope.version,
  invocation_id: (scope) => scope.invocationId,
  thread_id: () => 'MainThread',
  run_started_at: (scope) => datetimeValue(scope.startedAt),
  modules: (scope) => modulesValue(scope.startedAt),
  exceptions: (scope) => exceptionsValue(scope),
  log: (scope) =>
    hostFunction('log', (args) => {
      scope.say(text(args.need(0, 'msg')), args.flag(1, 'info', false) ? 'info' : 'debug');
      return '';
    }),
  print: (scope) =>
    hostFunction('print', (args) => {
      sayer(scope)(text(args.need(0, 'msg')));
      return '';
    }),
  ...Object.fromEntries(Object.entries(textFunctions).map(([name, value]) => [name, () => value])),
};

/** Adds what is the same for every node of a run. */
export const projectMakers: MakersOf<ProjectScope> = {
  ...textMakers,
  schema: (scope) => scope.schema,
  database: (scope) => scope.database,
  api: (scope) => hostObject('api', { Relation: relationClass(scope), Column: columnClass(scope.dialect) }),
  column: (scope) => columnClass(scope.dialect),
  invocation_args_dict: (scope) => toTemplate(scope.args ?? {}),
  load_agate_table: () => loadAgateTable(undefined),
  sql_now: (scope) => scope.dialect.currentTimestamp,
  dbt_metadata_envs: (scope) => toTemplate(customEnv(scope.env)),
};

/** Values made once for the whole run are kept in scope.shared. */
export function sharedValue(scope: ProjectScope, name: string): TemplateValue | undefined {
  const known = scope.shared.get(name);
  if (known !== undefined) return known;
  const made = Object.hasOwn(projectMakers, name) ? projectMakers[name]?.(scope) : undefined;
  if (made !== undefined) scope.shared.set(name, made);
  return made;
}
