// Which kinds of nodes a command works on, and how users name kinds: --resource-type model, or models.
import { nearestName } from '../core/nearest.ts';
import type { ResourceType } from '../core/node.ts';
import { fail } from '../core/problem.ts';

const names: Readonly<Record<string, readonly ResourceType[]>> = {
  model: ['model'],
  seed: ['seed'],
  snapshot: ['snapshot'],
  source: ['source'],
  test: ['test'],
  unit_test: ['unit_test'],
  analysis: ['analysis'],
  exposure: ['exposure'],
  // Parsed and passed over: there are none.
  metric: [],
  semantic_model: [],
  saved_query: [],
  function: ['function'],
  // Hooks cannot be asked for.
  operation: [],
};
const all = Object.values(names).flat();
const groups: Readonly<Record<string, readonly ResourceType[]>> = { all, default: all.filter((type) => type !== 'analysis') };
const plurals: Readonly<Record<string, string>> = { analyses: 'analysis', saved_queries: 'saved_query' };

/** 'models' and 'model' are one. Throws DwhError for a name that is neither a kind nor 'all' or 'default'. */
export function resourceTypes(written: string): readonly ResourceType[] {
  const name = written.trim().toLowerCase().replaceAll('-', '_');
  const singular = plurals[name] ?? (names[name] ? name : name.replace(/s$/, ''));
  const known = [...Object.keys(names), ...Object.keys(groups)];
  const near = nearestName(name, known);
  return (
    groups[name] ??
    names[singular] ??
    fail({
      code: 'resource-type',
      message: `there is no resource type '${written}'`,
      hint: near ? `Did you mean '${near}'?` : `There are: ${known.join(', ')}`,
    })
  );
}

const commands: Readonly<Record<string, readonly ResourceType[]>> = {
  run: ['source', 'model'],
  test: ['test', 'unit_test'],
  seed: ['seed'],
  snapshot: ['snapshot'],
  load: ['source'],
  clone: ['model', 'seed', 'snapshot'],
  freshness: ['source'],
  build: ['source', 'seed', 'snapshot', 'function', 'model', 'test', 'unit_test', 'exposure'],
  compile: ['model', 'seed', 'snapshot', 'function', 'test', 'analysis', 'operation'],
  'docs generate': ['source', 'model', 'seed', 'snapshot', 'function', 'test', 'analysis', 'operation'],
  lint: ['model', 'snapshot', 'function', 'test', 'analysis'],
  show: ['source', 'model', 'seed', 'snapshot', 'test', 'analysis'],
};

export interface TypeChoice {
  readonly command: string;
  /** False (--no-load): run and build take no sources. */
  readonly load: boolean;
  readonly only: readonly string[];
  readonly without: readonly string[];
}

/** What a selection may hold. Commands that run nothing (ls, …) take every kind, analyses only when they are asked for. */
export function selectableTypes({ command, load, only, without }: TypeChoice): ReadonlySet<ResourceType> {
  const possible = new Set(commands[command] ?? all);
  if (!load && (command === 'run' || command === 'build')) possible.delete('source');
  const wanted = only.length > 0 ? only.flatMap(resourceTypes) : (commands[command] ?? groups.default ?? all);
  const unwanted = new Set(without.flatMap(resourceTypes));
  return new Set(wanted.filter((type) => possible.has(type) && !unwanted.has(type)));
}
