// Methods of `adapter` about models whose rows are in files. https://github.com/duckdb/dbt-duckdb#writing-to-external-files
import { outputFiles, outputSetting } from '../adapters/output-files.ts';
import { ConfigReader } from '../core/config-reader.ts';
import { type Problem, throwIfAny } from '../core/problem.ts';
import { fromTemplate } from '../template/index.ts';
import type { Callable } from '../template/types.ts';
import type { ProjectScope } from './types.ts';
import { type Arguments, hostFunction, problemError } from './values.ts';

export function outputFileMethods({ dialect, files }: ProjectScope): Readonly<Record<string, Callable>> {
  const { fileTables } = dialect;
  if (!fileTables || !files) return {};
  const filesOf = (args: Arguments): ReturnType<typeof outputFiles> => {
    const config = fromTemplate(args.need(0, 'config'));
    if (typeof config !== 'object' || config === null)
      throw problemError({ code: 'template-arguments', message: 'a config should be a dict: the config of a node of graph' });
    const problems: Problem[] = [];
    const setting = outputSetting(new ConfigReader(config as Readonly<Record<string, unknown>>, { locate: () => undefined, problems }));
    throwIfAny(problems);
    return outputFiles(setting, args.needText(1, 'identifier'), files);
  };
  return {
    external_root: hostFunction('external_root', () => files.root),
    /** dwh's own: where an external model's rows go, and a query of them. */
    external_location: hostFunction('external_location', (args) => filesOf(args).location),
    external_query: hostFunction('external_query', (args) => fileTables.query(filesOf(args))),
  };
}
