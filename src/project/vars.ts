// `vars`: --vars first, then the root project's for the package, its global ones, then the package's own file.
// https://docs.getdbt.com/docs/build/project-variables
import { isMapping } from '../core/config-reader.ts';

export interface Vars {
  find(name: string, packageName: string): unknown;
  names(packageName: string): Iterable<string>;
}

/** Instead of a package: --vars alone. */
export const GIVEN = '--vars';

type Mapping = Readonly<Record<string, unknown>>;

/** `projects`: the vars of each project file by package name, the root's first. */
export function varsOf(given: Mapping, projects: ReadonlyMap<string, Mapping>): Vars {
  const [rootName = '', rootVars = {}] = projects.entries().next().value ?? [];
  const layersOf = (packageName: string): Mapping[] => {
    if (packageName === GIVEN) return [given];
    const scoped = (vars: Mapping): Mapping => (isMapping(vars[packageName]) ? (vars[packageName] as Mapping) : {});
    const layers = [given, scoped(rootVars), rootVars];
    const own = packageName === rootName ? undefined : projects.get(packageName);
    if (own) layers.push(scoped(own), own);
    return layers;
  };
  const known = new Map<string, Mapping[]>();
  const layers = (packageName: string): Mapping[] => {
    const found = known.get(packageName) ?? layersOf(packageName);
    known.set(packageName, found);
    return found;
  };
  return {
    find(name, packageName) {
      const layer = layers(packageName).find((vars) => Object.hasOwn(vars, name));
      return layer?.[name];
    },
    names: (packageName) => new Set(layers(packageName).flatMap((vars) => Object.keys(vars).filter((name) => !projects.has(name)))),
  };
}
