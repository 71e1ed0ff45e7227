// Macros by package and name, and the order in which an unqualified name is looked up: the package in which the call is
// written, the root project, dwh's own (package 'dbt'). A call written in dwh's own macros asks the root project first, so
// that users override built-ins.
import { nearestName } from '../core/nearest.ts';
import type { MacroDefinition } from '../template/index.ts';

export const BUILTIN_PACKAGE = 'dbt';

export interface LibraryMacro {
  readonly definition: MacroDefinition;
  /** 'macro.shop.cents_to_dollars' */
  readonly unique_id: string;
  readonly package: string;
}

export interface MacroLibrary {
  readonly root: string;
  /** What the name means in a file of package `from`: its own package, then the root project; not dwh's own. */
  findUser(name: string, from: string): LibraryMacro | undefined;
  /** dwh's own. */
  findBuiltin(name: string): LibraryMacro | undefined;
  find(name: string, from: string): LibraryMacro | undefined;
  inPackage(packageName: string, name: string): LibraryMacro | undefined;
  /** In the root project, then in any package, then among dwh's own. */
  anywhere(name: string): LibraryMacro | undefined;
  /** Of all macros, the one whose name is nearest: 'package.name' where it is not the root project's. */
  nearest(name: string): string | undefined;
  hasPackage(packageName: string): boolean;
  names(from: string): Iterable<string>;
  /** adapter.dispatch: `<adapter>__name`, its parents', `default__name`, package by package. */
  dispatch(name: string, namespace: string | undefined, from: string): LibraryMacro | undefined;
  /** What dispatch looked for, for the error. */
  dispatchNames(name: string, namespace: string | undefined, from: string): readonly string[];
}

export interface LibraryOptions {
  readonly root: string;
  readonly adapterType: string;
  readonly adapterParents: readonly string[];
  /** `dispatch:` of the project: namespace → packages in their order. */
  readonly searchOrder?: ReadonlyMap<string, readonly string[]>;
}

export function macroLibrary(
  macros: readonly { readonly definition: MacroDefinition; readonly unique_id: string }[],
  options: LibraryOptions,
): MacroLibrary {
  const packages = new Map<string, Map<string, LibraryMacro>>();
  for (const { definition, unique_id } of macros) {
    const names = packages.get(definition.package) ?? new Map<string, LibraryMacro>();
    packages.set(definition.package, names);
    names.set(definition.name, { definition, unique_id, package: definition.package });
  }
  const { root } = options;
  const prefixes = [options.adapterType, ...options.adapterParents, 'default'];
  const inPackage = (packageName: string, name: string): LibraryMacro | undefined => packages.get(packageName)?.get(name);
  const findBuiltin = (name: string): LibraryMacro | undefined => inPackage(BUILTIN_PACKAGE, name);
  const findUser = (name: string, from: string): LibraryMacro | undefined =>
    (from === BUILTIN_PACKAGE ? undefined : inPackage(from, name)) ?? inPackage(root, name);

  const packagesFor = (namespace: string | undefined, from: string): readonly string[] => {
    const chosen = namespace === undefined ? undefined : options.searchOrder?.get(namespace);
    if (chosen) return chosen;
    if (namespace === undefined) return [...new Set([...(from === BUILTIN_PACKAGE || from === '' ? [] : [from]), root, BUILTIN_PACKAGE])];
    return [...new Set([root, namespace])];
  };

  return {
    root,
    findUser,
    findBuiltin,
    find: (name, from) => findUser(name, from) ?? findBuiltin(name),
    inPackage,
    anywhere(name) {
      const order = [root, ...[...packages.keys()].filter((one) => one !== root && one !== BUILTIN_PACKAGE), BUILTIN_PACKAGE];
      return order.map((packageName) => inPackage(packageName, name)).find((found) => found !== undefined);
    },
    nearest(name) {
      const all = [...packages].flatMap(([packageName, macros]) => [...macros.keys()].map((one) => [packageName, one] as const));
      const dotted = name.includes('.');
      const shown = ([packageName, one]: readonly [string, string]): string => `${packageName}.${one}`;
      const near = nearestName(
        name,
        all.map((one) => (dotted ? shown(one) : one[1])),
      );
      const found = all.find((one) => (dotted ? shown(one) : one[1]) === near);
      return found && (found[0] === root ? found[1] : shown(found));
    },
    hasPackage: (packageName) => packages.has(packageName),
    *names(from) {
      for (const packageName of new Set([from, root, BUILTIN_PACKAGE])) yield* packages.get(packageName)?.keys() ?? [];
    },
    dispatch(name, namespace, from) {
      for (const packageName of packagesFor(namespace, from)) {
        for (const prefix of prefixes) {
          const found = inPackage(packageName, `${prefix}__${name}`);
          if (found) return found;
        }
      }
      return undefined;
    },
    dispatchNames: (name, namespace, from) =>
      packagesFor(namespace, from).flatMap((packageName) => prefixes.map((prefix) => `${packageName}.${prefix}__${name}`)),
  };
}
