// How a node is called in a report.
import type { NodeLabel } from '../core/event.ts';
import type { Manifest } from '../core/manifest.ts';
import type { Node, UnitTestNode } from '../core/node.ts';

/** A unit test of one version of its model bears the version. */
export const versionedName = ({ name, version }: UnitTestNode): string => (version === undefined ? name : `${name}_v${version}`);

function text(node: Node): string {
  switch (node.resource_type) {
    case 'model':
      return `${node.materialized} model ${node.relation.schema}.${node.relation.identifier}`;
    case 'seed':
      return `seed ${node.relation.schema}.${node.relation.identifier}`;
    case 'snapshot':
      return `snapshot ${node.relation.schema}.${node.relation.identifier}`;
    case 'source':
      return `load of ${node.source_name}.${node.name}`;
    case 'test':
      return `${node.test_kind === 'question' ? 'question' : 'test'} ${node.name}`;
    case 'unit_test':
      return `unit test ${node.model}::${versionedName(node)}`;
    case 'analysis':
      return `analysis ${node.name}`;
    case 'exposure':
      return `exposure ${node.name}`;
    case 'function':
      return `function ${node.relation.schema}.${node.relation.identifier}`;
    case 'operation':
      return `hook ${node.name}`;
  }
}

export const labelOf = (node: Node): NodeLabel => ({
  node: node.unique_id,
  resource_type: node.resource_type,
  label: text(node),
  file: node.at.file,
  line: node.at.line,
  name: node.name,
  path: node.path,
  materialized: 'materialized' in node ? node.materialized : node.resource_type === 'test' ? 'test' : '',
  ...('relation' in node && { relation: node.relation }),
});

const PLURALS: Readonly<Record<Node['resource_type'], string>> = {
  model: 'models',
  seed: 'seeds',
  snapshot: 'snapshots',
  source: 'sources',
  test: 'data tests',
  unit_test: 'unit tests',
  analysis: 'analyses',
  exposure: 'exposures',
  operation: 'operations',
  function: 'functions',
};

/** 'models: 12, sources: 2, …' of the whole project. */
export function foundIn(manifest: Manifest): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const node of manifest.nodes.values()) {
    const name = PLURALS[node.resource_type];
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return { ...counts, macros: manifest.macros.size };
}
