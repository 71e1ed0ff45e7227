// Which nodes a command is about: manifest + what --select, --exclude, --selector and --resource-type say → ids.
import { isMapping } from '../core/config-reader.ts';
import type { Manifest } from '../core/manifest.ts';
import { nearestName } from '../core/nearest.ts';
import type { UniqueId } from '../core/node.ts';
import { fail, type Problem } from '../core/problem.ts';
import type { IndirectSelection, Selection } from '../core/request.ts';
import { fqnSelection } from './fqn-selection.ts';
import { type Found, withTests, withWaitingTests } from './indirect-selection.ts';
import { type Ids, type Neighbours, neighboursOf } from './neighbours.ts';
import { selectableTypes } from './resource-types.ts';
import { maxSuggestions, nothingFound, nothingLeft } from './selection-warnings.ts';
import { type Expression, parseSelector, type Term } from './selector-grammar.ts';
import { findNodes, type Selectable } from './selector-methods.ts';

export interface SelectionResult {
  /** In the manifest's order. */
  readonly chosen: readonly UniqueId[];
  /** For words that match nothing. */
  readonly warnings: readonly Problem[];
}

interface Search {
  readonly manifest: Manifest;
  readonly among: Selectable;
  readonly graph: Neighbours;
  readonly mode: IndirectSelection;
  readonly warnings: Problem[];
}

/** What the command will do with the selection: it decides which kinds of nodes are chosen. */
export interface SelectFor {
  readonly command: string;
  /** False: --no-load. */
  readonly load: boolean;
}

/** Throws DwhError for a selector that cannot be read. */
export function select(manifest: Manifest, selection: Selection, { command, load }: SelectFor): SelectionResult {
  const types = selectableTypes({ command, load, only: selection.resourceTypes, without: selection.excludeResourceTypes });
  const expression = expressionOf(manifest, selection);
  const nodes = [...manifest.nodes.values()].filter((node) => node.resource_type !== 'operation');
  const search: Search = {
    manifest,
    among: {
      nodes,
      projectName: manifest.project_name,
      byName: lazily(() => fqnSelection(nodes.filter((node) => node.resource_type !== 'source'))),
    },
    graph: neighboursOf(manifest),
    mode: selection.indirect,
    warnings: [],
  };
  const { direct } = evaluate(expression, search);
  const selected = nodes.filter((node) => direct.has(node.unique_id));
  const chosen = selected.filter((node) => types.has(node.resource_type)).map((node) => node.unique_id);
  if (chosen.length === 0 && selected.length > 0 && expression.kind !== 'all') search.warnings.push(nothingLeft(selected, command, types));
  return { chosen, warnings: search.warnings };
}

const lazily = <A, B>(make: () => (argument: A) => B): ((argument: A) => B) => {
  let made: ((argument: A) => B) | undefined;
  return (argument) => {
    made ??= make();
    return made(argument);
  };
};

/** A named selector stands for --select and --exclude, as in dbt; the default one when none of the three is given. */
function expressionOf(manifest: Manifest, { select: selected, exclude, selector }: Selection): Expression {
  const named = selector ?? (selected.length === 0 && exclude.length === 0 ? defaultSelector(manifest) : undefined);
  if (named !== undefined) return parseSelector([selectorText(manifest, named)]);
  const from: Expression = selected.length === 0 ? { kind: 'all' } : parseSelector(selected);
  return exclude.length === 0 ? from : { kind: 'difference', from, without: parseSelector(exclude) };
}

const defaultSelector = ({ selectors }: Manifest): string | undefined =>
  Object.keys(selectors).find((name) => isMapping(selectors[name]) && selectors[name].default === true);

/** Definitions that are text; those of mappings are not read yet. */
function selectorText({ selectors }: Manifest, name: string): string {
  const known = Object.keys(selectors);
  if (!known.includes(name)) {
    const near = nearestName(name, known);
    const others = known.length === 0 ? 'The project has no selectors.yml' : `There are: ${known.join(', ')}`;
    fail({ code: 'selector-not-found', message: `there is no selector '${name}'`, hint: near ? `Did you mean '${near}'?` : others });
  }
  const entry = selectors[name];
  const definition = isMapping(entry) ? entry.definition : entry;
  if (typeof definition === 'string') return definition;
  return fail({
    code: 'selector-definition',
    message: `the definition of selector '${name}' is not text: dwh reads definitions like 'tag:nightly+', and none made of mappings yet`,
    hint: 'Write the definition as text, or use --select and --exclude',
  });
}

const none: Ids = new Set();

function evaluate(expression: Expression, search: Search): Found {
  switch (expression.kind) {
    case 'all':
      return { direct: new Set(search.among.nodes.map((node) => node.unique_id)), indirect: none };
    case 'term':
      return evaluateTerm(expression, search);
    case 'word': {
      const found = evaluate(expression.of, search);
      if (found.direct.size === 0) {
        const suggests = search.warnings.length < maxSuggestions;
        search.warnings.push(nothingFound(expression.raw, termsOf(expression.of), search.among, search.manifest, suggests));
      }
      return found;
    }
    case 'difference': {
      const from = evaluate(expression.from, search);
      const without = evaluate(expression.without, search);
      return { direct: minus(from.direct, without.direct), indirect: minus(both(from), both(without)) };
    }
    case 'union':
    case 'intersection': {
      const parts = expression.parts.map((part) => evaluate(part, search));
      const combine = expression.kind === 'union' ? union : intersection;
      const found = { direct: combine(parts.map((part) => part.direct)), indirect: combine(parts.map(both)) };
      return { direct: withWaitingTests(found, search.mode, search.manifest, search.graph), indirect: found.indirect };
    }
  }
}

function evaluateTerm(term: Term, { manifest, among, graph, mode }: Search): Found {
  const found = findNodes(term, among);
  const sets = [found];
  if (term.childrensParents) {
    const down = union([found, graph.descendants(found)]);
    sets.push(down, graph.ancestors(down));
  }
  if (term.parents !== undefined) sets.push(graph.ancestors(found, term.parents));
  if (term.children !== undefined) sets.push(graph.descendants(found, term.children));
  return withTests(union(sets), mode, manifest, graph);
}

const termsOf = (expression: Expression): readonly Term[] =>
  expression.kind === 'term' ? [expression] : expression.kind === 'intersection' ? expression.parts.flatMap(termsOf) : [];

const both = ({ direct, indirect }: Found): Ids => (indirect.size === 0 ? direct : union([direct, indirect]));
const union = (sets: readonly Ids[]): Ids => {
  if (sets.length === 1 && sets[0]) return sets[0];
  const all = new Set<UniqueId>();
  for (const set of sets) for (const id of set) all.add(id);
  return all;
};
const intersection = ([first = none, ...rest]: readonly Ids[]): Ids => new Set([...first].filter((id) => rest.every((set) => set.has(id))));
const minus = (from: Ids, without: Ids): Ids => new Set([...from].filter((id) => !without.has(id)));
