// Names → ids: a project's nodes, whose refs and sources are words, become a manifest whose every edge leads to a node.
// All that is wrong (missing names, circles, two nodes for one name or relation) is collected and thrown as one DwhError.
import { type Location, locationText } from '../core/location.ts';
import type { Manifest } from '../core/manifest.ts';
import type { DocEntry, FunctionCall, GroupEntry, MacroEntry, Node, RefCall, SourceCall, TestNode, UniqueId } from '../core/node.ts';
import { type Problem, throwIfAny } from '../core/problem.ts';
import { accessProblems, groupOf, refusedAccess } from './access.ts';
import { cycleProblem, findCycles } from './cycles.ts';
import { longNames, reservedNames, sharedNames, sharedRelations, withoutDuplicates } from './duplicates.ts';
import { type Missing, missingNames } from './missing.ts';
import { type Names, namesOf, type Resolution } from './resolve.ts';
import { firstOrder, topologicalOrder } from './topological-order.ts';
import { unfilteredBatches } from './unfiltered-batches.ts';

export interface LinkInput {
  readonly project_name: string;
  readonly adapter_type: string;
  /** Names of the packages, the root project first: where ref() looks. */
  readonly packageOrder: readonly string[];
  /** ref() looks in the caller's package before the root project. */
  readonly ownPackageFirst: boolean;
  /** Enabled ones. Those that an earlier parse left may be linked already, to nodes that are gone: what they depend on is found anew. */
  readonly nodes: readonly Node[];
  readonly disabled: readonly Node[];
  readonly macros: ReadonlyMap<string, MacroEntry>;
  readonly docs: ReadonlyMap<string, DocEntry>;
  readonly groups: readonly GroupEntry[];
  /** Packages that keep to themselves what is not public. */
  readonly restricted: readonly string[];
  readonly selectors: Readonly<Record<string, unknown>>;
  /** Of load and parse. */
  readonly warnings: readonly Problem[];
}

interface Access {
  readonly restricted: ReadonlySet<string>;
  /** There are groups. */
  readonly grouped: boolean;
}

interface Linked {
  /** Undefined: a test that is left out. */
  readonly node: Node | undefined;
  readonly problems: readonly Problem[];
}

/** Throws a DwhError with everything that is wrong. `maxIdentifierBytes`: the dialect's. */
export function link(project: LinkInput, maxIdentifierBytes = Number.POSITIVE_INFINITY): Manifest {
  const { nodes: given, problems: duplicates } = withoutDuplicates(project.nodes);
  const problems: Problem[] = [
    ...duplicates,
    ...sharedNames(given),
    ...sharedRelations(given),
    ...longNames(given, maxIdentifierBytes),
    ...reservedNames(given),
    ...accessProblems(given, project.groups),
  ];
  const names = namesOf(project.packageOrder, given, project.disabled, project.ownPackageFirst);
  const missing = missingNames(project.packageOrder, given, project.warnings);

  const access: Access = { restricted: new Set(project.restricted), grouped: project.groups.length > 0 };
  const nodes: Node[] = [];
  const leftOut: Node[] = [];
  for (const node of given) {
    const linked = linkNode(node, names, missing, access);
    problems.push(...linked.problems);
    if (linked.node) nodes.push(linked.node);
    else leftOut.push(unlinked(node));
  }

  // Sources depend on nothing. With all of them first, a test on a source and a model has the model as its last node. Nothing
  // depends on a test, so tests stand last, as they come, and need no ordering.
  const tests = nodes.filter(isTest);
  const others = nodes.filter((node) => !isTest(node));
  const input = [...others.filter(isSource), ...others.filter((node) => !isSource(node))];
  const byId = new Map(input.map((node) => [node.unique_id, node]));
  const { order, left } = firstOrder(input);
  if (left.length > 0) {
    const name = (id: UniqueId): string => byId.get(id)?.name ?? id;
    const place = (from: UniqueId, to: UniqueId): Location | undefined => placeOfEdge(byId.get(from), to, names);
    problems.push(...findCycles(input).map((cycle) => cycleProblem(cycle, name, place)));
  }
  throwIfAny(problems);

  return {
    project_name: project.project_name,
    adapter_type: project.adapter_type,
    nodes: new Map([...topologicalOrder(input, order).flatMap((id) => byId.get(id) ?? []), ...tests].map((node) => [node.unique_id, node])),
    disabled: new Map([...project.disabled.map((node) => attached(node, names)), ...leftOut].map((node) => [node.unique_id, node])),
    macros: project.macros,
    docs: project.docs,
    groups: project.groups,
    selectors: project.selectors,
    warnings: [...project.warnings, ...problems, ...unfilteredBatches(input, byId)],
  };
}

