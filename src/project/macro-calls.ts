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
  return {
    calls(macro) {
      const found = new Set<string>();
      for (const [, inside = ''] of macro.macro_sql.matchAll(TAG)) {
        for (const [, dispatched, namespace, packageName, name = ''] of inside.matchAll(CALL)) {
          const ids =
            dispatched === undefined
              ? [packageName === undefined ? near(name, macro.package_name) : idOf(packageName, name)]
              : prefixes.map((prefix) =>
                  namespace === undefined
                    ? near(`${prefix}__${dispatched}`, macro.package_name)
                    : (idOf(root, `${prefix}__${dispatched}`) ?? idOf(namespace, `${prefix}__${dispatched}`)),
                );
          const id = ids.find((one) => one !== undefined);
          if (id !== undefined && id !== macro.unique_id) found.add(id);
        }
      }
      return [...found];
    },
  };
}
