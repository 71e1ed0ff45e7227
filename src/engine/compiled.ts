// What was compiled in this run: target/compiled/, and the compiled parts that manifest.json has of a node.
import type { Node, UniqueId } from '../core/node.ts';
import type { Compiled } from './compile.ts';
import type { Run } from './run.ts';

/** By unique_id; ephemeral models among them, as soon as a node carries them. */
export type CompiledNodes = Map<UniqueId, Compiled>;

/** `batch`: of a model that is made in parts, which one. */
export function keepCompiled(run: Run, node: Node, compiled: Compiled, batch?: string): void {
  run.files.writeCompiled(node, compiled.sql, batch);
  run.compiled.set(node.unique_id, compiled);
  for (const cte of compiled.ctes) run.compiled.set(cte.id, cte.whole);
}

export const compiledJson = ({ sql, ctes }: Compiled, path: string): Readonly<Record<string, unknown>> => ({
  compiled: true,
  compiled_code: sql,
  compiled_path: path,
  extra_ctes_injected: true,
  extra_ctes: ctes.map(({ id, name, sql: body }) => ({ id, sql: ` ${name} as (\n${body}\n)` })),
});
