// Which macros a macro calls, as manifest.json has it: read from its text, since what it does while it runs depends on data.
import type { MacroEntry } from '../core/node.ts';

const TAG = /\{[{%]([\s\S]*?)[%}]\}/g;
/** What adapter.dispatch is asked for; a text, in which nothing is called; a name before a parenthesis, maybe of a package. */
const CALL =
  /adapter\.dispatch\(\s*['"](\w+)['"](?:\s*,\s*(?:macro_namespace\s*=\s*)?['"](\w+)['"])?|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(?:\b(\w+)\.)?\b(\w+)\s*\(/g;

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
      for (const [, inside = ''] of macro.macro_sql.matchAll(TAG)) {
        for (const [, dispatched, namespace, packageName, name = ''] of inside.matchAll(CALL)) {
          const id =
            dispatched !== undefined
              ? dispatchedTo(dispatched, namespace, macro.package_name)
              : packageName === undefined
                ? near(name, macro.package_name)
                : idOf(packageName, name);
          if (id !== undefined && id !== macro.unique_id) found.add(id);
        }
      }
      return [...found];
    },
  };
}
