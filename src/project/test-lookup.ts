// What a test's name means: a `{% test %}` of the user's or of a package, else dwh's own. The prefixes of the packages that
// dbt users take tests from reach dwh's own tests where the package is not installed.
import type { MacroLibrary } from '../context/index.ts';
import { type DataTest, dataTests } from '../data-tests/index.ts';

const COVERED_PACKAGES = ['dbt_utils', 'dbt_expectations', 'dbt'];

export interface FoundTest {
  /** dwh's own; undefined: a macro, called by its name. */
  readonly dataTest?: DataTest;
}

export function findTest(macros: MacroLibrary, name: string, namespace: string | undefined, from: string): FoundTest | undefined {
  const macro = `test_${name}`;
  if (namespace !== undefined && macros.hasPackage(namespace) && namespace !== 'dbt') return macros.inPackage(namespace, macro) && {};
  if (namespace !== undefined && !COVERED_PACKAGES.includes(namespace)) return undefined;
  if (namespace === undefined && macros.findUser(macro, from)) return {};
  const dataTest = dataTests.get(name);
  if (dataTest) return { dataTest };
  return macros.findBuiltin(macro) && {};
}

export function* knownTests(macros: MacroLibrary, from: string): Iterable<string> {
  yield* dataTests.keys();
  for (const name of macros.names(from)) if (name.startsWith('test_')) yield name.slice(5);
}
