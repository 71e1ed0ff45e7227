// Which nodes a command is about: manifest + what --select, --exclude, --selector and --resource-type say → ids.
import type { Manifest } from '../core/manifest.ts';
import type { Node, UniqueId } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import type { IndirectSelection, Selection } from '../core/request.ts';
import { fqnSelection } from './fqn-selection.ts';
import { type Found, withTests, withWaitingTests } from './indirect-selection.ts';
import { type Ids, type Neighbours, neighboursOf } from './neighbours.ts';
import type { Past } from './past.ts';
import { selectableTypes } from './resource-types.ts';
import { maxSuggestions, nothingFound, nothingLeft, passedOver } from './selection-warnings.ts';
import { defaultSelector, namedSelector } from './selector-definition.ts';
import { type Expression, type Hops, parseSelector, type Term } from './selector-grammar.ts';
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
  /** Which tests come along, where a term does not say itself. */
  readonly mode: IndirectSelection;
  /** No tests come along, whatever a term says. */
  readonly alone: boolean;
  readonly warnings: Problem[];
}

/** What the command will do with the selection: it decides which kinds of nodes are chosen. */
export interface SelectFor {
  readonly command: string;
  /** False: --no-load. */
  readonly load: boolean;
}

/** Throws DwhError for a selector that cannot be read. */
export function select(manifest: Manifest, selection: Selection, { command, load }: SelectFor, past: Past): SelectionResult {
  const types = selectableTypes({ command, load, only: selection.resourceTypes, without: selection.excludeResourceTypes });
  const expression = expressionOf(manifest, selection);
  // Hooks are nothing to choose, but where all is compiled they are, too.
  const hooks = types.has('operation');
  const nodes = [...manifest.nodes.values()].filter((node) => hooks || node.resource_type !== 'operation');
  const search: Search = {
    manifest,
    among: {
      nodes,
      projectName: manifest.project_name,
      macros: manifest.macros,
      past,
      byName: lazily(() => fqnSelection(nodes.filter((node) => node.resource_type !== 'source'))),
    },
    graph: neighboursOf(manifest),
    mode: selection.indirect,
    alone: false,
    warnings: [],
  };
  const { direct } = evaluate(expression, search);
  const selected = nodes.filter((node) => direct.has(node.unique_id));
  const ofKind = selected.filter((node) => types.has(node.resource_type));
  if (ofKind.length === 0 && selected.length > 0 && expression.kind !== 'all') search.warnings.push(nothingLeft(selected, command, types));
  // As in dbt, a file that is still empty is listed, and nothing is made of it.
  const empty = command === 'ls' || command === 'docs generate' ? [] : ofKind.filter(isEmpty);
  const chosen = ofKind.filter((node) => !empty.includes(node)).map((node) => node.unique_id);
  return { chosen, warnings: [...search.warnings, ...empty.map(passedOver)] };
}

const isEmpty = (node: Node): boolean => 'raw_code' in node && node.raw_code === '';

const lazily = <A, B>(make: () => (argument: A) => B): ((argument: A) => B) => {
  let made: ((argument: A) => B) | undefined;
  return (argument) => {
    made ??= make();
    return made(argument);
  };
};

/** A named selector stands for --select and --exclude, as in dbt; the default one when none of the three is given. */
function expressionOf({ selectors }: Manifest, { select: selected, exclude, selector }: Selection): Expression {
  const named = selector ?? (selected.length === 0 && exclude.length === 0 ? defaultSelector(selectors) : undefined);
  if (named !== undefined) return namedSelector(selectors, named);
  const from: Expression = selected.length === 0 ? { kind: 'all' } : parseSelector(selected);
  return exclude.length === 0 ? from : { kind: 'difference', from, without: parseSelector(exclude) };
}

const none: Ids = new Set();

function evaluate(expression: Expression, search: Search): Found {
  switch (expression.kind) {
    case 'all':
      return { direct: new Set(search.among.nodes.map((node) => node.unique_id)), indirect: none };
    case 'term':
      return evaluateTerm(expression, search);
    case 'word': {
      const told = search.warnings.length;
      const found = evaluate(expression.of, search);
      // A word in parentheses may have said it already.
      if (found.direct.size === 0 && search.warnings.length === told) {
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
    case 'around': {
      const { direct } = evaluate(expression.of, { ...search, alone: true });
      return withTests(reached(direct, expression.hops, search.graph), modeOf({}, search), search.manifest, search.graph);
    }
    case 'union':
    case 'intersection': {
      const parts = expression.parts.map((part) => evaluate(part, search));
      const combine = expression.kind === 'union' ? union : intersection;
      const found = { direct: combine(parts.map((part) => part.direct)), indirect: combine(parts.map(both)) };
      return { direct: withWaitingTests(found, modeOf(expression, search), search.manifest, search.graph), indirect: found.indirect };
    }
  }
}

const modeOf = (expression: { readonly indirect?: IndirectSelection }, { alone, mode }: Search): IndirectSelection =>
  alone ? 'empty' : (expression.indirect ?? mode);

function evaluateTerm(term: Term, search: Search): Found {
  const found = reached(findNodes(term, search.among), term, search.graph);
  return withTests(found, modeOf(term, search), search.manifest, search.graph);
}

/** What was found, and what lies around it. */
function reached(found: Ids, hops: Hops, graph: Neighbours): Ids {
  const sets = [found];
  if (hops.childrensParents) {
    const down = union([found, graph.descendants(found)]);
    sets.push(down, graph.ancestors(down));
  }
  if (hops.parents !== undefined) sets.push(graph.ancestors(found, hops.parents));
  if (hops.children !== undefined) sets.push(graph.descendants(found, hops.children));
  return union(sets);
}

/** Of a word that is one term, or several with commas between. */
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
