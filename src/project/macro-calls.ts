// Which macros a macro calls, as manifest.json has it: read from its text, since what it does while it runs depends on data.
import type { MacroEntry } from '../core/node.ts';

const COMMENT = /\{#[\s\S]*?#\}/g;
const TAG = /\{[{%]([\s\S]*?)[%}]\}/g;
/** Its own name, and not a call of a macro of that name. */
const HEADER = /^[-+]?\s*(?:macro|test|data_test)\s+\w+\s*\(/;
/** What adapter.dispatch is asked for; a name before a parenthesis, maybe of a package, that is no filter and no test; or a text. */
const CALL =
  /adapter\.dispatch\(\s*(?:macro_name\s*=\s*)?['"](\w+)['"](?:\s*,\s*(?:macro_namespace\s*=\s*)?['"](\w+)['"])?|(?<![.\w]|\|\s*|\bis\s+|\bis\s+not\s+)(?:(\w+)\.)?(\w+)\s*\(|'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/g;
/** They are never macros to dbt, even where a project has some of these names. */
const FUNCTIONS = new Set([
  ...['ref', 'source', 'config', 'var', 'env_var', 'return', 'log', 'print', 'set', 'set_strict', 'zip', 'zip_strict'],
  ...['fromjson', 'tojson', 'fromyaml', 'toyaml', 'diff_of_two_dicts', 'local_md5'],
]);

export interface MacroIndex {
  /** Unique ids, in the order of the calls, each once. */
  calls(text: Pick<MacroEntry, 'unique_id' | 'package_name' | 'macro_sql'>): readonly string[];
}

/** `prefixes`: of dispatch, nearest first: 'redshift', 'postgres', 'default'. */
export function macroIndex(
  macros: ReadonlyMap<string, MacroEntry>,
  root: string,
  builtin: string,
  prefixes: readonly string[],
): MacroIndex {
  const idOf = (packageName: string, name: string): string | undefined => {
    const id = `macro.${packageName}.${name}`;
    return macros.has(id) ? id : undefined;
  };
  /** What is built in asks the project first. */
  const near = (name: string, from: string): string | undefined =>
    (from === builtin ? undefined : idOf(from, name)) ?? idOf(root, name) ?? idOf(builtin, name);
  /** All that the project has of a macro comes before what the package has. */
  const dispatchedTo = (name: string, namespace: string | undefined, from: string): string | undefined => {
    const names = prefixes.map((prefix) => `${prefix}__${name}`);
    const ids =
      namespace === undefined
        ? names.map((one) => near(one, from))
        : [root, namespace].flatMap((packageName) => names.map((one) => idOf(packageName, one)));
    return ids.find((one) => one !== undefined);
  };
  return {
    calls(macro) {
      const found = new Set<string>();
      const add = (id: string | undefined): void => {
        if (id !== undefined && id !== macro.unique_id) found.add(id);
      };
      for (const [, inside = ''] of macro.macro_sql.replace(COMMENT, '').matchAll(TAG)) {
        for (const [, dispatched, namespace, packageName, name] of inside.replace(HEADER, '').matchAll(CALL)) {
          if (dispatched !== undefined) {
            // As in dbt: the macro of that name, too, which is what others call.
            add(near(dispatched, macro.package_name));
            add(dispatchedTo(dispatched, namespace, macro.package_name));
          } else if (name !== undefined && !(packageName === undefined && FUNCTIONS.has(name)))
            add(packageName === undefined ? near(name, macro.package_name) : idOf(packageName, name));
        }
      }
      return [...found];
    },
  };
}
