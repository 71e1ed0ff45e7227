// A word of a selection: names of nodes, or the values of a method, behind the operators that stand before it.
import type { KnownNames } from '../../project/known-names.ts';
import { RESOURCE_TYPES } from '../options.ts';

const NONE: KnownNames = {
  nodes: [],
  sources: [],
  tests: [],
  exposures: [],
  tags: [],
  groups: [],
  packages: [],
  files: [],
  materialized: [],
  selectors: [],
  macros: [],
};

const METHODS: Readonly<Record<string, (names: KnownNames) => readonly string[]>> = {
  access: () => ['private', 'protected', 'public'],
  'config.materialized': ({ materialized }) => materialized,
  exposure: ({ exposures }) => exposures,
  file: ({ files }) => [...new Set(files.map((path) => path.slice(path.lastIndexOf('/') + 1)))].sort(),
  fqn: ({ nodes }) => nodes,
  git: () => [],
  group: ({ groups }) => groups,
  package: ({ packages }) => ['this', ...packages],
  path: ({ files }) => files,
  resource_type: () => RESOURCE_TYPES.filter((type) => type !== 'all' && type !== 'default'),
  result: () => ['error', 'fail', 'pass', 'skipped', 'success', 'warn'],
  selector: ({ selectors }) => selectors,
  source: ({ sources }) => sources,
  source_status: () => ['error', 'fresher', 'pass', 'warn'],
  state: () => ['modified', 'new', 'old', 'unmodified'],
  tag: ({ tags }) => tags,
  test_name: () => [],
  test_type: () => ['data', 'generic', 'singular', 'unit'],
  unit_test: () => [],
  version: () => ['latest', 'none', 'old', 'prerelease'],
};

/** `current`: '1+tag:ni', 'a,b'. Whole words: what stands before the last part stays before it. */
export function selectionCandidates(current: string, names: KnownNames = NONE): readonly string[] {
  const [before = '', part = ''] = /^(.*[, (])?(.*)$/s.exec(current)?.slice(1) ?? [];
  const [operators = '', word = ''] = /^(!?(?:@|\d*\+)?)(.*)$/s.exec(part)?.slice(1) ?? [];
  const lead = `${before}${operators}`;
  const colon = word.indexOf(':');
  const method = METHODS[word.slice(0, Math.max(0, colon))];
  if (colon >= 0) {
    const value = word.slice(colon + 1);
    const all = method?.(names) ?? [];
    const found = word.startsWith('path:') ? nextSteps(all, value) : all.filter((one) => one.startsWith(value));
    return found.map((one) => `${lead}${word.slice(0, colon + 1)}${one}`);
  }
  const methods = Object.keys(METHODS).map((name) => `${name}:`);
  return [...names.nodes, ...methods].filter((one) => one.startsWith(word)).map((one) => `${lead}${one}`);
}

/** One folder at a time, as a shell completes paths. */
function nextSteps(paths: readonly string[], typed: string): readonly string[] {
  const steps = paths
    .filter((path) => path.startsWith(typed))
    .map((path) => {
      const slash = path.indexOf('/', typed.length);
      return slash < 0 ? path : path.slice(0, slash + 1);
    });
  return [...new Set(steps)];
}
