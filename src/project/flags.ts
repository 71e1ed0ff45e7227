// `flags` as templates see it: dbt's names in capitals, from the command line, the environment and the project file's flags:.
import type { Request } from '../core/request.ts';
import { NO_POLICY } from '../core/warnings.ts';

export function flagsOf(request: Request, project: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const own = Object.fromEntries(Object.entries(project).map(([key, value]) => [key.toUpperCase(), value]));
  return {
    USE_COLORS: false,
    PRINT: true,
    ...own,
    WHICH: request.args.which ?? request.command,
    FULL_REFRESH: request.fullRefresh,
    STORE_FAILURES: request.storeFailures ?? own.STORE_FAILURES ?? false,
    FAIL_FAST: request.failFast,
    WARN_ERROR: request.warnError,
    WARN_ERROR_OPTIONS: request.warnings ?? NO_POLICY,
    EMPTY: request.empty,
    SAMPLE: request.args.sample ?? null,
    EVENT_TIME_START: request.args.event_time_start ?? null,
    EVENT_TIME_END: request.args.event_time_end ?? null,
    INDIRECT_SELECTION: request.selection.indirect,
    PARTIAL_PARSE: request.partialParse,
    PROJECT_DIR: request.projectDir,
    PROFILES_DIR: request.profilesDir ?? null,
    VERSION_CHECK: request.args.version_check !== false,
  };
}
