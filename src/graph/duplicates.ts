// Names and places that two nodes claim: one unique_id twice, one name for two kinds of node, one relation with two writers;
// and names that the warehouse would cut, so that they might meet.
import { locationText } from '../core/location.ts';
import type { Node } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import { type Relation, relationKey } from '../core/relation.ts';
import { versionOf } from '../core/versions.ts';
import { isRefable } from './resolve.ts';

const kind = (node: Node): string => node.resource_type.replace('_', ' ');
const shown = (node: Node): string => `${kind(node)} '${node.name}' (${locationText(node.at)})`;

/** The nodes without those whose id another has taken, and a problem for each of these. */
export function withoutDuplicates(nodes: readonly Node[]): { readonly nodes: readonly Node[]; readonly problems: readonly Problem[] } {
  const byId = new Map<string, Node>();
  const pairs: (readonly [taken: Node, node: Node])[] = [];
  for (const node of nodes) {
    const taken = byId.get(node.unique_id);
    if (taken) pairs.push([taken, node]);
    else byId.set(node.unique_id, node);
  }
  // One entry that made a test twice belongs to a model that is there twice: that is what has to be said.
  const apart = pairs.filter(([taken, node]) => locationText(taken.at) !== locationText(node.at));
  const problems = (apart.length > 0 ? apart : pairs).map(([taken, node]) => ({
    code: 'duplicate-name',
    at: node.at,
    message: `two ${kind(node)}s have the name '${node.name}': ${locationText(taken.at)} and ${locationText(node.at)}`,
    hint: `Rename one of them, or take it out; the id of both is ${node.unique_id}`,
  }));
  return { nodes: [...byId.values()], problems };
}

/**
 * A model and a seed of one package may share a name, as in dbt, but then ref() finds only one of them. A model has versions
 * or it has none.
 */
export function sharedNames(nodes: readonly Node[]): readonly Problem[] {
  const byName = new Map<string, Node>();
  const problems: Problem[] = [];
  for (const node of nodes.filter(isRefable)) {
    const key = `${node.package_name}\u0000${node.name}`;
    const first = byName.get(key);
    if (!first) byName.set(key, node);
    else if (first.resource_type === node.resource_type && (versionOf(first) === undefined) !== (versionOf(node) === undefined)) {
      const [plain, versioned] = versionOf(node) ? [first, node] : [node, first];
      problems.push({
        code: 'duplicate-name',
        at: plain.at,
        message: `'${plain.name}' has versions, as ${locationText(versioned.at)}, and this file is none of them`,
        hint: `List it among the versions:  - {v: …, defined_in: ${plain.name}}, or rename it`,
      });
    } else if (first.resource_type !== node.resource_type)
      problems.push({
        code: 'duplicate-name',
        severity: 'warning',
        at: node.at,
        message: `${shown(first)} and ${shown(node)} share a name: ref('${node.name}') is the ${kind(first)}`,
        hint: 'Rename one of them',
      });
  }
  return problems;
}

/** Where a node writes; undefined: it writes nothing, or reads what others have written. */
function written(node: Node): Relation | undefined {
  switch (node.resource_type) {
    case 'source':
      return node.load && node.relation;
    case 'model':
      return node.materialized === 'ephemeral' ? undefined : node.relation;
    case 'seed':
    case 'snapshot':
      return node.relation;
    default:
      return undefined;
  }
}

const relationText = ({ database, schema, identifier }: Relation): string =>
  [...(database === undefined ? [] : [database]), schema, identifier].join('.');

/** A server that cuts names without a word would take one relation for another. */
export function longNames(nodes: readonly Node[], maxBytes: number): readonly Problem[] {
  return nodes.flatMap((node): readonly Problem[] => {
    const { schema = '', identifier = '' } = written(node) ?? {};
    const long = [schema, identifier].find((name) => Buffer.byteLength(name) > maxBytes);
    if (long === undefined) return [];
    const hint = long === schema ? "Give it another 'schema'." : `Give it a shorter ${nameKey(node)}.`;
    const message = `the name '${long}' has ${Buffer.byteLength(long)} bytes, and the warehouse takes ${maxBytes}`;
    return [{ code: 'name-too-long', at: node.at, message, hint }];
  });
}

/** As what dwh builds beside a relation is called: it would be taken for what a killed run left, and dropped. */
const BESIDE = /__dwh_(?:next|stage|candidate|mark)$/i;

export function reservedNames(nodes: readonly Node[]): readonly Problem[] {
  return nodes.flatMap((node): readonly Problem[] => {
    const identifier = written(node)?.identifier ?? '';
    const ending = BESIDE.exec(identifier)?.[0];
    if (ending === undefined) return [];
    const message = `the name '${identifier}' ends with '${ending}', as what dwh builds beside a relation does`;
    return [{ code: 'name-reserved', at: node.at, message, hint: `Give it another ${nameKey(node)}.` }];
  });
}

/** What sets the name of the relation. */
const nameKey = (node: Node): string => (node.resource_type === 'source' ? "'identifier'" : "'alias'");

export function sharedRelations(nodes: readonly Node[]): readonly Problem[] {
  const writers = new Map<string, Node>();
  const problems: Problem[] = [];
  for (const node of nodes) {
    const relation = written(node);
    if (!relation) continue;
    const key = relationKey(relation);
    const first = writers.get(key);
    if (!first) writers.set(key, node);
    else
      problems.push({
        code: 'duplicate-relation',
        at: node.at,
        message: `${shown(first)} and ${shown(node)} both write ${relationText(relation)}`,
        hint: `Give one of them another ${[...new Set([first, node].map(nameKey))].join(' or ')}, or another 'schema'`,
      });
  }
  return problems;
}
