// Sources that are files: a location in `meta` or `config`, as dbt-duckdb has it, with the source's own words in it.
// https://github.com/duckdb/dbt-duckdb#reading-from-external-files
import type { Dialect } from '../adapters/dialect.ts';
import type { ConfigReader } from '../core/config-reader.ts';
import { DwhError } from '../core/problem.ts';
import { type Dict, formatNamed, percentFormat, text, toTemplate } from '../template/index.ts';
import type { Config } from './config-rules.ts';

const FORMATTERS: Readonly<Record<string, (location: string, words: Dict) => string>> = {
  newstyle: formatNamed,
  oldstyle: percentFormat,
  template: substituted,
};

/** Python's string.Template. https://docs.python.org/3/library/string.html#template-strings-strings */
function substituted(location: string, words: Dict): string {
  return location.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (all, bare: string | undefined, braced: string | undefined) => {
    const name = bare ?? braced;
    if (name === undefined) return '$';
    if (!words.has(name)) throw new DwhError([{ code: 'template-value', message: `'${all}' names nothing that the source has` }]);
    return text(words.get(name) ?? null);
  });
}

interface Named {
  readonly name: string;
  readonly identifier: string;
  readonly schema: string;
  readonly database: string;
}

/** What a query of the source reads in place of a table; undefined: a table. Mistakes are reported to the table's reader. */
export function externalLocation(
  table: ConfigReader,
  source: Named,
  config: Config,
  { readsFiles, literal }: Pick<Dialect, 'readsFiles' | 'literal'>,
): string | undefined {
  if (!readsFiles) return undefined;
  const { meta, tags, ...own } = config;
  const said: Readonly<Record<string, unknown>> = { ...(meta as Config | undefined), ...own };
  if (said.plugin !== undefined) {
    const hint = "Plugins are Python code: give it an 'external_location' that DuckDB reads by itself, or let dwh load it with load:.";
    table.problem('config-unsupported', `the source table '${source.name}' is read by the plugin '${String(said.plugin)}'`, hint, ['name']);
    return undefined;
  }
  const { external_location: location, formatter = 'newstyle' } = said;
  if (location === undefined || location === null) return undefined;
  const format = FORMATTERS[String(formatter)];
  if (!format) {
    const hint = `There are: ${Object.keys(FORMATTERS).join(', ')}`;
    table.problem('config-value', `the formatter of the external_location of '${source.name}' is '${String(formatter)}'`, hint, ['name']);
    return undefined;
  }
  const words = toTemplate({ ...source, tags, ...said }) as Dict;
  try {
    const found = format(String(location), words);
    // A call of a function, or quoted already.
    return found.includes('(') || found.startsWith("'") ? found : literal(found);
  } catch (error) {
    if (!(error instanceof DwhError)) throw error;
    const hint = `It may have: ${[...words.keys()].map((name) => text(name)).join(', ')}`;
    table.problem('config-value', `the external_location of '${source.name}' cannot be filled in: ${error.message}`, hint, ['name']);
    return undefined;
  }
}
