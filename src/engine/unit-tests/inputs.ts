// The inputs of a unit test: which relation each stands for, and the query that answers instead. What the model reads and
// nobody gave, and what was given and it does not read, are mistakes that are told by name.
import { nearestName } from '../../core/nearest.ts';
import { type GivenRows, isRelationNode, type ModelNode, type RelationNode, type UniqueId, type UnitTestNode } from '../../core/node.ts';
import { fail } from '../../core/problem.ts';
import { compareVersions, versionOf } from '../../core/versions.ts';
import type { Run } from '../run.ts';

export interface Input {
  readonly given: GivenRows;
  readonly parent: RelationNode;
  /** Of the CTE: as dbt has it, `__dbt__cte__` and the relation's name. */
  readonly name: string;
}

/** How a model names it. */
export function callText(parent: RelationNode): string {
  if (parent.resource_type === 'source') return `source('${parent.source_name}', '${parent.name}')`;
  const version = parent.resource_type === 'model' ? parent.extra.version : undefined;
  return `ref('${parent.name}'${version === undefined ? '' : `, v=${version}`})`;
}

/** What the model reads, itself or through ephemeral models that it carries with it. */
export function readBy(run: Run, model: ModelNode): readonly RelationNode[] {
  const found = new Map<UniqueId, RelationNode>();
  const walk = (node: RelationNode): void => {
    for (const id of node.depends_on) {
      const parent = run.manifest.nodes.get(id);
      if (!parent || !isRelationNode(parent) || found.has(id)) continue;
      found.set(id, parent);
      if (parent.resource_type === 'model' && parent.materialized === 'ephemeral') walk(parent);
    }
  };
  walk(model);
  return [...found.values()];
}

function isNamed({ call }: GivenRows, parent: RelationNode): boolean {
  switch (call.of) {
    case 'this':
      return false;
    case 'source':
      return parent.resource_type === 'source' && parent.source_name === call.source && parent.name === call.table;
    case 'ref': {
      if (parent.resource_type === 'source' || parent.name !== call.name) return false;
      if (call.package !== undefined && parent.package_name !== call.package) return false;
      return call.version === undefined || (parent.resource_type === 'model' && String(parent.extra.version) === String(call.version));
    }
  }
}

/** Without a version the latest is meant, where the model reads it. */
function parentOf(given: GivenRows, reads: readonly RelationNode[]): RelationNode | undefined {
  const named = reads.filter((one) => isNamed(given, one));
  const isLatest = (one: RelationNode): boolean => {
    const version = versionOf(one);
    return version === undefined || compareVersions(version.v, version.latest) === 0;
  };
  return named.find(isLatest) ?? named[0];
}

/** Throws DwhError. */
export function inputsOf(run: Run, test: UnitTestNode, model: ModelNode): readonly Input[] {
  const reads = readBy(run, model);
  const names = new Set<string>();
  const inputs: Input[] = [];
  for (const given of test.given) {
    const parent = given.call.of === 'this' ? model : parentOf(given, reads);
    if (!parent) return fail(unread(test, model, given, reads));
    if (inputs.some((one) => one.parent === parent))
      return fail({
        code: 'unit-test-input',
        message: `the input ${given.input} is given twice`,
        at: given.at,
        hint: 'Put all rows into one.',
      });
    let name = `__dbt__cte__${nameOf(parent)}`;
    while (names.has(name)) name += '_';
    names.add(name);
    inputs.push({ given, parent, name });
  }
  return inputs;
}

function nameOf(parent: RelationNode): string {
  const version = parent.resource_type === 'model' && parent.extra.version !== undefined ? `_v${parent.extra.version}` : '';
  return `${parent.resource_type === 'source' ? `${parent.source_name}__` : ''}${parent.name}${version}`.replace(/[^\w]/g, '_');
}

function unread(test: UnitTestNode, model: ModelNode, given: GivenRows, reads: readonly RelationNode[]) {
  const known = reads.map(callText);
  const near = nearestName(given.input, known);
  return {
    code: 'unit-test-input',
    message: `the unit test '${test.name}' gives ${given.input}, which the model '${model.name}' does not read`,
    at: given.at,
    hint: near ? `Did you mean ${near}?` : known.length > 0 ? `It reads: ${known.join(', ')}` : 'It reads nothing: take the input out.',
  };
}

export const notGiven = (test: UnitTestNode, model: ModelNode, what: string) => ({
  code: 'unit-test-input',
  message: `the model '${model.name}' reads ${what}, and the unit test '${test.name}' gives no rows for it`,
  at: test.at,
  hint: `Add under given:  - input: ${what}  and its rows; no rows at all are  rows: []`,
});