/** Without what an earlier link made of it. */
function unlinked(node: Node): Node {
  return node.resource_type === 'test'
    ? { ...node, attached_node: undefined, group: undefined, depends_on: [] }
    : { ...node, depends_on: [] };
}

/** A test that is disabled also knows of which node it is. */
function attached(node: Node, names: Names): Node {
  if (node.resource_type !== 'test' || !node.attached_to) return node;
  const found = attachedNode(node, attachedCall(node, node.attached_to), names);
  return found && 'node' in found ? { ...node, attached_node: found.node.unique_id } : node;
}

const isTest = (node: Node): boolean => node.resource_type === 'test' || node.resource_type === 'unit_test';
const isSource = (node: Node): boolean => node.resource_type === 'source';

type Call = RefCall | SourceCall | FunctionCall;

/** In the order in which dbt has them in `depends_on`: templates read it there. */
const callsOf = ({ refs, sources, functions }: Node): readonly Call[] =>
  sources.length === 0 && !functions ? refs : [...sources, ...refs, ...(functions ?? [])];
const resolveCall = (call: Call, from: Node, names: Names): Resolution =>
  'source' in call
    ? names.source(call, from.package_name)
    : 'function' in call
      ? names.function(call, from.package_name)
      : names.ref(call, from.package_name);
const problemOf = (call: Call, disabled: Node | undefined, missing: Missing): Problem =>
  'source' in call ? missing.source(call, disabled) : 'function' in call ? missing.function(call, disabled) : missing.ref(call, disabled);

function linkNode(given: Node, names: Names, missing: Missing, { restricted, grouped }: Access): Linked {
  const node = given.resource_type === 'test' && (grouped || given.group !== undefined) ? withGroup(given, names) : given;
  if (node.resource_type !== 'test' && callsOf(node).length === 0) return { node, problems: [] };
  const ids = new Set<UniqueId>();
  const problems: Problem[] = [];
  for (const call of callsOf(node)) {
    const found = resolveCall(call, node, names);
    if (found && 'node' in found) {
      ids.add(found.node.unique_id);
      const refused = refusedAccess(node, found.node, call.at, restricted);
      if (refused) problems.push(refused);
      if (found.rivals.length > 0) problems.push(ambiguous(call, node, [found.node, ...found.rivals]));
      continue;
    }
    const problem = problemOf(call, found?.disabled, missing);
    if (node.resource_type === 'test') return leftOut(node, problem, names);
    problems.push(problem);
  }
  return node.resource_type === 'test' ? linkTest(node, ids, problems, names, missing) : { node: dependingOn(node, ids), problems };
}

/** The node itself where an earlier link found the same: most are as they were. */
const dependingOn = (node: Node, ids: ReadonlySet<UniqueId>): Node =>
  isList(node.depends_on, ids) ? node : { ...node, depends_on: [...ids] };

const isList = (list: readonly UniqueId[], ids: ReadonlySet<UniqueId>): boolean => {
  let index = 0;
  for (const id of ids) if (list[index++] !== id) return false;
  return index === list.length;
};

