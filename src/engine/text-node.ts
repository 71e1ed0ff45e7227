// A text that is no file of the project, as a node: it may ref() anything.
import type { Location } from '../core/location.ts';
import type { AnalysisNode, UniqueId } from '../core/node.ts';
import type { Run } from './run.ts';

export interface Text {
  readonly unique_id: UniqueId;
  readonly name: string;
  readonly package_name: string;
  readonly file: string;
  readonly fqn: readonly string[];
  readonly at: Location;
  readonly sql: string;
}

export const textNode = (run: Run, { unique_id, name, package_name, file, fqn, at, sql }: Text): AnalysisNode => ({
  unique_id,
  resource_type: 'analysis',
  name,
  alias: name,
  relation: { schema: run.scope.schema, identifier: name },
  package_name,
  path: file,
  original_file_path: file,
  fqn,
  at,
  description: '',
  config: {},
  tags: [],
  meta: {},
  columns: [],
  checksum: '',
  refs: [],
  sources: [],
  depends_on_macros: [],
  depends_on: [...run.manifest.nodes.keys()],
  raw_code: sql,
});