const attachedCall = (test: TestNode, to: NonNullable<TestNode['attached_to']>): Call =>
  to.kind === 'node'
    ? { name: to.name, package: test.package_name, ...(to.version !== undefined && { version: to.version }), at: test.at }
    : { source: to.source, table: to.table, at: test.at };

/** Of the package whose properties declare the test; else another's: a project may test what a package brings. */
function attachedNode(test: TestNode, call: Call, names: Names): Resolution {
  const own = resolveCall(call, test, names);
  if (own || 'source' in call) return own;
  const { package: _own, ...anywhere } = call;
  return resolveCall(anywhere, test, names);
}

/** A test is in the group of the node that it is declared at. */
function withGroup(test: TestNode, names: Names): TestNode {
  const found = test.attached_to && attachedNode(test, attachedCall(test, test.attached_to), names);
  const group = found && 'node' in found ? groupOf(found.node) : undefined;
  return group === test.group ? test : { ...test, group };
}

/** A test also depends on the node whose properties declare it. */
function linkTest(test: TestNode, ids: Set<UniqueId>, problems: readonly Problem[], names: Names, missing: Missing): Linked {
  const { attached_to } = test;
  if (!attached_to) return { node: dependingOn(test, ids), problems };
  const call = attachedCall(test, attached_to);
  const found = attachedNode(test, call, names);
  if (found && 'node' in found) {
    const { unique_id } = found.node;
    ids.add(unique_id);
    const isAsBefore = test.attached_node === unique_id && isList(test.depends_on, ids);
    return { node: isAsBefore ? test : { ...test, attached_node: unique_id, depends_on: [...ids] }, problems };
  }
  const left = leftOut(test, problemOf(call, found?.disabled, missing), names);
  return { ...left, problems: [...problems, ...left.problems] };
}

/** With a node that is disabled go its own tests, without a word. */
function leftOut(test: TestNode, problem: Problem, names: Names): Linked {
  const found = test.attached_to && resolveCall(attachedCall(test, test.attached_to), test, names);
  const message = `test '${test.name}' is left out: ${problem.message}`;
  return {
    node: undefined,
    problems: found && !('node' in found) && found.disabled ? [] : [{ ...problem, code: 'test-left-out', severity: 'warning', message }],
  };
}

/** Of several packages a ref has to name one; source() cannot, and means the first. */
function ambiguous(call: Call, from: Node, fitting: readonly Node[]): Problem {
  const found = fitting.map((node) => `${node.unique_id} (${locationText(node.at)})`).join(', ');
  if ('source' in call) {
    return {
      code: 'source-ambiguous',
      severity: 'warning',
      at: call.at,
      message: `source('${call.source}', '${call.table}') is in several packages, and is taken from '${fitting[0]?.package_name}': ${found}`,
      hint: 'Declare it in the project, or disable the others there: sources: {package: {+enabled: false}}',
    };
  }
  const [name, version] = 'function' in call ? [call.function, undefined] : [call.name, call.version];
  const word = 'function' in call ? 'function' : 'ref';
  const versionText = version === undefined ? '' : `, v=${typeof version === 'number' ? version : `'${version}'`}`;
  const written = (packageName?: string): string =>
    `${word}(${packageName === undefined ? '' : `'${packageName}', `}'${name}'${versionText})`;
  return {
    code: 'ref-ambiguous',
    at: call.at,
    message: `${written()} fits nodes of several packages, none of them the project's or those of '${from.package_name}': ${found}`,
    hint: `Name the package: ${fitting.map((node) => written(node.package_name)).join(' or ')}`,
  };
}

/** Where `from` names `to`: found again when a circle is shown, so that linking need not keep it. */
function placeOfEdge(from: Node | undefined, to: UniqueId, names: Names): Location | undefined {
  const call =
    from &&
    callsOf(from).find((one) => {
      const found = resolveCall(one, from, names);
      return found && 'node' in found && found.node.unique_id === to;
    });
  return call ? call.at : from?.at;
}
